import pytest

from moderation.agreement import agreements, macro_f1
from moderation.cases import Labels
from moderation.vocabulary import Clause, Concern, Outcome, Verdict

JUDGED = [
    (
        Verdict(Outcome.FLAG, (Clause.THREAT,), concern=Concern.DANGER),
        Labels(Outcome.FLAG, frozenset({Clause.THREAT}), Concern.DANGER),
    ),
    (Verdict(Outcome.FLAG, (Clause.ABUSE_ABOUT,)), Labels(Outcome.OK)),
    (Verdict(Outcome.OK), Labels(Outcome.FLAG, frozenset({Clause.THREAT}), Concern.CHILD)),
    (Verdict(Outcome.OK), Labels(Outcome.OK)),
]


def test_hits_false_alarms_and_misses_are_counted_for_each_label() -> None:
    found = {(one.kind, one.label): one for one in agreements(JUDGED)}
    flag = found["decision", "flag"]
    assert (flag.hits, flag.false_alarms, flag.misses, flag.support) == (1, 1, 1, 2)
    assert (flag.precision, flag.recall, flag.f1) == (0.5, 0.5, 0.5)
    assert found["clause", "3.4t"].recall == 0.5
    assert found["concern", "any"].recall == 0.5
    assert found["concern", "danger"].f1 == 1.0


def test_a_label_nobody_used_counts_nothing() -> None:
    found = {(one.kind, one.label): one for one in agreements(JUDGED)}
    redirect = found["decision", "redirect"]
    assert (redirect.precision, redirect.recall, redirect.f1) == (0.0, 0.0, 0.0)
    assert macro_f1(agreements(JUDGED), "clause") == pytest.approx(2 / 3)
    assert macro_f1([], "clause") == 0.0
