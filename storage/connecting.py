"""How a database is reached: one engine, prepared alike for the bot, the command line and the doctor."""

from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import DatabaseUnavailable

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON")


def engine_for(url: str) -> AsyncEngine:
    """An engine for a database address; nothing is connected yet.

    Raises:
        DatabaseUnavailable: the folder that SQLite's file should lie in does not exist, or what reaches another kind
            of database is not installed.
    """
    if not url.startswith("sqlite"):
        return _other_engine(url)
    path = file_of(url)
    if path is not None and not path.parent.is_dir():
        raise DatabaseUnavailable(f"the folder of the database does not exist: {path.parent}")
    # One connection: SQLite has one writer, and a queue in order beats its busy handler's polling.
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _other_engine(url: str) -> AsyncEngine:
    try:
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    except (ImportError, ArgumentError):
        driver = make_url(url).drivername
        raise DatabaseUnavailable(
            f"what a {driver} database needs is not installed; use sqlite+aiosqlite:///schoolgate.db"
        ) from None


def file_of(url: str) -> Path | None:
    """The file that holds an SQLite database; None for any other database and for one in memory."""
    database = make_url(url).database if url.startswith("sqlite") else None
    return Path(database) if database and database != ":memory:" else None


def reason(error: BaseException) -> str:
    """Why a database cannot be used, in one line without parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    first = str(cause).splitlines()[0] if str(cause) else ""
    return f"the database cannot be used: {type(cause).__name__}: {first}"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
