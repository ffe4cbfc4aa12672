"""One place judges, by data with a version."""

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.policy import Policy, PolicyError, are_valid, judge
from moderation.vocabulary import (
    Clause,
    Concern,
    Meant,
    Outcome,
    Scores,
    Sender,
    Severity,
    Target,
    Utterance,
    Verdict,
)
from tests.support.word_engine import scores, sender

DATA: dict[str, Any] = tomllib.loads(Path("config/policy.toml").read_text(encoding="utf-8"))
# The shipped numbers follow the shipped model; the rules are tested with numbers of their own.
DATA["thresholds"] |= {
    "flag": 0.5,
    "flag_alone": 0.9,
    "threat_alone": 0.3,
    "redirect": 0.5,
    "concern": 0.5,
    "second_abuse": 0.85,
    "trust_engine": 0.3,
    "flag_of_self": 0.97,
}
DATA["clauses"] = {clause.value: 0.5 for clause in Clause}
DATA["severity"]["abusive_toxicity"] = 0.8
POLICY = Policy.from_mapping(DATA)
NOBODY = Meant(Target.NOBODY, "none")
PARENT = Sender("Tom Wicks")
ABOUT, TO_PARENT, TO_STAFF = Clause.ABUSE_ABOUT, Clause.ABUSE_TO_PARENT, Clause.ABUSE_TO_STAFF


def judged(found: Scores | None, meant: Meant = NOBODY, text: str = "words of the message") -> Verdict:
    return judge(found, meant, Utterance(text, PARENT), POLICY)


def flagged(clauses: Mapping[Clause, float], meant: Meant = NOBODY, **others: Any) -> Verdict:
    return judged(scores(0.9, clauses=clauses, **others), meant)


def test_the_policy_that_is_shipped_can_be_used() -> None:
    assert POLICY.version == DATA["version"]
    assert set(POLICY.clauses) == set(Clause)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("version",), "", "version"),
        (("version",), 3, "version"),
        (("thresholds",), None, "thresholds"),
        (("thresholds", "flag"), 1.5, r"thresholds\.flag"),
        (("thresholds", "flag"), True, r"thresholds\.flag"),
        (("thresholds", "flag"), "high", r"thresholds\.flag"),
        (("thresholds", "flagg"), 0.5, r"thresholds\.flagg"),
        (("clauses", "4.1a"), -1, r"clauses\.4\.1a"),
        (("clauses", "9.9z"), 0.5, r"clauses\.9\.9z"),
        (("severity", "grave_defamation"), float("nan"), r"severity\.grave_defamation"),
        (("surprise",), 1, "surprise"),
    ],
)
def test_a_wrong_key_is_named(path: tuple[str, ...], value: object, named: str) -> None:
    data = copy.deepcopy(DATA)
    place = data if len(path) == 1 else data[path[0]]
    place[path[-1]] = value
    with pytest.raises(PolicyError, match=named):
        Policy.from_mapping(data)


def test_a_missing_key_is_named() -> None:
    data = copy.deepcopy(DATA)
    del data["thresholds"]["redirect"]
    with pytest.raises(PolicyError, match=r"thresholds\.redirect"):
        Policy.from_mapping(data)


@pytest.mark.parametrize("name", ["Mr James Okafor", "Mrs Karen Dickinson"])
def test_what_staff_write_is_always_ok(name: str) -> None:
    verdict = judge(scores(0.99, concern=0.9), NOBODY, Utterance("you clown", sender(name)), POLICY)
    assert verdict.is_silent
    assert verdict.scores is None


@pytest.mark.parametrize(
    ("meant", "engine_leans", "clause"),
    [
        (Meant(Target.PARENT, "reply", addressed=True), ABOUT, TO_PARENT),
        (Meant(Target.STAFF, "reply", addressed=True), TO_PARENT, TO_STAFF),
        (Meant(Target.HEADTEACHER, "mention", addressed=True), ABOUT, TO_STAFF),
        (Meant(Target.GROUP, "reply", addressed=True), ABOUT, TO_PARENT),
        (Meant(Target.STAFF, "roster"), TO_STAFF, ABOUT),
        (Meant(Target.SCHOOL, "role"), TO_PARENT, ABOUT),
        (NOBODY, ABOUT, ABOUT),
        (NOBODY, TO_STAFF, TO_PARENT),
    ],
)
def test_abuse_falls_under_the_clause_that_fits_who_is_meant(
    meant: Meant, engine_leans: Clause, clause: Clause
) -> None:
    unclear = dict.fromkeys((ABOUT, TO_PARENT, TO_STAFF), 0.6)
    assert flagged({**unclear, engine_leans: 0.7}, meant).clauses == (clause,)


@pytest.mark.parametrize("because", ["reply", "roster", "pronoun", "none"])
def test_a_clear_engine_outweighs_everything_else(because: str) -> None:
    group = Meant(Target.GROUP, because, addressed=True)
    assert flagged({ABOUT: 0.7, TO_PARENT: 0.35}, group).clauses == (ABOUT,)
    assert flagged({TO_STAFF: 0.7}, group).clauses == (TO_STAFF,)


def test_abuse_counts_twice_only_when_both_are_likely() -> None:
    reply = Meant(Target.PARENT, "reply", addressed=True)
    assert flagged({ABOUT: 0.86, TO_PARENT: 0.9}, reply).clauses == (TO_PARENT, ABOUT)
    assert flagged({ABOUT: 0.6, TO_PARENT: 0.9}, reply).clauses == (TO_PARENT,)


