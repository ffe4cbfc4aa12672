"""Checks of what came in and went out: each can fail."""

from datetime import UTC, datetime, timedelta

from bot.doctor.findings import State
from bot.doctor.traffic import check_inbox, check_outbox, check_unknown_fields
from storage.inbox import Figures

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_update_that_waits_for_long_is_wrong() -> None:
    found = check_inbox(Figures(3, 0, NOW - timedelta(minutes=25)), NOW)
    assert found.state is State.WRONG
    assert "3 updates wait, the oldest for 25 minutes" in found.text


def test_an_update_that_was_given_up_is_told() -> None:
    found = check_inbox(Figures(0, 2), NOW)
    assert found.state is State.NOTE
    assert "2 updates" in found.text


def test_a_fresh_update_is_fine() -> None:
    assert check_inbox(Figures(1, 0, NOW - timedelta(seconds=2)), NOW).state is State.FINE


def test_a_refused_call_is_told() -> None:
    assert check_outbox(0).state is State.FINE
    assert check_outbox(4).state is State.NOTE


def test_a_field_that_cannot_be_read_is_wrong_and_named_once() -> None:
    assert check_unknown_fields([]).state is State.FINE
    assert check_unknown_fields(["told:school:rich_text"]).state is State.FINE
    found = check_unknown_fields(["rich_text", "told:school:rich_text"])
    assert found.state is State.WRONG
    assert found.text.endswith("cannot read: rich_text.")
