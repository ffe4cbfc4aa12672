"""How a database is reached."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage.connecting import engine_for, file_of, reason
from storage.errors import DatabaseUnavailable


def test_only_sqlite_in_a_file_has_a_file(tmp_path: Path) -> None:
    assert file_of(f"sqlite+aiosqlite:///{tmp_path}/a.db") == tmp_path / "a.db"
    assert file_of("sqlite+aiosqlite://") is None
    assert file_of("sqlite+aiosqlite:///:memory:") is None
    assert file_of("postgresql+psycopg://somewhere/a") is None


async def test_no_error_of_the_database_shows_parameters(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    async with engine.connect() as connection:
        with pytest.raises(OperationalError) as raised:
            await connection.execute(text("SELECT :words FROM nowhere"), {"words": "words of a parent"})
    await engine.dispose()
    assert "words of a parent" not in str(raised.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="nowhere"):
        engine_for(f"sqlite+aiosqlite:///{tmp_path}/nowhere/a.db")


@pytest.mark.parametrize("driver", ["asyncpg", "nonsense"])
def test_a_database_that_nothing_here_can_reach_is_refused_without_its_password(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Importing what stands there as None fails, as if it were not installed.
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(DatabaseUnavailable, match=f"postgresql.{driver}") as refused:
        engine_for(f"postgresql+{driver}://somebody:secret@somewhere/a")
    assert "secret" not in str(refused.value)


def test_a_reason_is_one_line_without_parameters() -> None:
    error = OperationalError("SELECT ?", ("secret words",), RuntimeError("disk I/O error\nmore"))
    assert reason(error) == "the database cannot be used: RuntimeError: disk I/O error"
    assert reason(OSError()) == "the database cannot be used: OSError: "
