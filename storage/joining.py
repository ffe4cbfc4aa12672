"""Requests to enter a gated group: each waits until its author is known and has acknowledged the code."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import JoinRequest
from storage.errors import NotFound
from storage.retention import TRAFFIC
from storage.tables import GroupRow, JoinRequestRow

WAITING = "waiting"


class Joining:
    """Queries about joining."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def add(
        self, *, school_id: str, group_id: str, telegram_id: int, user_chat_id: int, status: str, wait: timedelta
    ) -> JoinRequest:
        """A request that came in; one of the same account to the same group that still waited is replaced."""
        await self._session.execute(
            update(JoinRequestRow)
            .where(
                JoinRequestRow.group_id == group_id,
                JoinRequestRow.telegram_id == telegram_id,
                JoinRequestRow.status == WAITING,
            )
            .values(status="replaced")
        )
        row = JoinRequestRow(
            id=uuid4().hex,
            school_id=school_id,
            group_id=group_id,
            telegram_id=telegram_id,
            user_chat_id=user_chat_id,
            status=status,
            requested_at=self._now,
            due_at=self._now + wait,
            delete_after=self._now + wait + TRAFFIC,
        )
        self._session.add(row)
        await self._session.flush()
        return await self.get(row.id)

    async def get(self, request_id: str) -> JoinRequest:
        """One request.

        Raises:
            NotFound: there is none with this id.
        """
        found = await self._found(JoinRequestRow.id == request_id)
        if not found:
            raise NotFound("join request", request_id)
        return found[0]

    async def waiting_of(self, telegram_id: int) -> list[JoinRequest]:
        """What an account has asked for and waits for, oldest first."""
        return await self._found(JoinRequestRow.telegram_id == telegram_id, JoinRequestRow.status == WAITING)

    async def overdue(self) -> list[JoinRequest]:
        """Requests that have waited long enough, oldest first."""
        return await self._found(JoinRequestRow.status == WAITING, JoinRequestRow.due_at <= self._now)

    async def settle(self, request_id: str, status: str) -> bool:
        """End a request ("approved", "declined", ...). False if it was not waiting any more."""
        changed = await self._session.scalars(
            update(JoinRequestRow)
            .where(JoinRequestRow.id == request_id, JoinRequestRow.status == WAITING)
            .values(status=status)
            .returning(JoinRequestRow.id)
        )
        return changed.first() is not None

    async def _found(self, *conditions: object) -> list[JoinRequest]:
        query = (
            select(JoinRequestRow, GroupRow.chat_id)
            .join(GroupRow, GroupRow.id == JoinRequestRow.group_id)
            .order_by(JoinRequestRow.requested_at, JoinRequestRow.id)
        )
        for condition in conditions:
            query = query.where(condition)  # type: ignore[arg-type]  # each is a column expression
        rows = await self._session.execute(query.execution_options(populate_existing=True))
        return [_request(row, chat_id) for row, chat_id in rows]


def _request(row: JoinRequestRow, chat_id: int) -> JoinRequest:
    return JoinRequest(
        id=row.id,
        school_id=row.school_id,
        group_id=row.group_id,
        chat_id=chat_id,
        telegram_id=row.telegram_id,
        user_chat_id=row.user_chat_id,
        requested_at=row.requested_at,
        status=row.status,
    )
