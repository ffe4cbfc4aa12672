"""The database: opened once, migrated at start, worked on in one transaction a use case.

A transaction names its use case and carries every query as an attribute (`tx.people`, `tx.cases`, ...). No
network call belongs inside one: with SQLite only one is open at a time.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from storage.buttons import Buttons
from storage.cases import Cases
from storage.closures import Closures
from storage.connecting import engine_for, reason
from storage.consents import Consents
from storage.crypto import MasterKey
from storage.errors import DatabaseUnavailable
from storage.groups import Groups
from storage.inbox import Inbox
from storage.joining import Joining
from storage.lock import Lock
from storage.meta import Meta
from storage.migrations import run as migrations
from storage.outbox import Outbox
from storage.people import People
from storage.prompts import Prompts
from storage.purging import Purging
from storage.schools import Schools
from storage.vault import Vault

_log = logging.getLogger(__name__)

#: A database that is full, locked or gone, a connection that broke, and none that came free in time.
_UNAVAILABLE = (OperationalError, InterfaceError, NoConnection)


@dataclass(frozen=True, slots=True)
class Transaction:
    """All queries, within one transaction. `now` is the time at which it began."""

    name: str
    now: datetime
    buttons: Buttons
    cases: Cases
    closures: Closures
    consents: Consents
    groups: Groups
    inbox: Inbox
    joining: Joining
    lock: Lock
    meta: Meta
    outbox: Outbox
    people: People
    prompts: Prompts
    purging: Purging
    schools: Schools


class Store:
    """One database and the key that opens what is sealed in it."""

    def __init__(self, engine: AsyncEngine, master: MasterKey) -> None:
        """Use `Store.open`, which also migrates and checks the key."""
        self._engine = engine
        self._master = master
        self._vault = Vault(master)

    @classmethod
    async def open(cls, url: str, master: MasterKey, *, migrate: bool = True) -> "Store":
        """Connect, bring the tables up to date and make sure that the key fits.

        Raises:
            DatabaseUnavailable: it cannot be reached, or a newer version made it.
            KeyRefused: the key is not the one this database was made with.
        """
        engine = engine_for(url)
        store = cls(engine, master)
        try:
            async with engine.connect() as connection:
                if migrate:
                    await connection.run_sync(migrations.upgrade)
                    await connection.commit()
                await _check_key(connection, master)
        except (SQLAlchemyError, OSError) as error:
            await engine.dispose()
            raise DatabaseUnavailable(reason(error)) from None
        except BaseException:
            await engine.dispose()
            raise
        return store

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self, name: str, now: datetime) -> AsyncIterator[Transaction]:
        """One use case's transaction: committed at the end, rolled back if anything is raised.

        Raises:
            DatabaseUnavailable: the database is full, locked for too long, or gone; nothing was written.
        """
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                session.info["name"] = name
                async with session.begin():
                    yield self._transaction(name, now, session)
        except _UNAVAILABLE as error:
            raise DatabaseUnavailable(reason(error)) from None

    def _transaction(self, name: str, now: datetime, session: AsyncSession) -> Transaction:
        schools = Schools(session, self._vault, now)
        parts: dict[str, Any] = {
            "buttons": Buttons(session, now),
            "cases": Cases(session, schools, now),
            "closures": Closures(session, schools, now),
            "consents": Consents(session, now),
            "groups": Groups(session, schools, now),
            "inbox": Inbox(session, self._vault, now),
            "joining": Joining(session, now),
            "lock": Lock(session, now),
            "meta": Meta(session),
            "outbox": Outbox(session, self._vault, now),
            "people": People(session, schools, now),
            "prompts": Prompts(session, now),
            "purging": Purging(session, now),
            "schools": schools,
        }
        return Transaction(name=name, now=now, **parts)


async def _check_key(connection: AsyncConnection, master: MasterKey) -> None:
    async with AsyncSession(bind=connection) as session, session.begin():
        await Meta(session).check_key(master)
