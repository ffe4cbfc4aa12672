"""Real services over a real store, with Telegram as a script."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.services import Services
from moderation.records import Group, Person, School
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.store import Store
from tests.support.scripted_telegram import ScriptedTelegram
from tests.support.services import StandingClock, made_services


@pytest.fixture
def telegram() -> ScriptedTelegram:
    """Telegram as a script."""
    return ScriptedTelegram()


@pytest.fixture
def clock() -> StandingClock:
    """A clock that moves only when told to."""
    return StandingClock()


@pytest.fixture
async def services(tmp_path: Path, telegram: ScriptedTelegram, clock: StandingClock) -> AsyncIterator[Services]:
    """Everything a handler works with."""
    store = await Store.open(
        f"sqlite+aiosqlite:///{tmp_path / 'schoolgate.db'}", MasterKey.generate_file(tmp_path / "key")
    )
    bot = Bot("1:test", request=telegram, get_updates_request=ScriptedTelegram())
    yield made_services(store, clock, bot=bot, sweep_seconds=0.05)
    await store.close()


@pytest.fixture
async def school(services: Services) -> School:
    """Oakfield Primary."""
    async with services.transaction("school") as tx:
        return await tx.schools.add("Oakfield Primary")


@pytest.fixture
async def head(services: Services, school: School) -> Person:
    """The headteacher, who has opened the bot from account 7."""
    async with services.transaction("head") as tx:
        person = await tx.people.add(
            school_id=school.id, name="Mrs Karen Dickinson", roles=frozenset({Role.HEADTEACHER})
        )
        code, _ = await tx.people.issue_code(person.id, services.settings.code_lifetime)
        bound = (await tx.people.bind(code, 7)).person
        assert bound is not None
        return bound


@pytest.fixture
async def group(services: Services, school: School) -> Group:
    """The class group, chat -1001."""
    async with services.transaction("group") as tx:
        return await tx.groups.add(
            school_id=school.id, chat_id=-1001, title="Willow (Year 3)", is_supergroup=True, added_by=7
        )
