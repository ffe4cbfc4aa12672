"""How well verdicts agree with people's labels: precision, recall and F1 by decision, clause and concern."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderation.cases import Labels
from moderation.vocabulary import Clause, Concern, Outcome, Verdict

#: A verdict beside what people say.
Judged = tuple[Verdict, Labels]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The counts for one label: rightly found, wrongly found, missed."""

    kind: str
    label: str
    hits: int
    false_alarms: int
    misses: int

    @property
    def support(self) -> int:
        """How many cases people gave this label."""
        return self.hits + self.misses

    @property
    def precision(self) -> float:
        """Share of what was found that was right; 0 where nothing was found."""
        return self.hits / (self.hits + self.false_alarms) if self.hits else 0.0

    @property
    def recall(self) -> float:
        """Share of what was there that was found; 0 where nothing was there."""
        return self.hits / self.support if self.hits else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (2 * self.hits + self.false_alarms + self.misses) if self.hits else 0.0


def agreements(judged: Sequence[Judged]) -> list[Agreement]:
    """Return the agreement for every decision, clause and concern, in the vocabulary's order."""
    found = [_count("decision", str(one), judged, _outcome_is(one)) for one in Outcome]
    found += [_count("clause", str(one), judged, _has_clause(one)) for one in Clause]
    found += [_count("concern", str(one), judged, _concern_is(one)) for one in Concern]
    found.append(_count("concern", "any", judged, _any_concern))
    return found


def macro_f1(found: Sequence[Agreement], kind: str) -> float:
    """Mean F1 over the labels of one kind that people used at all; 0 where they used none."""
    used = [one.f1 for one in found if one.kind == kind and one.support and one.label != "any"]
    return sum(used) / len(used) if used else 0.0


_Reader = Callable[[Judged], tuple[bool, bool]]


def _count(kind: str, label: str, judged: Sequence[Judged], read: _Reader) -> Agreement:
    pairs = [read(one) for one in judged]
    return Agreement(
        kind,
        label,
        hits=sum(found and true for found, true in pairs),
        false_alarms=sum(found and not true for found, true in pairs),
        misses=sum(true and not found for found, true in pairs),
    )


def _outcome_is(outcome: Outcome) -> _Reader:
    return lambda one: (one[0].outcome is outcome, one[1].outcome is outcome)


def _has_clause(clause: Clause) -> _Reader:
    return lambda one: (clause in one[0].clauses, clause in one[1].clauses)


def _concern_is(concern: Concern) -> _Reader:
    return lambda one: (one[0].concern is concern, one[1].concern is concern)


def _any_concern(one: Judged) -> tuple[bool, bool]:
    return one[0].concern is not Concern.NONE, one[1].concern is not Concern.NONE
