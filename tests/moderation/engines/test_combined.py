"""Detoxify lends weight to ours where ours is not sure: never less, never much more, never against plainly fine."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from moderation.engine import EngineFailed, Prepared
from moderation.engines.combined import BONUS, BOUNDS, COUNTS_FROM, FLAG, CombinedEngine, _log_odds, combined
from moderation.engines.detoxify import scores_of
from moderation.policy import are_valid, judge
from moderation.vocabulary import Clause, Concern, Meant, Outcome, Scores, Target, Utterance

LABELS = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
UNTOUCHED = frozenset(Clause) - set(BOUNDS)
SHIPPED = load_policy()
POLICY = replace(SHIPPED, flag=0.58, flag_alone=0.65, threat_alone=0.12)
TINY = 1e-9

probabilities = st.floats(0, 1) | st.sampled_from([0.03, 0.1, 0.15, 0.3, 0.5, 0.6, 0.8, 0.999])
ours = st.builds(
    Scores,
    toxicity=probabilities,
    redirect=probabilities,
    flag=probabilities,
    concern=probabilities,
    clauses=st.fixed_dictionaries({clause: probabilities for clause in Clause}),
    concerns=st.fixed_dictionaries({kind: probabilities for kind in Concern}),
)
theirs = st.fixed_dictionaries({label: probabilities for label in LABELS})


def scores(flag: float, toxicity: float = 0.1, **clauses: float) -> Scores:
    """Ours, with clauses by their names in small letters."""
    return Scores(toxicity, 0.1, flag, 0.1, {one: clauses.get(one.name.lower(), 0.02) for one in Clause})


def found(**labels: float) -> Scores:
    """What Detoxify makes of a text."""
    return scores_of({label: labels.get(label, 0.0) for label in LABELS})


def all_of(one: Scores) -> list[float]:
    """Every score, in one order."""
    return [one.toxicity, one.redirect, one.flag, one.concern, *(one.clauses[clause] for clause in Clause)]


@given(ours, theirs)
def test_nothing_is_lowered_and_every_score_is_a_probability(one: Scores, labels: dict[str, float]) -> None:
    result = combined(one, scores_of(labels))
    assert are_valid(result)
    assert all(after >= before for after, before in zip(all_of(result), all_of(one), strict=True))


@given(ours, theirs)
def test_what_detoxify_knows_nothing_of_is_ours(one: Scores, labels: dict[str, float]) -> None:
    result = combined(one, scores_of(labels))
    assert (result.redirect, result.concern, result.concerns) == (one.redirect, one.concern, one.concerns)
    assert {clause: result.clauses[clause] for clause in UNTOUCHED} == {c: one.clauses[c] for c in UNTOUCHED}
    assert {Clause.DEFAMATORY} == UNTOUCHED


@given(ours, theirs)
def test_the_bonus_and_where_it_ends_are_bounded(one: Scores, labels: dict[str, float]) -> None:
    result = combined(one, scores_of(labels))
    changes = [(one.clauses[clause], result.clauses[clause], bounds) for clause, bounds in BOUNDS.items()]
    for before, after, bounds in [(one.flag, result.flag, FLAG), *changes]:
        if after != before:
            assert bounds.low < before < bounds.high
            assert after <= bounds.high
            assert _log_odds(after) <= _log_odds(before) + BONUS + TINY


@given(ours, theirs, st.floats(0, FLAG.low))
def test_a_text_that_ours_finds_plainly_fine_is_judged_as_by_ours(
    one: Scores, labels: dict[str, float], low: float
) -> None:
    fine = replace(one, flag=low)
    result = combined(fine, scores_of(labels))
    assert (result.flag, result.clauses) == (fine.flag, fine.clauses)
    meant, words = Meant(Target.PARENT, "none"), Utterance("you are all late again")
    assert judge(result, meant, words, SHIPPED).outcome is judge(fine, meant, words, SHIPPED).outcome


@given(ours, theirs)
def test_what_detoxify_finds_harmless_changes_no_more_than_toxicity(one: Scores, labels: dict[str, float]) -> None:
    mild = {label: value * COUNTS_FROM for label, value in labels.items()}
    result = combined(one, scores_of(mild))
    assert replace(result, toxicity=one.toxicity) == one


@given(ours, theirs, theirs)
def test_the_more_detoxify_finds_the_higher_every_score(
    one: Scores, labels: dict[str, float], more: dict[str, float]
) -> None:
    higher = {label: max(labels[label], more[label]) for label in LABELS}
    less, much = combined(one, scores_of(labels)), combined(one, scores_of(higher))
    assert all(after >= before - TINY for before, after in zip(all_of(less), all_of(much), strict=True))


@given(ours, ours, theirs)
def test_the_more_ours_finds_the_higher_every_score(one: Scores, other: Scores, labels: dict[str, float]) -> None:
    higher = replace(
        one,
        toxicity=max(one.toxicity, other.toxicity),
        flag=max(one.flag, other.flag),
        redirect=max(one.redirect, other.redirect),
        concern=max(one.concern, other.concern),
        clauses={clause: max(one.clauses[clause], other.clauses[clause]) for clause in Clause},
    )
    less, much = combined(one, scores_of(labels)), combined(higher, scores_of(labels))
    assert all(after >= before - TINY for before, after in zip(all_of(less), all_of(much), strict=True))


@pytest.mark.parametrize(
    ("flag", "toxicity", "outcome"),
    [
        (0.40, 0.99, Outcome.FLAG),
        (0.40, 0.60, Outcome.OK),
        (0.25, 0.99, Outcome.OK),
        (0.05, 1.00, Outcome.OK),
        (0.60, 0.00, Outcome.FLAG),
    ],
)
def test_a_sure_detoxify_tips_only_what_ours_half_believes(flag: float, toxicity: float, outcome: Outcome) -> None:
    result = combined(scores(flag, abuse_to_parent=flag), found(toxicity=toxicity, insult=toxicity))
    verdict = judge(result, Meant(Target.PARENT, "reply"), Utterance("you are all late again"), POLICY)
    assert verdict.outcome is outcome


def test_a_threat_that_both_half_believe_is_flagged() -> None:
    unsure = scores(0.3, threat=0.07)
    meant, words = Meant(Target.PARENT, "reply"), Utterance("you are all late again")
    assert judge(unsure, meant, words, POLICY).outcome is Outcome.OK
    verdict = judge(combined(unsure, found(toxicity=0.9, threat=0.95)), meant, words, POLICY)
    assert (verdict.outcome, verdict.clauses) == (Outcome.FLAG, (Clause.THREAT,))


def test_the_bounds_stand_to_the_shipped_thresholds_as_their_reasons_say() -> None:
    assert FLAG.low < SHIPPED.flag < FLAG.high
    assert all(one.high < SHIPPED.flag_alone for one in BOUNDS.values())
    assert BOUNDS[Clause.THREAT].low < SHIPPED.threat_alone < BOUNDS[Clause.THREAT].high


def test_the_bonus_is_worth_what_its_reason_says() -> None:
    assert combined(scores(0.345), found(toxicity=1.0)).flag >= POLICY.flag
    assert combined(scores(0.33), found(toxicity=1.0)).flag < POLICY.flag


class Fixed:
    """An engine that gives one answer to everything."""

    def __init__(self, name: str, answer: Scores, only: int | None = None) -> None:
        self.name, self.version, self._answer, self._only = name, f"{name}-1", answer, only

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        return [self._answer] * (len(prepared) if self._only is None else self._only)


class Failing(Fixed):
    """An engine that cannot score."""

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        raise EngineFailed("detoxify: scoring failed (RuntimeError)")


def test_both_are_asked_and_named() -> None:
    engine = CombinedEngine(Fixed("ours", scores(0.4)), Fixed("theirs", found(toxicity=1.0)))
    assert (engine.name, engine.version) == ("builtin+detoxify", "ours-1+theirs-1")
    assert engine.score([]) == []
    first, second = engine.score([Prepared("a", "a"), Prepared("b", "b")])
    assert first == second == combined(scores(0.4), found(toxicity=1.0))


def test_where_detoxify_fails_the_batch_has_failed() -> None:
    engine = CombinedEngine(Fixed("ours", scores(0.4)), Failing("theirs", found()))
    with pytest.raises(EngineFailed, match="scoring failed"):
        engine.score([Prepared("a", "a")])


def test_an_engine_that_leaves_a_text_out_has_failed() -> None:
    engine = CombinedEngine(Fixed("ours", scores(0.4)), Fixed("theirs", found(), only=1))
    with pytest.raises(EngineFailed, match="did not score every text"):
        engine.score([Prepared("a", "a"), Prepared("b", "b")])
