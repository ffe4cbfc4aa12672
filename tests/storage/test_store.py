"""Opening a database: brought up to date, its key checked, its transactions whole."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from moderation.records import School
from storage.crypto import MasterKey
from storage.errors import DatabaseUnavailable, KeyRefused
from storage.store import Store


async def test_what_was_written_is_there_after_a_restart(
    store: Store, school: School, url: str, master: MasterKey, now: datetime
) -> None:
    await store.close()
    again = await Store.open(url, master)
    async with again.transaction("look", now) as tx:
        assert await tx.schools.all() == [school]
    await again.close()


async def test_a_transaction_that_fails_leaves_nothing(store: Store, now: datetime) -> None:
    async def fail() -> None:
        async with store.transaction("fail", now) as tx:
            await tx.schools.add("Oakfield Primary")
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        await fail()
    async with store.transaction("look", now) as tx:
        assert await tx.schools.all() == []


async def test_a_connection_that_does_not_come_free_is_trouble_with_the_database(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._engine.sync_engine.pool, "_timeout", 0.01)
    async with store.transaction("slow", now) as slow:
        await slow.schools.all()
        with pytest.raises(DatabaseUnavailable):
            async with store.transaction("waits", now) as tx:
                await tx.schools.all()


async def test_another_key_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    other = MasterKey.generate_file(tmp_path / "other.key")
    with pytest.raises(KeyRefused, match="not the key that this database was made with"):
        await Store.open(url, other)


async def test_a_folder_that_does_not_exist_is_refused_by_name(tmp_path: Path, master: MasterKey) -> None:
    with pytest.raises(DatabaseUnavailable, match="folder of the database does not exist"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'x.db'}", master)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path, master: MasterKey) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to have been one" * 40)
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", master)


async def test_a_database_of_a_newer_version_is_refused(store: Store, url: str, master: MasterKey) -> None:
    await store.close()
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match="newer version"):
        await Store.open(url, master)


async def test_the_database_is_kept_as_it_should_be(store: Store, now: datetime, url: str) -> None:
    async with store.transaction("look", now):
        with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_a_row_that_refers_to_nothing_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        async with store.transaction("wrong", now) as tx:
            await tx.consents.acknowledge("no school", "nobody", version="1", hash_="h")
