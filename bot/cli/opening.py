"""What the commands share: settings from the usual places, and the store opened with its key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import master_key
from config.settings import Settings
from moderation.records import School
from moderation.rosters import RosterRefused
from storage.store import Store, Transaction


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, migrated and checked against its key, closed afterwards.

    Raises:
        StorageError: the key or the database cannot be used.
    """
    store = await Store.open(settings.database_url, master_key(settings))
    try:
        yield store
    finally:
        await store.close()


async def the_school(tx: Transaction, name: str | None) -> School:
    """The school of that name, or the only one there is.

    Raises:
        RosterRefused: there is none, or more than one and no name to choose by.
    """
    schools = await tx.schools.all()
    fitting = [school for school in schools if name is None or school.name.casefold() == name.casefold()]
    if not schools:
        raise RosterRefused('No school is registered yet. Type: schoolgate school add "NAME"')
    if len(fitting) != 1:
        raise RosterRefused(f"Say which school with --school: {', '.join(school.name for school in schools)}")
    return fitting[0]