@pytest.mark.parametrize("because", ["roster", "role", "reply", "mention"])
def test_abuse_about_a_named_person_is_not_also_said_to_somebody(because: str) -> None:
    teacher = Meant(Target.STAFF, because)
    assert flagged({ABOUT: 0.95, TO_PARENT: 0.9, TO_STAFF: 0.9}, teacher).clauses == (ABOUT,)


@pytest.mark.parametrize("because", ["pronoun", "none"])
def test_abuse_may_be_both_where_nobody_is_named(because: str) -> None:
    somebody = Meant(Target.UNKNOWN, because)
    assert flagged({ABOUT: 0.95, TO_PARENT: 0.9}, somebody).clauses == (TO_PARENT, ABOUT)


def test_a_flag_has_a_clause_even_below_every_threshold() -> None:
    assert flagged({Clause.DEFAMATORY: 0.2, ABOUT: 0.1}).clauses == (Clause.DEFAMATORY,)


def test_one_clear_clause_is_enough_for_a_flag() -> None:
    verdict = judged(scores(0.1, clauses={Clause.THREAT: 0.95}))
    assert (verdict.outcome, verdict.clauses, verdict.confidence) == (Outcome.FLAG, (Clause.THREAT,), 0.95)


def test_a_threat_needs_less_to_be_a_breach_than_anything_else() -> None:
    assert judged(scores(0.2, clauses={Clause.THREAT: 0.3})).clauses == (Clause.THREAT,)
    assert judged(scores(0.2, clauses={Clause.THREAT: 0.3}), Meant(Target.SELF, "pronoun")).outcome is Outcome.FLAG
    assert judged(scores(0.2, clauses={Clause.THREAT: 0.29})).outcome is Outcome.OK
    assert judged(scores(0.2, clauses={Clause.DISCRIMINATORY: 0.89})).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("clauses", "others", "severity"),
    [
        ({ABOUT: 0.9}, {"toxicity": 0.2}, Severity.RUDE),
        ({ABOUT: 0.9}, {"toxicity": 0.9}, Severity.ABUSIVE),
        ({Clause.DEFAMATORY: 0.7}, {"toxicity": 0.1}, Severity.ABUSIVE),
        ({Clause.DEFAMATORY: 0.99}, {}, Severity.GRAVE),
        ({Clause.DEFAMATORY: 0.7}, {"concern": 0.9}, Severity.GRAVE),
        ({Clause.DISCRIMINATORY: 0.7, ABOUT: 0.9}, {}, Severity.GRAVE),
        ({Clause.THREAT: 0.7}, {"toxicity": 0.0}, Severity.GRAVE),
    ],
)
def test_severity_follows_what_was_found(clauses: dict[Clause, float], others: Any, severity: Severity) -> None:
    assert flagged(clauses, **others).severity is severity


def test_a_grievance_is_redirected_only_if_it_is_no_breach() -> None:
    assert judged(scores(0.1, redirect=0.8)).outcome is Outcome.REDIRECT
    assert judged(scores(0.8, redirect=0.8)).outcome is Outcome.FLAG
    assert judged(scores(0.1, redirect=0.1)).is_silent


@pytest.mark.parametrize(
    ("concerns", "target", "concern"),
    [
        ({Concern.NONE: 0.9, Concern.SELF_HARM: 0.6, Concern.DANGER: 0.2}, Target.NOBODY, Concern.SELF_HARM),
        ({}, Target.STAFF, Concern.STAFF_CHILD),
        ({}, Target.NOBODY, Concern.CHILD),
    ],
)
def test_a_concern_stands_beside_an_ok(concerns: dict[Concern, float], target: Target, concern: Concern) -> None:
    verdict = judged(scores(0.1, concern=0.7, concerns=concerns), Meant(target, "role"))
    assert (verdict.outcome, verdict.concern) == (Outcome.OK, concern)


def test_people_may_be_rude_about_themselves() -> None:
    me = Meant(Target.SELF, "pronoun")
    assert judged(scores(0.9, clauses={ABOUT: 0.9}), me).outcome is Outcome.OK
    assert judged(scores(0.98, clauses={ABOUT: 0.9}), me).outcome is Outcome.FLAG


@pytest.mark.parametrize("text", ["Привет всем как дела", "🎉", "\x00\x01\x02"])
def test_what_cannot_be_read_is_never_flagged(text: str) -> None:
    verdict = judged(scores(0.99, concern=0.99), text=text)
    assert verdict.is_silent
    assert verdict.low_confidence


def test_an_empty_message_is_surely_ok() -> None:
    verdict = judged(None, text=" ")
    assert (verdict.outcome, verdict.low_confidence, verdict.confidence) == (Outcome.OK, False, 1.0)


PROBABILITY = st.floats(0, 1)


@settings(deadline=None)  # a shared machine is no stopwatch
@given(PROBABILITY, PROBABILITY, PROBABILITY, st.fixed_dictionaries(dict.fromkeys(Clause, PROBABILITY)))
def test_every_verdict_holds_together(
    flag: float, redirect: float, concern: float, clauses: dict[Clause, float]
) -> None:
    verdict = judged(scores(flag, redirect=redirect, concern=concern, clauses=clauses))
    is_flag = verdict.outcome is Outcome.FLAG
    assert is_flag == bool(verdict.clauses) == (verdict.severity > Severity.NONE)
    assert 0 <= verdict.confidence <= 1
    assert (verdict.concern is not Concern.NONE) == (concern >= POLICY.concern)


def test_a_score_that_is_no_probability_is_known() -> None:
    assert are_valid(scores(0.5))
    assert not are_valid(scores(float("nan")))
    assert not are_valid(scores(1.5))
    assert not are_valid(Scores(0, 0, 0, 0, {ABOUT: 0.5}))
