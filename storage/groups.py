"""Groups the bot was added to, and the forum topics it has seen in them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Group, GroupMode, GroupStatus
from storage.errors import NotFound
from storage.retention import PEOPLE
from storage.schools import Schools
from storage.tables import GroupRow


class Groups:
    """Queries about groups."""

    def __init__(self, session: AsyncSession, schools: Schools, now: datetime) -> None:
        self._session = session
        self._schools = schools
        self._now = now

    async def add(self, *, school_id: str, chat_id: int, title: str, is_supergroup: bool, added_by: int) -> Group:
        """A group the bot was added to; nobody has been asked yet whether it is sanctioned."""
        group_id = uuid4().hex
        sealed = await self._schools.sealed(school_id)
        row = GroupRow(
            id=group_id,
            school_id=school_id,
            chat_id=chat_id,
            title_sealed=sealed.seal(title, where=f"group/{group_id}/title_sealed"),
            status=GroupStatus.ASKED,
            is_supergroup=is_supergroup,
            rights=[],
            asked_at=self._now,
            added_by=added_by,
            delete_after=self._now + PEOPLE,
        )
        self._session.add(row)
        await self._session.flush()
        return await self._group(row)

    async def by_chat(self, chat_id: int) -> Group | None:
        """The group with this Telegram id."""
        row = await self._session.scalar(select(GroupRow).where(GroupRow.chat_id == chat_id))
        return await self._group(row) if row else None

    async def get(self, group_id: str) -> Group:
        """One group.

        Raises:
            NotFound: there is none with this id.
        """
        row = await self._session.get(GroupRow, group_id)
        if row is None:
            raise NotFound("group", group_id)
        return await self._group(row)

    async def of_school(self, school_id: str, status: GroupStatus | None = None) -> list[Group]:
        """A school's groups, oldest first."""
        query = select(GroupRow).where(GroupRow.school_id == school_id).order_by(GroupRow.asked_at, GroupRow.id)
        if status is not None:
            query = query.where(GroupRow.status == status)
        return [await self._group(row) for row in await self._session.scalars(query)]

    async def change(self, group_id: str, **values: Any) -> Group:
        """Set columns of a group (status, mode, rights, chat_id, ...); `title` is sealed on the way."""
        if "title" in values:
            group = await self.get(group_id)
            sealed = await self._schools.sealed(group.school_id)
            values["title_sealed"] = sealed.seal(values.pop("title"), where=f"group/{group_id}/title_sealed")
        if "rights" in values:
            values["rights"] = sorted(values["rights"])
        await self._session.execute(update(GroupRow).where(GroupRow.id == group_id).values(**values))
        row = await self._session.get(GroupRow, group_id, populate_existing=True)
        if row is None:
            raise NotFound("group", group_id)
        return await self._group(row)

    async def _group(self, row: GroupRow) -> Group:
        sealed = await self._schools.sealed(row.school_id)
        return Group(
            id=row.id,
            school_id=row.school_id,
            chat_id=row.chat_id,
            title=sealed.open(row.title_sealed, where=f"group/{row.id}/title_sealed"),
            status=GroupStatus(row.status),
            mode=GroupMode(row.mode) if row.mode else None,
            school_class=row.school_class,
            is_supergroup=row.is_supergroup,
            is_forum=row.is_forum,
            bot_is_admin=row.bot_is_admin,
            rights=frozenset(row.rights),
            invite_link=row.invite_link,
            asked_at=row.asked_at,
            added_by=row.added_by,
        )
