"""The figures of the report, on examples small enough to work out by hand, and their intervals."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.cases import Case, Labels
from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.column import EVERYTHING, Asked, Knows, Tell, untold
from moderation.training.evaluation.errors import worst_errors
from moderation.training.evaluation.intervals import Draws, ratio
from moderation.training.evaluation.measures import counts, f1s, macro_f1, measured
from moderation.training.evaluation.pictures import precision_recall, reliability
from moderation.training.evaluation.report import Row
from moderation.training.evaluation.sections import near_pairs
from moderation.vocabulary import Clause, Concern, Outcome, Roster, Scores, Severity, Utterance, Verdict


def _case(name: str, labels: Labels, *, text: str = "hello all", conversation: str = "", tags: str = "") -> Labelled:
    case = Case(name, Utterance(text), labels)
    return Labelled(case, labels, Roster(), conversation or name, frozenset(tags.split()))


def _scores(flag: float, concern: float = 0.0) -> Scores:
    return Scores(flag, 0.0, flag, concern, dict.fromkeys(Clause, 0.0))


class _Column:
    is_stage, version = False, "1"

    def __init__(self, name: str, knows: frozenset[Knows] = EVERYTHING) -> None:
        self.name, self.knows = name, knows

    def verdicts(self, asked: Sequence[Asked], tell: Tell = untold) -> list[Verdict]:
        return []


THREAT = Labels(Outcome.FLAG, frozenset({Clause.THREAT}), severity=3)
RUDE = Labels(Outcome.FLAG, frozenset({Clause.ABUSE_ABOUT}), severity=1)
FINE = Labels(Outcome.OK)


def _figures(cases: list[Labelled], verdicts: list[Verdict], knows: frozenset[Knows] = EVERYTHING) -> dict[str, Row]:
    draws = Draws([case.conversation for case in cases], draws=50)
    return {row.label: row for row in measured(cases, [(_Column("ours", knows), verdicts)], draws)}


def _value(rows: dict[str, Row], label: str) -> float:
    found = rows[label].values["ours"]
    assert found is not None
    return found.value


def test_rates_are_what_one_counts_by_hand() -> None:
    cases = [
        _case("a", THREAT, conversation="one"),
        _case("b", FINE, conversation="one"),
        _case("c", FINE, tags="everyday"),
        _case("d", RUDE),
        _case("e", Labels(Outcome.OK, concern=Concern.CHILD)),
    ]
    verdicts = [
        Verdict(Outcome.FLAG, (Clause.THREAT,), Severity.GRAVE, scores=_scores(0.9)),
        Verdict(Outcome.FLAG, (Clause.THREAT,), Severity.GRAVE, scores=_scores(0.8)),
        Verdict(Outcome.REDIRECT, scores=_scores(0.1)),
        Verdict(Outcome.OK, scores=_scores(0.2)),
        Verdict(Outcome.OK, concern=Concern.DANGER, scores=_scores(0.0, 0.9)),
    ]
    rows = _figures(cases, verdicts)
    assert _value(rows, "flag precision") == _value(rows, "flag recall") == 0.5
    assert _value(rows, "threats (3.4t): flagged at all") == _value(rows, "threats (3.4t): under 3.4t") == 1
    assert _value(rows, "3.4t precision") == 0.5
    assert _value(rows, "ok beside a threat: flagged") == 1
    assert _value(rows, "severity agrees, of what is rightly flagged") == 1
    assert _value(rows, "any concern: recall") == _value(rows, "any concern: precision") == 1
    assert _value(rows, "concern child: raised as any") == 1
    assert _value(rows, "concern child: raised as it") == 0
    assert _value(rows, "ordinary chat: pointed") == 1_000
    assert _value(rows, "all ok without concern: flagged") == 500
    # ok: 1 hit of 2 found and 3 there; redirect is nobody's label; flag: 1 hit, 1 wrong, 1 missed.
    assert _value(rows, "decision: macro F1 of ok, redirect, flag") == pytest.approx((2 / 5 + 1 / 2) / 2)
    # 3.4t: one right, one wrong; 4.1b: missed. The others are nobody's labels.
    assert _value(rows, "clauses: macro F1 of the six") == pytest.approx((2 / 3 + 0) / 2)
    assert "4.1b" in rows["clauses: the worst one's F1"].cell("ours")
    assert _value(rows, "ROC-AUC of the flag score") == pytest.approx(5 / 6)


def test_a_column_is_not_measured_on_what_it_cannot_tell() -> None:
    rows = _figures([_case("a", RUDE)], [Verdict(Outcome.FLAG)], frozenset({Knows.FLAG}))
    assert "flag recall" in rows
    assert not any("concern" in label or "3.4t" in label or "ROC" in label for label in rows)


def test_f1_leaves_out_labels_that_nobody_gave() -> None:
    parts = counts([["a"], ["a"], ["b"]], [["a"], ["b"], ["b"]], ["a", "b", "c"])
    each = f1s(parts.sum(axis=0)[None, :])[0]
    assert each[:2] == pytest.approx([2 / 3, 2 / 3])
    assert np.isnan(each[2])
    assert macro_f1(parts.sum(axis=0)[None, :])[0] == pytest.approx(2 / 3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=60))
def test_an_interval_holds_its_figure_and_stays_a_share(told: list[tuple[int, bool]]) -> None:
    draws = Draws([str(group) for group, _ in told], draws=80)
    found = draws.share(np.ones(len(told), bool), np.array([holds for _, holds in told]))
    assert found is not None
    assert found.value == pytest.approx(sum(holds for _, holds in told) / len(told))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.count == len(told)


def test_few_messages_that_agree_are_no_certainty() -> None:
    found = Draws(list("abcd")).share(np.ones(4, bool), np.ones(4, bool), scale=1_000)
    assert found is not None
    assert found.value == found.high == 1_000
    assert 450 < found.low < 550


def test_an_interval_is_about_as_wide_as_theory_says_and_the_same_each_time() -> None:
    holds = np.arange(400) % 4 == 0
    groups = [str(at) for at in range(400)]
    found = Draws(groups).share(np.ones(400, bool), holds)
    assert found is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * (0.25 * 0.75 / 400) ** 0.5, rel=0.1)
    assert found == Draws(groups).share(np.ones(400, bool), holds)
    assert found != Draws(groups, seed=1).share(np.ones(400, bool), holds)


def test_messages_of_one_conversation_make_an_interval_wider() -> None:
    holds = np.repeat(np.arange(40) % 2 == 0, 10)
    alone = Draws([str(at) for at in range(400)]).share(np.ones(400, bool), holds)
    together = Draws([str(at // 10) for at in range(400)]).share(np.ones(400, bool), holds)
    assert alone is not None
    assert together is not None
    assert together.high - together.low > 2 * (alone.high - alone.low)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(told: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in told], float)
    truth = np.array([true for _, true in told])
    found = Draws([str(at) for at in range(len(told))], draws=20).auc(scores, truth)
    pairs = [(a, b) for a in scores[truth] for b in scores[~truth]]
    if not pairs:
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs))
    assert found.low <= found.value <= found.high


def test_nothing_to_measure_gives_no_figure() -> None:
    draws = Draws([], draws=5)
    assert draws.share(np.zeros(0, bool), np.zeros(0, bool)) is None
    assert draws.estimate(np.zeros((0, 2)), lambda sums: ratio(sums[:, 0], sums[:, 1])) is None


def test_precision_and_recall_at_every_score() -> None:
    precision, recall = precision_recall(np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False]))
    assert list(precision) == pytest.approx([1, 2 / 3, 0.5])
    assert list(recall) == pytest.approx([0.5, 1, 1])


def test_scores_that_mean_what_they_say_have_no_calibration_error() -> None:
    scores = np.repeat([0.25, 0.75], 40)
    truth = np.concatenate([np.arange(40) < 10, np.arange(40) < 30])
    mean, share, count, error = reliability(scores, truth)
    assert list(mean) == pytest.approx(list(share))
    assert list(count) == [40, 40]
    assert error == pytest.approx(0)
    assert reliability(np.full(10, 1.0), np.zeros(10, bool))[3] == 1


def test_near_pairs_share_a_word_and_not_a_label() -> None:
    cases = [
        _case("a", RUDE, text="you Idiot"),
        _case("b", FINE, text="what an idiot I am"),
        _case("c", FINE, text="no rude word"),
        _case("d", RUDE, text="idiotic"),
    ]
    assert near_pairs(cases, seed=1) == [(0, 1)]


def test_the_worst_errors_are_those_we_were_surest_of() -> None:
    cases = [_case("right", FINE), _case("missed", THREAT), _case("alarm", FINE), _case("child", FINE)]
    verdicts = [
        Verdict(Outcome.OK, confidence=1.0),
        Verdict(Outcome.OK, confidence=0.95),
        Verdict(Outcome.FLAG, (Clause.THREAT,), confidence=0.6),
        Verdict(Outcome.OK, concern=Concern.CHILD, confidence=1.0, scores=_scores(0.0, 0.7)),
    ]
    found = worst_errors(cases, verdicts, 5)
    assert [one.id for one in found] == ["missed", "child", "alarm"]
    assert (found[0].expected, found[0].found) == ("flag 3.4t", "ok")
    assert found[1].found == "ok, concern child"
    assert len(worst_errors(cases, verdicts, 1)) == 1
