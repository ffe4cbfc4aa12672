"""A fresh store in a file, and a school in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.records import Group, Person, School
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Noon on a school day."""
    return NOW


@pytest.fixture
def master(tmp_path: Path) -> MasterKey:
    """A key of this test's own."""
    return MasterKey.generate_file(tmp_path / "schoolgate.key")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where this test's database lies."""
    return f"sqlite+aiosqlite:///{tmp_path / 'schoolgate.db'}"


@pytest.fixture
async def store(url: str, master: MasterKey) -> AsyncIterator[Store]:
    """A store, migrated."""
    opened = await Store.open(url, master)
    yield opened
    await opened.close()


@pytest.fixture
async def school(store: Store) -> School:
    """Oakfield Primary."""
    async with store.transaction("school", NOW) as tx:
        return await tx.schools.add("Oakfield Primary")


@pytest.fixture
async def person(store: Store, school: School) -> Person:
    """A parent who has not opened the bot."""
    async with store.transaction("person", NOW) as tx:
        return await tx.people.add(school_id=school.id, name="Priya Nair", roles=frozenset({Role.PARENT}))


@pytest.fixture
async def group(store: Store, school: School) -> Group:
    """A class group."""
    async with store.transaction("group", NOW) as tx:
        return await tx.groups.add(
            school_id=school.id, chat_id=-1001, title="Willow (Year 3)", is_supergroup=True, added_by=1
        )
