"""Checks of the people whom the bot has to reach: each can fail."""

from dataclasses import replace

from bot.doctor.findings import State
from bot.doctor.recipients import check_recipients, check_schools
from moderation.records import Person, School
from moderation.vocabulary import Role

SCHOOL = School("s", "Oakfield Primary")
HEAD = Person("h", "s", "Head", frozenset({Role.HEADTEACHER}), telegram_id=1)
CHAIR = Person("c", "s", "Chair", frozenset({Role.CHAIR}), telegram_id=2)


def test_no_school_at_all_is_wrong() -> None:
    assert check_schools([]).state is State.WRONG
    assert check_schools([SCHOOL]).state is State.FINE


def test_head_and_chair_within_reach_are_fine() -> None:
    assert check_recipients(SCHOOL, [HEAD, CHAIR]).state is State.FINE


def test_nobody_on_the_roster_is_wrong() -> None:
    found = check_recipients(SCHOOL, [HEAD])
    assert found.state is State.WRONG
    assert "safeguarding lead or chair" in found.text


def test_nobody_who_has_opened_the_link_is_wrong() -> None:
    found = check_recipients(SCHOOL, [replace(HEAD, telegram_id=None), CHAIR])
    assert found.state is State.WRONG
    assert "--new-codes" in found.remedy


def test_everybody_having_blocked_the_bot_is_wrong() -> None:
    found = check_recipients(SCHOOL, [replace(HEAD, bot_blocked=True), CHAIR])
    assert found.state is State.WRONG
    assert "blocked" in found.text


def test_a_deputy_stands_in_for_a_headteacher_who_blocked_the_bot() -> None:
    deputy = Person("d", "s", "Deputy", frozenset({Role.DEPUTY}), telegram_id=3)
    assert check_recipients(SCHOOL, [replace(HEAD, bot_blocked=True), deputy, CHAIR]).state is State.FINE
