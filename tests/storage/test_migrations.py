"""The migrations make exactly the tables that the models say."""

from datetime import datetime

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage.migrations.run import config, is_current, upgrade
from storage.store import Store
from storage.tables import Base


async def test_migrations_and_models_do_not_differ(store: Store) -> None:
    async with store._engine.connect() as connection:
        # `check` raises if autogenerate would write anything.
        await connection.run_sync(lambda sync: command.check(config(sync)))


async def test_a_fresh_database_is_current_and_a_second_upgrade_changes_nothing(store: Store, now: datetime) -> None:
    def look(connection: Connection) -> tuple[bool, set[str]]:
        upgrade(connection)
        return is_current(connection), set(inspect(connection).get_table_names())

    async with store._engine.connect() as connection:
        current, tables = await connection.run_sync(look)
    assert current
    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1
