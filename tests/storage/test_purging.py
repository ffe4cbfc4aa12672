"""What is past its date goes, and nothing else."""

from datetime import datetime, timedelta

import pytest

from moderation.effects import Tell
from moderation.records import Group, Person
from storage.inbox import Received
from storage.retention import CASES, EFFECTS, PEOPLE, TRAFFIC
from storage.store import Store
from storage.tables import Base

MOMENT = timedelta(seconds=1)


async def test_traffic_goes_after_its_week_and_effects_after_their_month(store: Store, now: datetime) -> None:
    async with store.transaction("fill", now) as tx:
        await tx.inbox.put([Received(1, 5, "message", {"update_id": 1}, now)])
        await tx.outbox.put(Tell(5, "help.parent"), key="a")
    async with store.transaction("early", now + TRAFFIC - MOMENT) as tx:
        assert await tx.purging.overdue() == {}
    async with store.transaction("week", now + TRAFFIC) as tx:
        assert await tx.purging.overdue() == {"inbox": 1}
    async with store.transaction("month", now + EFFECTS) as tx:
        assert await tx.purging.overdue() == {"outbox": 1}


@pytest.mark.parametrize("about", ["case:1", "closure:1", "reopening:1"])
async def test_what_came_of_a_case_or_a_closure_is_known_for_as_long_as_it_is_kept(
    store: Store, now: datetime, about: str
) -> None:
    async with store.transaction("fill", now) as tx:
        await tx.outbox.put(Tell(5, "help.parent"), key="a", about=about)
    async with store.transaction("after the holidays", now + CASES - MOMENT) as tx:
        assert await tx.purging.overdue() == {}
    async with store.transaction("in the end", now + CASES) as tx:
        assert await tx.purging.overdue() == {"outbox": 1}


async def test_a_person_goes_with_all_that_refers_to_them(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("fill", now) as tx:
        await tx.consents.acknowledge(person.school_id, person.id, version="1", hash_="h")
        await tx.people.issue_code(person.id, timedelta(days=1))
    async with store.transaction("years later", now + PEOPLE) as tx:
        assert await tx.purging.overdue() == {"acknowledgement": 1, "code": 1, "person": 1}
        assert await tx.people.of_school(person.school_id) == []


async def test_a_person_stays_while_something_younger_refers_to_them(
    store: Store, person: Person, group: Group, now: datetime
) -> None:
    async with store.transaction("a later consent", now + timedelta(days=30)) as tx:
        await tx.consents.answer(person.school_id, person.id, version="1", hash_="h", given=True)
    async with store.transaction("years later", now + PEOPLE) as tx:
        assert await tx.purging.overdue() == {"group": 1}
        assert (await tx.people.get(person.id)).name == "Priya Nair"
    async with store.transaction("when that is due too", now + PEOPLE + timedelta(days=30)) as tx:
        assert await tx.purging.overdue() == {"consent": 1, "person": 1}


async def test_the_school_stays(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("a century", now + timedelta(days=36500)) as tx:
        await tx.purging.overdue()
        assert len(await tx.schools.all()) == 1


def test_no_two_tables_refer_to_each_other() -> None:
    order = [table.name for table in Base.metadata.sorted_tables]
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            assert order.index(key.column.table.name) < order.index(table.name)
