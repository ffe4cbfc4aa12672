"""The durable inbox: every update, redacted at the door, before it is confirmed to Telegram.

A row is `waiting` until the transaction that handled it marks it `done` and destroys its words; or it is
`dropped` when it cannot be handled, and `counted` once somebody has been told how many were.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.forgetting import without_words_of
from storage.retention import TRAFFIC
from storage.tables import InboxRow
from storage.vault import Vault

WAITING, DONE, DROPPED, COUNTED = "waiting", "done", "dropped", "counted"

#: Kinds of update that hold what people write.
_MESSAGES = ("message", "edited_message")


@dataclass(frozen=True, slots=True)
class Received:
    """One update in the inbox. `lane` is the chat it belongs to; updates of one lane are handled in order."""

    update_id: int
    lane: int
    kind: str
    payload: Mapping[str, Any]
    received_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that was given up, or that still fails: its number, its chat, and since when (or when again)."""

    update_id: int
    lane: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """How many updates wait and were given up, and since when the oldest waits."""

    waiting: int
    dropped: int
    waiting_since: datetime | None = None


class Inbox:
    """Queries about updates that came in."""

    def __init__(self, session: AsyncSession, vault: Vault, now: datetime) -> None:
        self._session = session
        self._vault = vault
        self._now = now

    async def put(self, updates: Sequence[Received]) -> None:
        """Write updates that are not there yet; one that is, is left as it stands."""
        for received in updates:
            if await self._session.get(InboxRow, received.update_id) is not None:
                continue
            sealed = self._sealed(received.payload, received.update_id)
            self._session.add(
                InboxRow(
                    update_id=received.update_id,
                    lane=received.lane,
                    kind=received.kind,
                    payload_sealed=sealed,
                    status=WAITING,
                    received_at=received.received_at,
                    due_at=self._now,
                    delete_after=self._now + TRAFFIC,
                )
            )

    async def due(self, limit: int = 500) -> list[Received]:
        """Waiting updates whose time has come, in Telegram's order."""
        rows = await self._session.scalars(
            select(InboxRow)
            .where(InboxRow.status == WAITING, InboxRow.due_at <= self._now)
            .order_by(InboxRow.update_id)
            .limit(limit)
        )
        return [self._received(row) for row in rows]

    async def done(self, update_id: int) -> bool:
        """Mark an update handled and destroy what it said. False if it was not waiting any more."""
        return await self._finish(update_id, DONE)

    async def drop(self, update_id: int, error: str) -> bool:
        """Give an update up and destroy what it said; `error` is a code, never a text."""
        return await self._finish(update_id, DROPPED, error)

    async def forget(self, telegram_id: int) -> int:
        """Take an account's words out of every group update that still waits; how many held some."""
        rows = await self._session.scalars(select(InboxRow).where(InboxRow.status == WAITING, InboxRow.lane < 0))
        changed = 0
        for row in rows.all():
            kept = without_words_of(telegram_id, self._received(row).payload)
            if kept is not None:
                row.payload_sealed = self._sealed(kept, row.update_id)
                changed += 1
        return changed

    async def is_waiting(self, update_id: int) -> bool:
        """Whether an update is still to be handled."""
        row = await self._session.get(InboxRow, update_id)
        return row is not None and row.status == WAITING

    async def postpone(self, update_id: int, error: str, delay: timedelta) -> None:
        """Try an update again after `delay`."""
        await self._session.execute(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.status == WAITING)
            .values(attempts=InboxRow.attempts + 1, error=error, due_at=self._now + delay)
        )

    async def given_up(self) -> list[Unread]:
        """Messages that were given up and that nobody has been told of, with the time of giving up."""
        return await self._unread(InboxRow.status == DROPPED)

    async def failing(self) -> list[Unread]:
        """Messages that failed before and still wait, with the time of the next try."""
        return await self._unread(InboxRow.status == WAITING, InboxRow.attempts > 0)

    async def counted(self, update_ids: Sequence[int]) -> None:
        """Somebody has been told how many messages were given up, these among them."""
        await self._session.execute(
            update(InboxRow)
            .where(InboxRow.update_id.in_(update_ids), InboxRow.status == DROPPED)
            .values(status=COUNTED)
        )

    async def _unread(self, *which: ColumnElement[bool]) -> list[Unread]:
        rows = await self._session.scalars(
            select(InboxRow).where(InboxRow.kind.in_(_MESSAGES), *which).order_by(InboxRow.update_id)
        )
        return [Unread(row.update_id, row.lane, row.due_at) for row in rows]

    async def count_waiting(self) -> int:
        """How many updates are still to be handled."""
        return (
            await self._session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.status == WAITING))
            or 0
        )

    async def figures(self) -> Figures:
        """How the inbox stands."""
        rows = await self._session.execute(select(InboxRow.status, func.count()).group_by(InboxRow.status))
        counts: dict[str, int] = {status: count for status, count in rows}
        oldest = await self._session.scalar(
            select(InboxRow.received_at).where(InboxRow.status == WAITING).order_by(InboxRow.received_at).limit(1)
        )
        return Figures(counts.get(WAITING, 0), counts.get(DROPPED, 0), oldest)

    async def _finish(self, update_id: int, status: str, error: str = "") -> bool:
        changed = await self._session.scalars(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.status == WAITING)
            .values(status=status, payload_sealed=None, error=error, due_at=self._now)
            .returning(InboxRow.update_id)
        )
        return changed.first() is not None

    def _sealed(self, payload: Mapping[str, Any], update_id: int) -> bytes:
        return self._vault.installation.seal(json.dumps(payload, ensure_ascii=False), where=_where(update_id))

    def _received(self, row: InboxRow) -> Received:
        text = self._vault.installation.open(row.payload_sealed or b"", where=_where(row.update_id))
        return Received(row.update_id, row.lane, row.kind, json.loads(text), row.received_at, row.attempts)


def _where(update_id: int) -> str:
    return f"inbox/{update_id}/payload_sealed"
