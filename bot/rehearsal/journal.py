"""Every call that the bot made, in order: what tests look at. It is kept in memory only."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.rehearsal.changes import Changes

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    """One call. ``status`` is None while it is under way or held, 0 if the connection was dropped."""

    n: int
    method: str
    params: Json
    at: int
    status: int | None = None
    description: str | None = None
    held: bool = False
    unknown: bool = False

    def as_json(self) -> Json:
        """For the control interface; ``unknown`` and ``held`` are there only if true."""
        given = asdict(self)
        return {key: value for key, value in given.items() if value is not False}


@dataclass(slots=True)
class Journal:
    """The calls so far. ``changes`` is bumped when one is finished or held."""

    calls: list[Call] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def begin(self, method: str, params: Json, at: int) -> Call:
        """Note a call that has come in at ``at`` (Unix seconds of world time)."""
        call = Call(len(self.calls) + 1, method, params, at)
        self.calls.append(call)
        return call

    def finish(self, call: Call, status: int, description: str | None = None) -> None:
        """Note how it was answered."""
        call.held, call.status, call.description = False, status, description
        self.changes.bump()

    def hold(self, call: Call) -> None:
        """Note that it is being held."""
        call.held = True
        self.changes.bump()

    def since(self, n: int, method: str | None = None) -> list[Call]:
        """Calls after number ``n``, of one method if named."""
        return [call for call in self.calls[n:] if method in (None, call.method)]
