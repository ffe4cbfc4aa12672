"""A school with every kind of person before the door, over a real store on disk."""

import base64
import io
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.door.receiving import receive
from bot.log import QUIET, set_up_logging
from bot.services import Services
from moderation.records import Group, GroupStatus, School
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.inbox import Received
from storage.store import Store, Transaction
from tests.support.any_update import AGREEING, CONSENTED, REFUSED, SANCTIONED, SILENT
from tests.support.services import START, StandingClock, made_services

HEAD = 700


@dataclass
class Doorstep:
    """The school, its services, and the file that everything is kept in."""

    services: Services
    clock: StandingClock
    database: Path
    school: School
    group: Group

    async def receive(self, raw: Mapping[str, Any]) -> Received:
        """Let an update through the door and into the inbox."""
        async with self.services.transaction("receive") as tx:
            received = await receive(raw, tx=tx, services=self.services)
            await tx.inbox.put([received])
        return received

    async def do(self, what: Callable[[Transaction], Any]) -> Any:
        """Await something in a transaction of its own."""
        async with self.services.transaction("test") as tx:
            return await what(tx)

    async def kept(self) -> str:
        """Everything that the inbox and the outbox hold, opened."""
        async with self.services.transaction("look") as tx:
            inbox = [dict(received.payload) for received in await tx.inbox.due(limit=1_000_000)]
            outbox = [str(queued.effect) for queued in await tx.outbox.due(limit=1_000_000)]
        return json.dumps([inbox, outbox], ensure_ascii=False)

    def on_disk(self) -> bytes:
        """The database file and its write-ahead log, as they lie on the disk."""
        return b"".join(path.read_bytes() for path in sorted(self.database.parent.glob(self.database.name + "*")))


@asynccontextmanager
async def doorstep(folder: Path, **settings: Any) -> AsyncIterator[Doorstep]:
    """A school with a sanctioned and a refused group, and people who do and do not agree to be read."""
    clock = StandingClock(datetime.fromtimestamp(CONSENTED, UTC) - timedelta(days=1))
    database = folder / "school.db"
    store = await Store.open(
        f"sqlite+aiosqlite:///{database}", MasterKey.from_base64(base64.b64encode(os.urandom(32)).decode())
    )
    services = made_services(store, clock, **settings)
    try:
        school, group = await _registered(services, clock)
        clock.time = START
        yield Doorstep(services, clock, database, school, group)
    finally:
        await store.close()


async def _registered(services: Services, clock: StandingClock) -> tuple[School, Group]:
    async with services.transaction("register") as tx:
        school, other = await tx.schools.add("Oakfield Primary"), await tx.schools.add("Elm Park Primary")
        group = await tx.groups.add(
            school_id=school.id, chat_id=SANCTIONED, title="Willow", is_supergroup=True, added_by=1
        )
        refused = await tx.groups.add(
            school_id=school.id, chat_id=REFUSED, title="Other", is_supergroup=True, added_by=1
        )
        group = await tx.groups.change(group.id, status=GroupStatus.SANCTIONED)
        await tx.groups.change(refused.id, status=GroupStatus.REFUSED)
        for account in (*AGREEING, *SILENT[1:4], SILENT[4]):
            await _person(tx, school.id, account, Role.PARENT)
        await _person(tx, school.id, SILENT[5], Role.TEACHER, Role.PARENT)
        await _person(tx, other.id, SILENT[6], Role.PARENT)
        await _person(tx, school.id, HEAD, Role.HEADTEACHER)
    clock.time = datetime.fromtimestamp(CONSENTED, UTC)
    await _consented(services, *AGREEING, SILENT[2], SILENT[5], SILENT[6])
    await _consented(services, SILENT[4], version="an older notice")
    async with services.transaction("withdraw") as tx:
        person = await tx.people.by_telegram(SILENT[2])
        assert person is not None
        await tx.consents.withdraw(person.id)
    clock.time = START - timedelta(hours=1)
    await _consented(services, SILENT[3])
    return school, group


async def _person(tx: Transaction, school_id: str, account: int, *roles: Role) -> None:
    person = await tx.people.add(school_id=school_id, name=f"Person {account}", roles=frozenset(roles))
    code, _ = await tx.people.issue_code(person.id, timedelta(days=1))
    await tx.people.bind(code, account)


async def _consented(services: Services, *accounts: int, version: str = "") -> None:
    async with services.transaction("consent") as tx:
        for account in accounts:
            person = await tx.people.by_telegram(account)
            assert person is not None
            await tx.consents.answer(
                person.school_id, person.id, version=version or services.notice.version, hash_="", given=True
            )


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What the bot's own logging writes meanwhile, everything that it ever writes included."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    set_up_logging("DEBUG", stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
