"""What people agreed to: by version, hash and time; what holds now; and its end."""

from datetime import datetime, timedelta

from moderation.records import Acknowledgement, Consent, Person
from storage.store import Store, Transaction

MINUTE = timedelta(minutes=1)
ACCOUNT = 11


async def answer(tx: Transaction, person: Person, *, given: bool, version: str = "1") -> None:
    await tx.consents.answer(person.school_id, person.id, version=version, hash_=f"n{version}", given=given)


async def standing(store: Store, person: Person, at: datetime, version: str = "1") -> dict[int, datetime]:
    async with store.transaction("look", at) as tx:
        return await tx.consents.standing(person.school_id, {ACCOUNT, 12}, version)


async def bind(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("bind", now) as tx:
        code, _ = await tx.people.issue_code(person.id, MINUTE)
        await tx.people.bind(code, ACCOUNT)


async def test_the_latest_acknowledgement_counts(store: Store, person: Person, now: datetime) -> None:
    async with store.transaction("none", now) as tx:
        assert await tx.consents.acknowledgement(person.id) is None
        await tx.consents.acknowledge(person.school_id, person.id, version="1", hash_="c1")
    async with store.transaction("again", now + MINUTE) as tx:
        assert await tx.consents.acknowledgement(person.id) == Acknowledgement("1", "c1", now)
        await tx.consents.acknowledge(person.school_id, person.id, version="2", hash_="c2")
    async with store.transaction("look", now) as tx:
        assert await tx.consents.acknowledgement(person.id) == Acknowledgement("2", "c2", now + MINUTE)


async def test_consent_stands_from_when_it_was_given_until_it_is_withdrawn(
    store: Store, person: Person, now: datetime
) -> None:
    await bind(store, person, now)
    assert await standing(store, person, now) == {}
    async with store.transaction("yes", now) as tx:
        assert await tx.consents.latest(person.id) is None
        await answer(tx, person, given=True)
    assert await standing(store, person, now) == {ACCOUNT: now}
    assert await standing(store, person, now - MINUTE) == {}
    assert await standing(store, person, now, version="2") == {}
    async with store.transaction("no", now + MINUTE) as tx:
        assert await tx.consents.withdraw(person.id)
        assert not await tx.consents.withdraw(person.id)
        latest = await tx.consents.latest(person.id)
    assert latest == Consent("1", "n1", True, now, now + MINUTE)
    assert await standing(store, person, now + MINUTE) == {}


async def test_no_ends_an_earlier_yes_and_yes_begins_anew(store: Store, person: Person, now: datetime) -> None:
    await bind(store, person, now)
    for minutes, given in enumerate((True, False, True)):
        async with store.transaction("answer", now + minutes * MINUTE) as tx:
            await answer(tx, person, given=given)
        expected = {ACCOUNT: now + minutes * MINUTE} if given else {}
        assert await standing(store, person, now + minutes * MINUTE) == expected
