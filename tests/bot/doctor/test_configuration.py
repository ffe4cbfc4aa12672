"""Each check of what a school sets has a test in which it fails."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.doctor.configuration import (
    check_code,
    check_notice,
    check_policy,
    check_review,
    check_settings,
    check_texts,
)
from bot.doctor.findings import State
from config.conduct import load_code_of_conduct
from config.settings import Settings

READY = {
    "telegram_token": "7000000001:a-token",
    "controller": "Oakfield Primary",
    "data_protection_contact": "dpo@oakfield.example",
    "privacy_notice_url": "https://oakfield.example/privacy",
    "complaints_url": "https://oakfield.example/complaints",
}


def test_settings_that_the_real_telegram_needs_are_named_when_missing() -> None:
    settings = Settings.model_validate({**READY, "controller": "", "complaints_url": ""})
    found = check_settings(settings)
    assert found.state is State.WRONG
    assert "controller" in found.text
    assert "complaints_url" in found.text
    assert "schoolgate init" in found.remedy


def test_whole_settings_are_fine() -> None:
    assert check_settings(Settings.model_validate(READY)).state is State.FINE


def test_a_rehearsal_needs_none_of_them(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"telegram_base_url": "http://127.0.0.1:1/bot", "clock": f"file:{tmp_path / 'clock'}"}
    )
    assert check_settings(settings).state is State.FINE


@pytest.mark.parametrize(
    ("check", "setting"),
    [
        (check_texts, "texts_file"),
        (check_code, "code_file"),
        (check_notice, "notice_file"),
        (check_policy, "policy_file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(check, setting: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # four functions of one shape
    bad = tmp_path / "own.toml"
    bad.write_text("this is = not = toml")
    assert check(Settings()).state is State.FINE
    found = check(Settings.model_validate({setting: bad}))
    assert found.state is State.WRONG
    assert str(bad) in found.text
    assert found.remedy


def test_the_review_date_is_told_when_it_is_near_and_when_it_has_passed() -> None:
    code = replace(load_code_of_conduct(), next_review=date(2026, 10, 1))
    assert check_review(code, date(2025, 1, 1)).state is State.FINE
    near = check_review(code, date(2026, 8, 1))
    assert near.state is State.NOTE
    assert "due for review in October 2026" in near.text
    past = check_review(code, date(2026, 11, 1))
    assert past.state is State.NOTE
    assert "was due" in past.text
