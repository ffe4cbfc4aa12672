import json
from typing import Any

import pytest

from moderation.cases import BadInput, Case, read_cases
from moderation.vocabulary import Clause, Concern, Outcome, Role, Roster, RosterPerson

ROSTER = Roster(
    (RosterPerson("Mrs Ann Lee", frozenset({Role.HEADTEACHER})), RosterPerson("Jo Kerr", frozenset({Role.CLASS_REP})))
)


def _read(*found: Any) -> list[Case]:
    return list(read_cases([json.dumps(one) for one in found], ROSTER))


def test_only_the_text_is_needed() -> None:
    [case] = _read({"text": "hello"})
    assert (case.id, case.utterance.text, case.labels) == ("1", "hello", None)
    assert case.utterance.sender.roles == {Role.PARENT}
    assert case.utterance.reply_to is None


def test_the_roster_says_what_a_sender_is() -> None:
    [case] = _read({"text": "x", "sender": "parent:jo kerr", "reply_to": {"sender": "staff:Mrs Ann Lee", "text": "y"}})
    assert case.utterance.sender.roles == {Role.CLASS_REP}
    assert case.utterance.reply_to is not None
    assert case.utterance.reply_to.sender.roles == {Role.HEADTEACHER}


def test_somebody_not_on_the_roster_is_what_the_case_says() -> None:
    parent, staff = _read({"text": "x", "sender": "parent:Mrs Ann Lee"}, {"text": "x", "sender": "staff:Nobody Known"})
    assert parent.utterance.sender.roles == {Role.PARENT}
    assert staff.utterance.sender.is_staff


def test_labels_are_read_and_unknown_keys_ignored() -> None:
    [case] = _read(
        {"id": 7, "text": "x", "decision": "flag", "clauses": ["3.4t"], "severity": 3, "concern": "danger", "mood": 1}
    )
    assert case.id == "7"
    assert case.labels is not None
    assert (case.labels.outcome, case.labels.clauses) == (Outcome.FLAG, frozenset({Clause.THREAT}))
    assert (case.labels.concern, case.labels.severity) == (Concern.DANGER, 3)


def test_blank_lines_are_passed_over_but_counted() -> None:
    cases = list(read_cases(["\n", '{"text": "x"}\n', ""], ROSTER))
    assert [case.id for case in cases] == ["2"]


def test_half_a_surrogate_pair_does_no_harm() -> None:
    [case] = list(read_cases(['{"text": "a\\ud83d"}'], ROSTER))
    assert case.utterance.text == "a\ufffd"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1: this is not a JSON object"),
        ("[1]", "line 1: this is not a JSON object"),
        ("{}", "line 1: text is missing"),
        ('{"text": 3}', "line 1: text: expected a text"),
        ('{"text": "x", "reply_to": "y"}', "line 1: reply_to: expected an object or null"),
        ('{"text": "x", "reply_to": {"sender": "parent:A"}}', "line 1: reply_to.text is missing"),
        ('{"text": "x", "sender": "Tom"}', "line 1: sender: expected"),
        ('{"text": "x", "sender": 1}', "line 1: sender: expected"),
        ('{"text": "x", "id": []}', "line 1: id: expected a text"),
        ('{"text": "x", "decision": "bad"}', "line 1: decision: expected one of ok, redirect, flag"),
        ('{"text": "x", "decision": "flag", "clauses": "4.1a"}', "line 1: clauses: expected a list"),
        ('{"text": "x", "decision": "flag", "clauses": ["9"]}', "line 1: clauses: expected one of 4.1a"),
        ('{"text": "x", "decision": "flag", "severity": 9}', "line 1: severity: expected"),
        ('{"text": "x", "decision": "ok", "concern": "fire"}', "line 1: concern: expected one of none"),
    ],
)
def test_a_malformed_line_is_named_and_never_quoted(line: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(read_cases([line], ROSTER))
    assert str(caught.value).startswith(problem)
