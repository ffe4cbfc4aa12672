"""Settings: each checked, none unknown, secrets never shown, and the real Telegram only when a school is ready."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.settings import REAL_TELEGRAM, Settings, ready_for_real_telegram

LOOPBACK = "http://127.0.0.1:8081/bot"
READY = {
    "telegram_token": "123456:abc",
    "controller": "Oakfield Primary",
    "data_protection_contact": "dpo@school.example",
    "privacy_notice_url": "https://school.example/privacy",
    "complaints_url": "https://school.example/complaints",
}


def settings(**values: Any) -> Settings:
    return Settings(**values)


def test_without_any_setting_the_defaults_are_a_local_school() -> None:
    default = settings()
    assert default.telegram_base_url == REAL_TELEGRAM
    assert default.database_url == "sqlite+aiosqlite:///schoolgate.db"
    assert default.key_file == Path("schoolgate.key")
    assert default.engine == "builtin"
    assert default.zone.key == "Europe/London"
    assert not default.is_rehearsal


def test_spans_of_time_come_from_their_settings() -> None:
    chosen = settings(join_wait_hours=12, sanction_days=3, code_days=10, pointer_hours=6)
    assert chosen.join_wait == timedelta(hours=12)
    assert chosen.sanction_wait == timedelta(days=3)
    assert chosen.code_lifetime == timedelta(days=10)
    assert chosen.pointer_interval == timedelta(hours=6)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("telegram_token", "my token", "BotFather"),
        ("telegram_base_url", "http://127.0.0.1:8081", "must end in /bot"),
        ("telegram_base_url", "ftp://x/bot", "https://"),
        ("database_url", "sqlite:///x.db", "sqlite\\+aiosqlite"),
        ("clock", "sundial", "'system' or 'file:PATH'"),
        ("clock", "file:", "'system' or 'file:PATH'"),
        ("engine", "magic", "builtin"),
        ("detoxify_sha256", "xyz", "pattern"),
        ("privacy_notice_url", "school.example/privacy", "https://"),
        ("timezone", "Mars/Olympus", "Europe/London"),
        ("timezone", "../etc", "Europe/London"),
        ("sweep_seconds", 0, "greater than or equal"),
        ("code_days", -1, "greater than 0"),
        ("log_level", "LOUD", "INFO"),
        ("nonsense", 1, "not permitted"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_without_being_shown(name: str, value: object, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem) as caught:
        settings(**{name: value})
    assert "input_value" not in str(caught.value)


def test_secrets_are_never_in_what_is_printed() -> None:
    chosen = settings(
        telegram_token="123456:very-secret",
        key="c2VjcmV0",
        database_url="postgresql+psycopg://user:pass-word@db/school",
    )
    for shown in (repr(chosen), str(chosen)):
        assert "very-secret" not in shown
        assert "c2VjcmV0" not in shown
        assert "pass-word" not in shown
    assert chosen.secrets == ("123456:very-secret", "c2VjcmV0")


@pytest.mark.parametrize("address", [LOOPBACK, "http://localhost:1/bot/", "http://[::1]:5/bot"])
def test_a_server_on_this_computer_with_a_movable_clock_is_a_rehearsal(address: str) -> None:
    chosen = settings(telegram_base_url=address, clock="file:/x/offset")
    assert chosen.is_rehearsal
    assert ready_for_real_telegram(chosen) == []


@pytest.mark.parametrize("address", [REAL_TELEGRAM, "https://bots.example/bot", "http://10.0.0.1/bot"])
def test_a_movable_clock_is_refused_with_the_real_telegram(address: str) -> None:
    with pytest.raises(ValidationError, match="rehearsals on this computer only"):
        settings(telegram_base_url=address, clock="file:/x/offset")


def test_a_server_of_our_own_on_this_computer_still_counts_as_the_real_telegram() -> None:
    chosen = settings(telegram_base_url=LOOPBACK)
    assert not chosen.is_rehearsal
    assert ready_for_real_telegram(chosen)


def test_the_address_for_files_goes_with_the_address_of_the_server() -> None:
    assert settings().telegram_file_url == "https://api.telegram.org/file/bot"
    assert settings(telegram_base_url=LOOPBACK).telegram_file_url == "http://127.0.0.1:8081/file/bot"


def test_a_school_that_has_set_everything_is_ready() -> None:
    assert ready_for_real_telegram(settings(**READY)) == []


@pytest.mark.parametrize("name", READY)
def test_each_missing_setting_is_named_before_the_real_telegram(name: str) -> None:
    given = {key: value for key, value in READY.items() if key != name}
    (missing,) = ready_for_real_telegram(settings(**given))
    assert missing.startswith(f"{name} is not set: ")
