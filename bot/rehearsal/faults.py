"""Faults that a test asks for: refusals, broken connections, and calls that hang."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.refused import NotAllowed, Refused

Json = dict[str, Any]

#: Faults that answer with this error; the others break or hold the connection.
ERRORS = {
    "400": "Bad Request: a rehearsed fault",
    "403": "Forbidden: a rehearsed fault",
    "429": "Too Many Requests: retry after {retry_after}",
    "500": "Internal Server Error",
    "502": "Bad Gateway",
}
#: Before the call takes effect: drop, hold. After: drop_after, hold_after. `timeout` never takes effect.
KINDS = frozenset({*ERRORS, "timeout", "drop", "drop_after", "hold", "hold_after"})


@dataclass(slots=True)
class Fault:
    """One fault, for the next ``times`` calls of ``method`` ("*": any but getUpdates), to ``chat_id`` if given."""

    method: str
    kind: str
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    description: str | None = None

    def error(self) -> Refused:
        """What the bot is answered. KeyError if this fault is not an error."""
        text = self.description or ERRORS[self.kind].format(retry_after=self.retry_after)
        parameters = {"retry_after": self.retry_after} if self.kind == "429" else None
        return Refused(int(self.kind), text, parameters)


class Faults:
    """The faults that wait for their call, and the gate that held calls wait at."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._gate = asyncio.Event()
        self._cleared = asyncio.Event()

    def add(self, asked: Json) -> None:
        """Add one. NotAllowed (400) if the server does not know its kind or a field."""
        try:
            fault = Fault(**asked)
        except TypeError:
            raise NotAllowed("A fault has method, kind, times, chat_id, retry_after and description.", 400) from None
        if fault.kind not in KINDS:
            raise NotAllowed(f"There is no kind of fault called {fault.kind}.", 400)
        self._waiting.append(fault)

    def take(self, method: str, params: Json) -> Fault | None:
        """The fault for this call, counted down."""
        for fault in self._waiting:
            named = fault.method == method or (fault.method == "*" and method != "getUpdates")
            if named and fault.chat_id in (None, params.get("chat_id")):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget all faults; held calls and those timing out go on."""
        self._waiting.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()
        self.release()

    def release(self) -> None:
        """Let the calls that are held now go on."""
        self._gate.set()
        self._gate = asyncio.Event()

    async def held(self) -> None:
        """Wait for the next release."""
        await self._gate.wait()

    async def cleared(self) -> None:
        """Wait until the faults are cleared."""
        await self._cleared.wait()
