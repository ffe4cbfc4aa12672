"""One-time handles behind inline buttons: who may press, once, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.crypto import digest
from storage.errors import AlreadyUsed, Expired, NotFound
from storage.tables import ButtonRow


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that its rightful owner pressed in time. `bundle` is the outbox key of the message it is under."""

    action: str
    args: Mapping[str, Any]
    bundle: str
    school_id: str
    telegram_id: int


class Buttons:
    """Queries about handles. A handle is only ever looked up by the digest of what Telegram brought back."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def find(self, handle: str, presser: int) -> Pressed:
        """The button behind a handle, if this account may press it now.

        Raises:
            NotFound: there is no such handle, or it is another person's.
            AlreadyUsed: it, or another button of the same message, was used.
            Expired: it is too old.
        """
        row = await self._session.get(ButtonRow, digest(handle))
        if row is None or row.telegram_id != presser:
            raise NotFound("button")
        if row.pressed_at is not None:
            raise AlreadyUsed("button")
        if row.expires_at <= self._now:
            raise Expired("button")
        return Pressed(row.action, dict(row.args), row.bundle, row.school_id, row.telegram_id)

    async def void(self, bundle: str) -> None:
        """Make every button of one message stale."""
        await self._session.execute(
            update(ButtonRow)
            .where(ButtonRow.bundle == bundle, ButtonRow.pressed_at.is_(None))
            .values(pressed_at=self._now)
        )

    async def live(self, bundle: str) -> int:
        """How many buttons of one message could still be pressed."""
        rows = await self._session.scalars(
            select(ButtonRow.action).where(ButtonRow.bundle == bundle, ButtonRow.pressed_at.is_(None))
        )
        return len(rows.all())
