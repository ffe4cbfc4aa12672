"""Checks of key, database and heartbeat: each can fail."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.doctor.findings import State
from bot.doctor.keeping import check_database, check_key, check_key_fits, check_migrations, check_running
from config.settings import Settings
from storage.crypto import MasterKey
from storage.inspecting import Inspection, Tables

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_missing_key_file_is_wrong(tmp_path: Path) -> None:
    found = check_key(Settings(key_file=tmp_path / "none.key"))
    assert found.state is State.WRONG
    assert "no key file" in found.text


def test_a_key_file_that_others_can_read_is_wrong_and_its_remedy_named(tmp_path: Path) -> None:
    path = tmp_path / "schoolgate.key"
    MasterKey.generate_file(path)
    assert check_key(Settings(key_file=path)).state is State.FINE
    path.chmod(0o644)
    found = check_key(Settings(key_file=path))
    assert found.state is State.WRONG
    assert f"chmod 600 {path}" in found.text


def test_a_key_from_a_variable_is_checked_too(tmp_path: Path) -> None:
    key = MasterKey.generate_file(tmp_path / "k").to_base64()
    assert check_key(Settings.model_validate({"key": key})).state is State.FINE
    found = check_key(Settings.model_validate({"key": "c2hvcnQ="}))
    assert found.state is State.WRONG
    assert "c2hvcnQ=" not in found.text


def test_a_database_that_cannot_be_used_is_wrong() -> None:
    found = check_database(Inspection(Tables.MISSING, problem="the folder of the database does not exist: x"))
    assert found.state is State.WRONG
    assert found.text.startswith("The folder")


def test_a_database_that_is_not_there_is_wrong() -> None:
    assert check_database(Inspection(Tables.MISSING)).state is State.WRONG
    assert check_database(Inspection(Tables.CURRENT)).state is State.FINE


def test_tables_of_another_version_are_wrong() -> None:
    assert check_migrations(Inspection(Tables.CURRENT)).state is State.FINE
    for tables in (Tables.MISSING, Tables.OLDER, Tables.NEWER):
        found = check_migrations(Inspection(tables))
        assert found.state is State.WRONG
        assert found.remedy


def test_a_key_that_does_not_fit_is_wrong() -> None:
    assert check_key_fits(Inspection(Tables.CURRENT)).state is State.FINE
    assert check_key_fits(Inspection(Tables.CURRENT, key_problem="This is not the key.")).state is State.WRONG


def test_a_bot_that_is_not_running_or_fell_silent_is_told() -> None:
    assert check_running(NOW - timedelta(seconds=5), NOW).state is State.FINE
    assert check_running(None, NOW).state is State.NOTE
    fallen = check_running(NOW - timedelta(seconds=95), NOW)
    assert fallen.state is State.NOTE
    assert "95 s ago" in fallen.text
