"""`schoolgate init`: asks, checks each answer, writes settings that load, and overwrites nothing."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.cli.questions import QUESTIONS, tidy
from config.settings import ready_for_real_telegram
from config.sources import load_settings
from storage.crypto import MasterKey

FLAGS = [
    "--telegram-token=123456:abc-DEF",
    "--controller=Oakfield Primary",
    "--data-protection-contact=dpo@school.example",
    "--privacy-notice-url=https://school.example/privacy",
    "--complaints-url=https://school.example/complaints",
]
ANSWERS = {
    "telegram_token": "123456:abc-DEF",
    "controller": 'St "Chad\'s" [bold]Ćwik[/bold] \\ Primary',
    "data_protection_contact": "dpo@school.example",
    "privacy_notice_url": "https://school.example/privacy",
    "complaints_url": "https://school.example/complaints",
    "complaints_contact": "",
    "office_contact": "01632 960000",
    "timezone": "Europe/London",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to set up in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> int:
    """The exit status of `schoolgate init`."""
    with pytest.raises(SystemExit) as left:
        main(["init", *arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_flags_alone_set_a_school_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init("--non-interactive", *FLAGS) == 0
    settings = load_settings()
    assert settings.controller == "Oakfield Primary"
    assert ready_for_real_telegram(settings) == []
    MasterKey.from_file(settings.key_file)
    shown = capsys.readouterr().out
    assert "Still needed" not in shown
    assert "schoolgate doctor" in shown
    assert "abc-DEF" not in shown


def test_settings_and_key_are_for_their_owner_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        assert init("--non-interactive", *FLAGS) == 0
    finally:
        os.umask(before)
    for name in ("schoolgate.toml", "schoolgate.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["schoolgate.key", "schoolgate.toml"]


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert init("--non-interactive", "--controller=Oakfield") == 0
    shown = capsys.readouterr().out
    assert "telegram_token is not set" in shown
    assert "complaints_url is not set" in shown
    assert "controller is not set" not in shown


def test_questions_are_answered_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, *ANSWERS.values())
    assert init() == 0
    settings = load_settings()
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == ANSWERS["telegram_token"]
    for name in list(ANSWERS)[1:]:
        assert getattr(settings, name) == ANSWERS[name]
    shown = capsys.readouterr().out
    for number, question in enumerate(QUESTIONS, 1):
        assert f"{number} of {len(QUESTIONS)}." in shown
        assert question.words in " ".join(shown.split())


def test_every_question_has_a_flag_and_a_setting_of_its_own() -> None:
    assert [question.setting for question in QUESTIONS] == list(ANSWERS)


def test_an_answer_that_cannot_be_used_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = list(ANSWERS.values())
    type_in(monkeypatch, "my token", *answers[:3], "school.example", *answers[3:])
    assert init() == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "This must be what BotFather gave" in shown
    assert "This must be a web address" in shown
    assert load_settings().privacy_notice_url == ANSWERS["privacy_notice_url"]


def test_a_flag_is_offered_as_the_answer_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, *[""] * len(QUESTIONS))
    assert init(*FLAGS) == 0
    settings = load_settings()
    assert settings.controller == "Oakfield Primary"
    assert settings.office_contact == ""


def test_an_end_of_input_writes_nothing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    type_in(monkeypatch, "123456:abc")
    assert init() == 1
    assert list(folder.iterdir()) == []


def test_bad_flags_are_all_named_without_their_values_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init("--non-interactive", "--telegram-token=hunter2", "--timezone=Mars") == 2
    shown = capsys.readouterr().err
    assert "--telegram-token: This must be what BotFather gave" in shown
    assert "--timezone: This must be a time zone" in shown
    assert "hunter2" not in shown
    assert list(folder.iterdir()) == []


def test_settings_are_not_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schoolgate.toml").write_text("# mine")
    assert init("--non-interactive", *FLAGS) == 2
    assert "schoolgate.toml exists already" in capsys.readouterr().err
    assert (folder / "schoolgate.toml").read_text() == "# mine"
    assert not (folder / "schoolgate.key").exists()


def test_force_replaces_settings_and_still_keeps_the_key(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init("--non-interactive", *FLAGS) == 0
    key = (folder / "schoolgate.key").read_bytes()
    assert init("--non-interactive", "--force", "--controller=Another") == 0
    assert load_settings().controller == "Another"
    assert (folder / "schoolgate.key").read_bytes() == key
    assert "the key that was there" in capsys.readouterr().out


def test_a_key_that_others_can_read_stops_it_with_what_to_type(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    MasterKey.generate_file(folder / "schoolgate.key")
    (folder / "schoolgate.key").chmod(0o644)
    assert init("--non-interactive", *FLAGS) == 1
    assert "chmod 600 schoolgate.key" in capsys.readouterr().err
    assert not (folder / "schoolgate.toml").exists()


def test_a_folder_that_cannot_be_written_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init("--non-interactive", "--config=nowhere/schoolgate.toml", *FLAGS) == 2
    assert "nowhere/schoolgate.toml cannot be written: No such file" in capsys.readouterr().err


def test_an_answer_is_kept_to_one_line() -> None:
    assert tidy("  a\tb\x00c\u200b\n d ") == "a b c d"
