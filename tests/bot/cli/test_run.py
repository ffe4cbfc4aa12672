"""`schoolgate run` refuses to start in plain words, without a traceback and without asking Telegram."""

import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.store import Store

READY = {
    "TELEGRAM_TOKEN": "7000000001:a-token",
    "CONTROLLER": "Oakfield Primary",
    "DATA_PROTECTION_CONTACT": "dpo@oakfield.example",
    "PRIVACY_NOTICE_URL": "https://oakfield.example/privacy",
    "COMPLAINTS_URL": "https://oakfield.example/complaints",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key and settings for a rehearsal on a port where nobody listens."""
    for name in [name for name in os.environ if name.startswith("SCHOOLGATE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    MasterKey.generate_file(tmp_path / "schoolgate.key")
    monkeypatch.setenv("SCHOOLGATE_TELEGRAM_TOKEN", READY["TELEGRAM_TOKEN"])
    monkeypatch.setenv("SCHOOLGATE_TELEGRAM_BASE_URL", "http://127.0.0.1:9/bot")
    monkeypatch.setenv("SCHOOLGATE_CLOCK", f"file:{tmp_path / 'clock'}")
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the bot; its exit status and what it said."""
    with pytest.raises(SystemExit) as left:
        main(["run"])
    assert isinstance(left.value.code, int)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return left.value.code, said


def test_a_missing_key_is_refused(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "schoolgate.key").unlink()
    status, said = refused(capsys)
    assert status == 1
    assert "There is no key file at schoolgate.key" in said
    assert not (house / "schoolgate.db").exists()


async def _found_school(folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'schoolgate.db'}"
    store = await Store.open(url, MasterKey.from_file(folder / "schoolgate.key"))
    async with store.transaction("fill", datetime.now(UTC)) as tx:
        await tx.schools.add("Oakfield Primary")
    await store.close()


@pytest.fixture
async def founded(house: Path) -> Path:
    """The same with a database in which a school is registered."""
    await _found_school(house)
    return house


def test_another_key_is_refused(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (founded / "schoolgate.key").unlink()
    MasterKey.generate_file(founded / "schoolgate.key")
    status, said = refused(capsys)
    assert status == 1
    assert "not the key that this database was made with" in said


def test_a_key_that_others_can_read_is_refused(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "schoolgate.key").chmod(0o644)
    status, said = refused(capsys)
    assert status == 1
    assert "chmod 600" in said


def test_a_file_that_is_no_database_is_refused(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "schoolgate.db").write_text("not a database, but long enough to have been one" * 40)
    status, said = refused(capsys)
    assert status == 1
    assert "the database cannot be used" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_database_that_may_not_be_read_is_refused(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (founded / "schoolgate.db").chmod(0)
    status, said = refused(capsys)
    assert status == 1
    assert "the database cannot be used" in said


def test_a_missing_folder_is_refused(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCHOOLGATE_DATABASE_URL", f"sqlite+aiosqlite:///{house}/nowhere/schoolgate.db")
    status, said = refused(capsys)
    assert status == 1
    assert "folder of the database does not exist" in said


def test_malformed_settings_are_refused_by_line(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "schoolgate.toml").write_text('controller = "Oakfield"\noffice_contact = = "x"\n')
    status, said = refused(capsys)
    assert status == 2
    assert "schoolgate.toml" in said
    assert "line 2" in said


def test_an_unknown_variable_is_refused(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCHOOLGATE_TELEGRAM_TOKN", "x")
    status, said = refused(capsys)
    assert status == 2
    assert "SCHOOLGATE_TELEGRAM_TOKN is not a setting. Did you mean 'SCHOOLGATE_TELEGRAM_TOKEN'?" in said


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"ENGINE": "detoxify"}, r"pip install 'schoolgate\[detoxify\]'"),
        ({"ENGINE": "detoxify", "DETOXIFY_CHECKPOINT": "gone.ckpt"}, "needs its SHA-256"),
        ({"ENGINE": "detoxify", "DETOXIFY_CHECKPOINT": "gone.ckpt", "DETOXIFY_SHA256": "0" * 64}, "cannot be read"),
    ],
)
def test_an_engine_that_cannot_be_loaded_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str], problem: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    # Importing what stands there as None fails, as if it were not installed.
    monkeypatch.setitem(sys.modules, "detoxify", None)
    status, said = refused(capsys)
    assert status == 1
    assert re.search(problem, said)


def test_no_token_is_refused(house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("SCHOOLGATE_TELEGRAM_TOKEN")
    status, said = refused(capsys)
    assert status == 1
    assert "There is no token" in said
    assert "schoolgate rehearse" in said


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to connect fails the test."""

    def refuse(*_: object) -> None:
        pytest.fail("the network was used")

    monkeypatch.setattr("socket.socket.connect", refuse)


@pytest.fixture
def real(house: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings for the real Telegram, all of them."""
    monkeypatch.delenv("SCHOOLGATE_TELEGRAM_BASE_URL")
    monkeypatch.delenv("SCHOOLGATE_CLOCK")
    for name, value in READY.items():
        monkeypatch.setenv(f"SCHOOLGATE_{name}", value)
    return house


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("setting", [name for name in READY if name != "TELEGRAM_TOKEN"])
def test_the_real_telegram_is_refused_until_each_setting_is_there(
    real: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    monkeypatch.delenv(f"SCHOOLGATE_{setting}")
    status, said = refused(capsys)
    assert status == 1
    assert f"{setting.lower()} is not set" in said


@pytest.mark.usefixtures("no_network")
def test_the_real_telegram_is_refused_without_a_school(real: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = refused(capsys)
    assert status == 1
    assert "no school is registered" in said


@pytest.mark.usefixtures("no_network")
def test_the_real_telegram_is_refused_without_the_two_who_must_be_reached(
    real: Path, founded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = refused(capsys)
    assert status == 1
    assert "a headteacher or deputy is not on the roster" in said
    assert "a designated safeguarding lead or chair is not on the roster" in said


@pytest.mark.usefixtures("no_network")
async def test_the_real_telegram_is_refused_when_they_have_all_blocked_the_bot(real: Path, founded: Path) -> None:
    from bot.readiness import missing_recipients

    url = f"sqlite+aiosqlite:///{founded / 'schoolgate.db'}"
    store = await Store.open(url, MasterKey.from_file(founded / "schoolgate.key"))
    async with store.transaction("fill", datetime.now(UTC)) as tx:
        (school,) = await tx.schools.all()
        for account, role in enumerate((Role.DEPUTY, Role.CHAIR), 1):
            person = await tx.people.add(school_id=school.id, name=role.value, roles=frozenset({role}))
            code, _ = await tx.people.issue_code(person.id, timedelta(days=1))
            await tx.people.bind(code, account)
    assert await missing_recipients(store) == []
    async with store.transaction("block", datetime.now(UTC)) as tx:
        await tx.people.set_blocked(1, blocked=True)
    lines = await missing_recipients(store)
    await store.close()
    assert lines == [
        "Oakfield Primary: a headteacher or deputy has blocked the bot: ask them to open it again.",
    ]
