"""Groups and the topics seen in them."""

from datetime import datetime, timedelta

import pytest

from moderation.records import Group, GroupMode, GroupStatus, School, Topic
from storage.errors import NotFound
from storage.store import Store


async def test_a_group_is_found_by_its_telegram_id_and_by_its_own(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("look", now) as tx:
        assert await tx.groups.by_chat(-1001) == group
        assert await tx.groups.get(group.id) == group
        assert await tx.groups.by_chat(-1) is None
        with pytest.raises(NotFound):
            await tx.groups.get("nowhere")


async def test_changes_are_kept_and_the_title_is_sealed(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("change", now) as tx:
        changed = await tx.groups.change(
            group.id, title="Oak (Year 4)", status=GroupStatus.SANCTIONED, mode=GroupMode.OPEN, rights={"b", "a"}
        )
        assert (changed.title, changed.mode, changed.rights) == ("Oak (Year 4)", GroupMode.OPEN, frozenset("ab"))
        with pytest.raises(NotFound):
            await tx.groups.change("nowhere", mode=None)


async def test_groups_are_listed_by_school_and_status(
    store: Store, group: Group, school: School, now: datetime
) -> None:
    async with store.transaction("list", now) as tx:
        assert await tx.groups.of_school(school.id) == [group]
        assert await tx.groups.of_school(school.id, GroupStatus.SANCTIONED) == []


async def test_unanswered_groups_are_found_when_their_time_has_come(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("list", now) as tx:
        assert await tx.groups.asked_before(now - timedelta(seconds=1)) == []
        assert await tx.groups.asked_before(now) == [group]
        await tx.groups.change(group.id, status=GroupStatus.SANCTIONED)
        assert await tx.groups.asked_before(now) == []


async def test_a_topic_keeps_what_is_not_said_anew(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("topics", now) as tx:
        await tx.groups.see_topic(group.id, 7)
        await tx.groups.see_topic(group.id, 0, is_open=False, closed_by_us=True)
        await tx.groups.see_topic(group.id, 0)
        await tx.groups.see_topic(group.id, 7, is_open=False)
        assert await tx.groups.topics(group.id) == [Topic(0, False, True), Topic(7, False, False)]
        await tx.groups.see_topic(group.id, 0, is_open=True, closed_by_us=False)
        assert (await tx.groups.topics(group.id))[0] == Topic(0)


async def test_a_forgotten_group_takes_its_topics_along(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("forget", now) as tx:
        await tx.groups.see_topic(group.id, 7)
        await tx.groups.forget(group.id)
        assert await tx.groups.by_chat(-1001) is None
        assert await tx.groups.topics(group.id) == []
