"""A look from outside changes nothing, and tells what is wrong."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.crypto import MasterKey
from storage.inspecting import Inspection, Tables, inspect
from storage.store import Store


def revise(url: str, statement: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection, connection:
        connection.execute(statement)


async def test_a_database_of_this_version_with_its_key_is_sound(store: Store, url: str, master: MasterKey) -> None:
    assert await inspect(url, master) == Inspection(Tables.CURRENT)


async def test_without_a_key_all_else_is_looked_at(store: Store, url: str) -> None:
    assert await inspect(url, None) == Inspection(Tables.CURRENT)


async def test_a_database_that_is_not_there_is_not_made(url: str, tmp_path: Path, master: MasterKey) -> None:
    assert await inspect(url, master) == Inspection(Tables.MISSING)
    assert [name for name in os.listdir(tmp_path) if name.endswith(".db")] == []


async def test_an_empty_file_has_no_tables(url: str, tmp_path: Path, master: MasterKey) -> None:
    (tmp_path / "schoolgate.db").touch()
    assert await inspect(url, master) == Inspection(Tables.MISSING)


async def test_another_key_is_told(store: Store, url: str, tmp_path: Path) -> None:
    found = await inspect(url, MasterKey.generate_file(tmp_path / "other.key"))
    assert "not the key" in found.key_problem


async def test_tables_of_another_version_are_told(store: Store, url: str, master: MasterKey) -> None:
    revise(url, "UPDATE alembic_version SET version_num = '9999'")
    assert (await inspect(url, master)).tables is Tables.NEWER


async def test_a_missing_folder_and_a_broken_file_are_told(tmp_path: Path, master: MasterKey) -> None:
    assert "folder" in (await inspect(f"sqlite+aiosqlite:///{tmp_path}/nowhere/x.db", master)).problem
    (tmp_path / "x.db").write_text("not a database, but long enough to have been one" * 40)
    assert "not a database" in (await inspect(f"sqlite+aiosqlite:///{tmp_path}/x.db", master)).problem
