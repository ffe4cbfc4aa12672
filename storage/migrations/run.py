"""Alembic from inside the program: the tables are brought up to date at start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from storage.errors import DatabaseUnavailable


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, with an open connection to work on."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision.

    Raises:
        DatabaseUnavailable: a newer version of Schoolgate made this database.
    """
    try:
        command.upgrade(config(connection), "head")
    except CommandError:
        raise DatabaseUnavailable(
            "a newer version of Schoolgate made this database; install that version, or restore a backup"
        ) from None


def is_current(connection: Connection) -> bool:
    """Whether the tables are at the newest revision."""
    script = ScriptDirectory.from_config(config(connection))
    return MigrationContext.configure(connection).get_current_heads() == tuple(script.get_heads())
