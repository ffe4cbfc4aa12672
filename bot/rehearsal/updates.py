"""The bot's queue of updates: getUpdates as Telegram answers it (https://core.telegram.org/bots/api#getupdates)."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from bot.rehearsal.refused import Refused

Json = dict[str, Any]

#: Kinds that come only to a bot that asks for them.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
#: A bot that polled this many real seconds ago counts as running.
RUNNING_FOR = 2.0
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Updates in order, kept until a later offset confirms them."""

    def __init__(self) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self._next = 1001
        self._waiting: asyncio.Future[None] | None = None
        self._last_poll: float | None = None

    @property
    def running(self) -> bool:
        """Whether a bot polls: one waits now, or did within the last two real seconds."""
        recent = self._last_poll is not None and time.monotonic() - self._last_poll < RUNNING_FOR
        return self._waiting is not None or recent

    def wants(self, kind: str) -> bool:
        """Whether an update of this kind is kept, by the last ``allowed_updates`` (empty: the default)."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def push(self, kind: str, content: Any) -> int | None:
        """Queue one update and return its id, or None if the bot does not want its kind."""
        if not self.wants(kind):
            return None
        return self.push_raw({kind: content})

    def push_raw(self, update: Json) -> int:
        """Queue an update of any shape; its ``update_id`` is filled in."""
        number = self._next
        self._next += 1
        self.pending.append({"update_id": number} | {k: v for k, v in update.items() if k != "update_id"})
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        return number

    async def poll(
        self, *, offset: int = 0, limit: int = 100, timeout_s: int = 0, allowed: list[str] | None = None
    ) -> list[Json]:
        """The updates from ``offset`` on; waits up to ``timeout_s`` real seconds for the first.

        Earlier ones are confirmed and forgotten. A negative offset keeps only that many from the end.
        A poll that waits already is ended with 409 by a newer one.
        """
        if allowed is not None:
            self.allowed = frozenset(allowed)
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Refused(409, CONFLICT))
        self._waiting = None
        if not self.pending and timeout_s:
            await self._wait(timeout_s)
        self._last_poll = time.monotonic()
        return self.pending[: min(max(limit, 1), 100)]

    async def _wait(self, timeout_s: float) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting = mine
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await mine
        except asyncio.CancelledError:
            # The bot has gone away while it waited.
            self._last_poll = None
            raise
        finally:
            if self._waiting is mine:
                self._waiting = None
