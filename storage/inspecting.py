"""A look at a database from outside: nothing in it is changed, and none is made where there is none."""

from dataclasses import dataclass
from enum import StrEnum

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from storage.connecting import engine_for, file_of, reason
from storage.crypto import MasterKey
from storage.errors import DatabaseUnavailable, KeyRefused
from storage.meta import KEY_CHECK
from storage.migrations.run import config
from storage.tables import MetaRow


class Tables(StrEnum):
    """How the tables of a database stand to this version of Schoolgate."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. `problem` and `key_problem` say in words what is wrong; empty if nothing is."""

    tables: Tables
    problem: str = ""
    key_problem: str = ""


async def inspect(url: str, master: MasterKey | None) -> Inspection:
    """Look at a database; without a master key, all but whether the key fits."""
    path = file_of(url)
    try:
        engine = engine_for(url)
    except DatabaseUnavailable as error:
        return Inspection(Tables.MISSING, problem=str(error))
    if path is not None and not path.exists():
        return Inspection(Tables.MISSING)
    try:
        async with engine.connect() as connection:
            tables = await connection.run_sync(_standing)
            key_problem = ""
            if tables is not Tables.MISSING and master is not None:
                key_problem = await connection.run_sync(_key_problem, master)
            return Inspection(tables, key_problem=key_problem)
    except (SQLAlchemyError, OSError) as error:
        return Inspection(Tables.MISSING, problem=reason(error))
    finally:
        await engine.dispose()


def _standing(connection: Connection) -> Tables:
    script = ScriptDirectory.from_config(config())
    heads = set(MigrationContext.configure(connection).get_current_heads())
    if not heads:
        return Tables.MISSING
    if heads == set(script.get_heads()):
        return Tables.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return Tables.OLDER if heads <= known else Tables.NEWER


def _key_problem(connection: Connection, master: MasterKey) -> str:
    with Session(connection) as session:
        kept = session.scalar(select(MetaRow.value).where(MetaRow.name == KEY_CHECK))
    try:
        if kept is not None:
            master.verify(kept)
    except KeyRefused as error:
        return str(error)
    return ""
