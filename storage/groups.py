"""Groups the bot was added to, and the forum topics it has seen in them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Group, GroupMode, GroupStatus, Topic
from storage.errors import NotFound
from storage.retention import PEOPLE
from storage.schools import Schools
from storage.tables import GroupRow, TopicRow


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

    async def asked_before(self, moment: datetime) -> list[Group]:
        """Groups of any school that nobody has answered for since `moment`."""
        query = (
            select(GroupRow)
            .where(GroupRow.status == GroupStatus.ASKED, GroupRow.asked_at <= moment)
            .order_by(GroupRow.asked_at)
        )
        return [await self._group(row) for row in await self._session.scalars(query)]

    async def forget(self, group_id: str) -> None:
        """Take away a group that nothing belongs to yet: the stub of one that only changed its Telegram id."""
        await self._session.execute(delete(TopicRow).where(TopicRow.group_id == group_id))
        await self._session.execute(delete(GroupRow).where(GroupRow.id == group_id))

    async def see_topic(
        self, group_id: str, thread_id: int, *, is_open: bool | None = None, closed_by_us: bool | None = None
    ) -> None:
        """Remember that a forum topic exists and, where it is known, whether it is open and who closed it."""
        row = await self._session.get(TopicRow, (group_id, thread_id))
        if row is None:
            group = await self.get(group_id)
            row = TopicRow(
                group_id=group_id,
                thread_id=thread_id,
                school_id=group.school_id,
                is_open=True,
                closed_by_us=False,
                delete_after=self._now + PEOPLE,
            )
            self._session.add(row)
        row.is_open = row.is_open if is_open is None else is_open
        row.closed_by_us = row.closed_by_us if closed_by_us is None else closed_by_us
        await self._session.flush()

    async def topics(self, group_id: str) -> list[Topic]:
        """The forum topics that were seen in a group, oldest first."""
        rows = await self._session.scalars(
            select(TopicRow).where(TopicRow.group_id == group_id).order_by(TopicRow.thread_id)
        )
        return [Topic(row.thread_id, row.is_open, row.closed_by_us) for row in rows]

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
            decided_at=row.decided_at,
        )
