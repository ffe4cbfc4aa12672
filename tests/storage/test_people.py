"""People and their one-time codes: bound once, by one account, and found again."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from moderation.records import Binding, CodeUse, Person, School
from moderation.vocabulary import Role
from storage.crypto import digest
from storage.errors import NotFound
from storage.store import Store, Transaction
from tests.support.opened import on_disk

DAY = timedelta(days=1)
MINE, THEIRS = 11, 12


async def add(tx: Transaction, school: School, name: str, *roles: Role) -> Person:
    return await tx.people.add(school_id=school.id, name=name, roles=frozenset(roles or {Role.PARENT}))


async def test_a_person_comes_back_as_registered_and_as_changed(store: Store, school: School, now: datetime) -> None:
    async with store.transaction("add", now) as tx:
        made = await tx.people.add(
            school_id=school.id,
            name="Ewa Kowalska",
            roles=frozenset({Role.PARENT}),
            school_class="Willow",
            children=["Jan"],
            ref="7",
        )
    async with store.transaction("change", now) as tx:
        assert await tx.people.get(made.id) == made
        changed = await tx.people.change(
            made.id, name="Ewa Nowak", roles=frozenset({Role.CLASS_REP}), school_class="Oak", children=["Jan", "Ola"]
        )
        assert (changed.name, changed.school_class, changed.children) == ("Ewa Nowak", "Oak", ("Jan", "Ola"))
    async with store.transaction("look", now) as tx:
        assert await tx.people.of_school(school.id) == [changed]
        assert await tx.people.holding(school.id, Role.CLASS_REP) == [changed]
        assert await tx.people.holding(school.id, Role.PARENT) == []
        with pytest.raises(NotFound):
            await tx.people.get("nobody")


async def test_a_code_binds_once_however_it_is_typed(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("issue", now) as tx:
        code, expires = await tx.people.issue_code(person.id, DAY)
        assert expires == now + DAY
    async with store.transaction("bind", now) as tx:
        found = await tx.people.bind(code.upper().replace("-", " ").replace("0", "O"), MINE)
        assert found.use is CodeUse.BOUND
        assert found.person is not None
        assert found.person.telegram_id == MINE
    async with store.transaction("again", now + 2 * DAY) as tx:
        assert await tx.people.bind(code, MINE) == Binding(CodeUse.AGAIN, found.person)
        assert await tx.people.bind(code, THEIRS) == Binding(CodeUse.USED)
        assert await tx.people.by_telegram(THEIRS) is None


async def test_unknown_old_and_replaced_codes_bind_nobody(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("issue", now) as tx:
        first, _ = await tx.people.issue_code(person.id, DAY)
        second, _ = await tx.people.issue_code(person.id, DAY)
        assert await tx.people.bind("no such code", MINE) == Binding(CodeUse.UNKNOWN)
        assert await tx.people.bind(first, MINE) == Binding(CodeUse.EXPIRED)
    async with store.transaction("late", now + DAY) as tx:
        assert await tx.people.bind(second, MINE) == Binding(CodeUse.EXPIRED)
        assert (await tx.people.get(person.id)).telegram_id is None


async def test_one_account_is_one_person_of_a_school_and_one_person_has_one_account(
    store: Store, school: School, person: Person, now: datetime
) -> None:
    async with store.transaction("bind", now) as tx:
        other, elsewhere = await add(tx, school, "Tom Bennett"), await tx.schools.add("Elm Park Primary")
        third = await add(tx, elsewhere, "Priya N.")
        codes = {who.id: (await tx.people.issue_code(who.id, DAY))[0] for who in (person, other, third)}
        assert (await tx.people.bind(codes[person.id], MINE)).use is CodeUse.BOUND
        assert (await tx.people.bind(codes[other.id], MINE)) == Binding(CodeUse.SOMEBODY_ELSE)
        assert (await tx.people.bind(codes[third.id], MINE)).use is CodeUse.BOUND
        fresh, _ = await tx.people.issue_code(person.id, DAY)
        assert await tx.people.bind(fresh, THEIRS) == Binding(CodeUse.HAS_ACCOUNT)
        assert {one.id for one in await tx.people.bound_to(MINE)} == {person.id, third.id}
        found = await tx.people.by_telegram(MINE, elsewhere.id)
        assert found is not None
        assert found.id == third.id


async def test_a_fresh_code_for_the_same_account_works(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("bind", now) as tx:
        for _ in range(2):
            code, _ = await tx.people.issue_code(person.id, DAY)
            assert (await tx.people.bind(code, MINE)).use is CodeUse.BOUND


async def test_only_the_digest_of_a_code_is_kept(store: Store, person: Person, now: datetime, tmp_path: Path) -> None:
    async with store.transaction("issue", now) as tx:
        code, _ = await tx.people.issue_code(person.id, DAY)
    held = on_disk(tmp_path / "schoolgate.db")
    assert digest(code) in held
    assert code.encode() not in held
    assert person.name.encode() not in held


async def test_wrong_codes_are_counted_by_account_and_time(store: Store, now: datetime) -> None:
    for minutes in (0, 30, 60):
        async with store.transaction("try", now + timedelta(minutes=minutes)) as tx:
            await tx.people.note_failed_try(MINE)
    async with store.transaction("count", now) as tx:
        assert await tx.people.failed_tries(MINE, now) == 3
        assert await tx.people.failed_tries(MINE, now + timedelta(minutes=30)) == 2
        assert await tx.people.failed_tries(THEIRS, now) == 0


async def test_blocking_the_bot_and_pointers_are_remembered(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("bind", now) as tx:
        code, _ = await tx.people.issue_code(person.id, DAY)
        await tx.people.bind(code, MINE)
        assert await tx.people.pointed_at(person.id) is None
        await tx.people.set_pointed(person.id)
        await tx.people.set_blocked(MINE, blocked=True)
    async with store.transaction("look", now) as tx:
        assert (await tx.people.get(person.id)).bot_blocked
        assert await tx.people.pointed_at(person.id) == now
        await tx.people.set_blocked(MINE, blocked=False)
    async with store.transaction("look", now) as tx:
        assert not (await tx.people.get(person.id)).bot_blocked
