"""Schools and their keys."""

from datetime import datetime

import pytest

from moderation.records import School
from storage.crypto import MasterKey
from storage.errors import AlreadyExists, NotFound
from storage.store import Store


async def test_a_school_is_registered_once_whatever_the_case(store: Store, school: School, now: datetime) -> None:
    async with store.transaction("again", now) as tx:
        with pytest.raises(AlreadyExists):
            await tx.schools.add("OAKFIELD primary")
        assert await tx.schools.get(school.id) == school


async def test_a_school_that_is_not_there_is_not_found(store: Store, now: datetime) -> None:
    async with store.transaction("look", now) as tx:
        with pytest.raises(NotFound):
            await tx.schools.get("no such")
        with pytest.raises(NotFound):
            await tx.schools.sealed("no such")


async def test_what_a_school_sealed_opens_after_a_restart(
    store: Store, school: School, url: str, master: MasterKey, now: datetime
) -> None:
    async with store.transaction("seal", now) as tx:
        sealed = (await tx.schools.sealed(school.id)).seal("words", where="a/1/b")
    again = await Store.open(url, master)
    async with again.transaction("open", now) as tx:
        assert (await tx.schools.sealed(school.id)).open(sealed, where="a/1/b") == "words"
    await again.close()


async def test_two_schools_do_not_open_each_others_words(store: Store, school: School, now: datetime) -> None:
    async with store.transaction("seal", now) as tx:
        other = await tx.schools.add("Elm Road")
        sealed = (await tx.schools.sealed(school.id)).seal("words", where="a/1/b")
        with pytest.raises(Exception, match=r"key|seal"):
            (await tx.schools.sealed(other.id)).open(sealed, where="a/1/b")
