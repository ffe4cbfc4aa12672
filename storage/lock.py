"""One instance runs: the lock in the database, held by a heartbeat.

Telegram's 409 would hit the poll that was there first, which is the healthy one; so the second instance is
turned away here, before it polls.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.errors import AlreadyRunning
from storage.tables import LockRow

#: A holder that has been silent for this long is taken for dead.
SILENCE = timedelta(seconds=30)
_NAME = "bot"


class Lock:
    """The right to run."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def take(self, holder: str, *, is_dead: Callable[[str], bool] = lambda _: False) -> None:
        """Take or keep the lock; to be called again well within `SILENCE`. `is_dead` may know that a holder is gone.

        Raises:
            AlreadyRunning: another holder's heart still beats.
        """
        row = await self._session.get(LockRow, _NAME)
        if row is None:
            self._session.add(LockRow(name=_NAME, holder=holder, beat_at=self._now))
            return
        if row.holder != holder and not is_dead(row.holder) and abs(self._now - row.beat_at) < SILENCE:
            raise AlreadyRunning
        row.holder, row.beat_at = holder, self._now

    async def last_beat(self) -> datetime | None:
        """When the holder last showed that it runs; None if nobody holds the lock."""
        row = await self._session.get(LockRow, _NAME)
        return row.beat_at if row is not None else None

    async def give_back(self, holder: str) -> None:
        """Let the next instance start at once."""
        row = await self._session.get(LockRow, _NAME)
        if row is not None and row.holder == holder:
            await self._session.delete(row)
