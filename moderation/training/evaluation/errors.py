"""The worst errors: where we were surest and people say otherwise. Named by id; texts are for the terminal alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.measures import concern_score
from moderation.vocabulary import Clause, Concern, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Error:
    """One message that we judged otherwise than people; `sure` is the probability that we gave our own view."""

    id: str
    expected: str
    found: str
    sure: float


def worst_errors(cases: Sequence[Labelled], verdicts: Sequence[Verdict], most: int) -> list[Error]:
    """The errors in the decision or in whether there is a concern, the surest first."""
    found = []
    for case, verdict in zip(cases, verdicts, strict=True):
        sure = _sure(case, verdict)
        if sure is not None:
            found.append(Error(case.case.id, _expected(case), _found(verdict), round(sure, 4)))
    return sorted(found, key=lambda one: (-one.sure, one.id))[:most]


def _sure(case: Labelled, verdict: Verdict) -> float | None:
    """None where we agree with people."""
    labels, sure = case.labels, []
    if verdict.outcome is not labels.outcome:
        sure.append(verdict.confidence)
    if (verdict.concern is Concern.NONE) is not (labels.concern is Concern.NONE):
        score = concern_score(verdict)
        sure.append(1 - score if verdict.concern is Concern.NONE else score)
    return max(sure, default=None)


def _expected(case: Labelled) -> str:
    return _told(case.labels.outcome, case.labels.clauses, case.labels.concern)


def _found(verdict: Verdict) -> str:
    return _told(verdict.outcome, frozenset(verdict.clauses), verdict.concern)


def _told(outcome: Outcome, clauses: frozenset[Clause], concern: Concern) -> str:
    text = " ".join([str(outcome), *(str(one) for one in Clause if one in clauses)])
    return text if concern is Concern.NONE else f"{text}, concern {concern}"


def table_of_errors(errors: Sequence[Error], cases: Sequence[Labelled], *, show_texts: bool) -> Table:
    """The errors for the terminal, with the messages themselves only if asked for."""
    texts = {case.case.id: case.utterance.text for case in cases}
    table = Table("id", "people say", "we say", "sure", title="Our worst errors", title_justify="left")
    if show_texts:
        table.add_column("text")
    for one in errors:
        row = [one.id, one.expected, one.found, f"{one.sure:.2f}"]
        table.add_row(*row, *([escape(texts[one.id])] if show_texts else []))
    return table
