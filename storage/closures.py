"""Closures: what a group was before it was shut, how far the steps got, and what was told while it is watched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Closure, ClosureStatus
from storage.errors import NotFound
from storage.retention import CASES
from storage.schools import Schools
from storage.tables import ClosureRow

_OPEN = (ClosureStatus.CLOSING, ClosureStatus.CLOSED)


class Closures:
    """Queries about closures. Whether a group is closed is `open_for_group`: drafts and reopened ones do not count."""

    def __init__(self, session: AsyncSession, schools: Schools, now: datetime) -> None:
        self._session = session
        self._schools = schools
        self._now = now

    async def add(
        self,
        *,
        school_id: str,
        group_id: str,
        closed_by: str,
        status: ClosureStatus,
        reason: str = "",
        case_id: str | None = None,
        confirmed_by: str | None = None,
        saved_permissions: Mapping[str, bool] | None = None,
    ) -> Closure:
        """A closure, or the draft of one, by a person of the school; `confirmed_by` is whose word it stands on."""
        closure_id = uuid4().hex
        row = ClosureRow(
            id=closure_id,
            school_id=school_id,
            group_id=group_id,
            case_id=case_id,
            status=status,
            closed_by=closed_by,
            closed_at=self._now,
            confirmed_by=confirmed_by,
            confirmed_at=self._now if confirmed_by else None,
            reason_sealed=await self._seal(school_id, closure_id, reason),
            saved_permissions=dict(saved_permissions or {}),
            steps={},
            told={},
            delete_after=self._now + CASES,
        )
        self._session.add(row)
        await self._session.flush()
        return await self._closure(row)

    async def get(self, closure_id: str) -> Closure:
        """One closure.

        Raises:
            NotFound: there is none with this id.
        """
        return await self._closure(await self._row(closure_id))

    async def open_for_group(self, group_id: str) -> Closure | None:
        """The closure that a group is under now."""
        row = (
            await self._session.scalars(
                select(ClosureRow)
                .where(ClosureRow.group_id == group_id, ClosureRow.status.in_(_OPEN))
                .order_by(ClosureRow.closed_at.desc())
            )
        ).first()
        return await self._closure(row) if row else None

    async def last_for_group(self, group_id: str) -> Closure | None:
        """The group's latest closure, reopened or not."""
        row = (
            await self._session.scalars(
                select(ClosureRow)
                .where(ClosureRow.group_id == group_id, ClosureRow.status != ClosureStatus.DRAFT)
                .order_by(ClosureRow.closed_at.desc())
            )
        ).first()
        return await self._closure(row) if row else None

    async def to_watch(self, before: datetime) -> list[Closure]:
        """Closures in force that have not been looked at since `before`."""
        rows = await self._session.scalars(
            select(ClosureRow)
            .where(
                ClosureRow.status == ClosureStatus.CLOSED,
                ClosureRow.watched_at.is_(None) | (ClosureRow.watched_at <= before),
            )
            .order_by(ClosureRow.closed_at)
        )
        return [await self._closure(row) for row in rows]

    async def change(self, closure_id: str, **values: Any) -> Closure:
        """Set columns of a closure (status, steps, confirmed_by, ...); `reason` is sealed on the way.

        Raises:
            NotFound: there is none with this id.
        """
        row = await self._row(closure_id)
        if "reason" in values:
            values["reason_sealed"] = await self._seal(row.school_id, row.id, values.pop("reason"))
        for name, value in values.items():
            setattr(row, name, value)
        await self._session.flush()
        return await self._closure(row)

    async def remove_draft(self, closure_id: str) -> None:
        """Throw a draft away; a closure that took effect is never removed."""
        row = await self._row(closure_id)
        if row.status == ClosureStatus.DRAFT:
            await self._session.delete(row)
            await self._session.flush()

    async def told(self, closure_id: str) -> Mapping[str, str]:
        """What has been told while it is watched: each kind, and when (ISO 8601)."""
        return dict((await self._row(closure_id)).told)

    async def _row(self, closure_id: str) -> ClosureRow:
        row = await self._session.get(ClosureRow, closure_id)
        if row is None:
            raise NotFound("closure", closure_id)
        return row

    async def _seal(self, school_id: str, closure_id: str, reason: str) -> bytes:
        return (await self._schools.sealed(school_id)).seal(reason, where=_where(closure_id))

    async def _closure(self, row: ClosureRow) -> Closure:
        sealed = await self._schools.sealed(row.school_id)
        return Closure(
            id=row.id,
            school_id=row.school_id,
            group_id=row.group_id,
            status=ClosureStatus(row.status),
            closed_by=row.closed_by,
            closed_at=row.closed_at,
            reason=sealed.open(row.reason_sealed, where=_where(row.id)) if row.reason_sealed else "",
            case_id=row.case_id,
            confirmed_by=row.confirmed_by,
            confirmed_at=row.confirmed_at,
            saved_permissions=dict(row.saved_permissions),
            steps=dict(row.steps),
            reopened_at=row.reopened_at,
        )


def _where(closure_id: str) -> str:
    return f"closure/{closure_id}/reason_sealed"
