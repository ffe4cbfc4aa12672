"""Everything that a database holds, opened: each sealed column with its key, each other column as it stands."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from storage.crypto import MasterKey, Sealed
from storage.errors import StorageError
from storage.tables import Base
from storage.vault import Vault


def everything_in(database: Path, master: MasterKey) -> str:
    """All that is in the database, as one text. AssertionError if a sealed column cannot be opened."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        rows = {
            table.name: connection.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608 - our own tables
            for table in Base.metadata.sorted_tables
        }
    keys = _keys(rows, master)
    return "\n".join(text for table, found in rows.items() for row in found for text in _texts(table, row, keys))


def on_disk(database: Path) -> bytes:
    """The bytes of the database file and of what lies beside it (write-ahead log, shared memory)."""
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(f"{database.name}*")))


def _keys(rows: dict[str, list[sqlite3.Row]], master: MasterKey) -> list[Sealed]:
    vault = Vault(master)
    keys = [vault.installation]
    for school in rows["school"]:
        vault.learn_school(school["id"], school["key_wrapped"])
        keys.append(vault.school(school["id"]))
    for case in rows["case"]:
        if case["key_wrapped"] is not None:
            keys.append(vault.case(case["school_id"], case["id"], case["key_wrapped"]))
    return keys


def _texts(table: str, row: sqlite3.Row, keys: list[Sealed]) -> Iterator[str]:
    for column in row.keys():  # noqa: SIM118 - a row iterates over its values
        value = row[column]
        if column.endswith("_sealed") and value is not None:
            yield _open(table, row, column, value, keys)
        elif isinstance(value, bytes):
            yield value.decode("utf-8", errors="replace")
        else:
            yield str(value)


def _open(table: str, row: sqlite3.Row, column: str, value: bytes, keys: list[Sealed]) -> str:
    places = {f"{table}/{row[name]}/{column}" for name in row.keys() if not isinstance(row[name], bytes)}  # noqa: SIM118 - as above
    for place in sorted(places):
        for key in keys:
            try:
                return key.open(value, where=place)
            except StorageError:
                continue
    raise AssertionError(f"{table}.{column} cannot be opened")
