"""The figures that say how a column does on labelled messages: each a sum over messages and a formula of the sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np

from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.column import Column, Knows
from moderation.training.evaluation.intervals import Draws, Estimate, Floats, ratio
from moderation.training.evaluation.report import Row
from moderation.vocabulary import Clause, Concern, Outcome, Verdict

_T = TypeVar("_T")
Holds = Callable[[Labelled, Verdict], bool]
#: Each column with its verdicts on the same cases.
ByColumn = Sequence[tuple[Column, Sequence[Verdict]]]
_KINDS = tuple(kind for kind in Concern if kind is not Concern.NONE)


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of the messages `among` which `holds`: every rate of the report is one of these."""

    label: str
    needs: Knows
    among: Holds
    holds: Holds
    unit: str = "share"

    def of(self, cases: Sequence[Labelled], verdicts: Sequence[Verdict], draws: Draws) -> Estimate | None:
        """The rate with its interval; none where no message is among them."""
        pairs = list(zip(cases, verdicts, strict=True))
        counted = [self.among(*pair) for pair in pairs]
        held = [own and self.holds(*pair) for own, pair in zip(counted, pairs, strict=True)]
        scale = 1_000.0 if self.unit == "per 1,000" else 1.0
        return draws.share(np.array(counted, bool), np.array(held, bool), scale=scale)


def is_flagged(_: Labelled, verdict: Verdict) -> bool:
    """Whether the verdict is a flag."""
    return verdict.outcome is Outcome.FLAG


def is_pointed(_: Labelled, verdict: Verdict) -> bool:
    """Whether the verdict is a redirect."""
    return verdict.outcome is Outcome.REDIRECT


def is_raised(_: Labelled, verdict: Verdict) -> bool:
    """Whether the verdict carries any concern."""
    return verdict.concern is not Concern.NONE


def should_be_flagged(case: Labelled, _: Verdict) -> bool:
    """Whether people say flag."""
    return case.labels.outcome is Outcome.FLAG


def should_be_raised(case: Labelled, _: Verdict) -> bool:
    """Whether people say that there is a concern."""
    return case.labels.concern is not Concern.NONE


def is_a_threat(case: Labelled, _: Verdict) -> bool:
    """Whether people say 3.4t."""
    return Clause.THREAT in case.labels.clauses


def is_everyday(case: Labelled, _: Verdict) -> bool:
    """Whether it is ordinary chat: nothing should follow, and it is tagged so."""
    return case.is_quiet and "everyday" in case.tags


def is_quiet(case: Labelled, _: Verdict) -> bool:
    """Whether nothing at all should follow."""
    return case.is_quiet


def _noise(label: str, among: Holds) -> list[Rate]:
    return [
        Rate(f"{label}: flagged", Knows.FLAG, among, is_flagged, "per 1,000"),
        Rate(f"{label}: pointed", Knows.REDIRECT, among, is_pointed, "per 1,000"),
        Rate(f"{label}: raised as a concern", Knows.CONCERN, among, is_raised, "per 1,000"),
    ]


def _kind_rates() -> list[Rate]:
    return [rate for kind in _KINDS for rate in _rates_of_kind(kind)]


def _rates_of_kind(kind: Concern) -> list[Rate]:
    def is_one(case: Labelled, _: Verdict) -> bool:
        return case.labels.concern is kind

    def is_found(_: Labelled, verdict: Verdict) -> bool:
        return verdict.concern is kind

    return [
        Rate(f"concern {kind}: raised as any", Knows.CONCERN, is_one, is_raised),
        Rate(f"concern {kind}: raised as it", Knows.CONCERN, is_one, is_found),
    ]


def neighbours(cases: Sequence[Labelled], holds: Callable[[Labelled], bool]) -> frozenset[str]:
    """The conversations in which some message `holds`; their other messages are its near neighbours."""
    return frozenset(case.conversation for case in cases if holds(case))


def _is_called_threat(_: Labelled, verdict: Verdict) -> bool:
    return Clause.THREAT in verdict.clauses


def _is_rightly_flagged(case: Labelled, verdict: Verdict) -> bool:
    return case.labels.severity > 0 and is_flagged(case, verdict) and should_be_flagged(case, verdict)


def _has_its_severity(case: Labelled, verdict: Verdict) -> bool:
    return int(verdict.severity) == case.labels.severity


def rates(cases: Sequence[Labelled]) -> list[Rate]:
    """Every rate of the report for these cases, in its order."""
    threats = neighbours(cases, lambda case: Clause.THREAT in case.labels.clauses)
    concerns = neighbours(cases, lambda case: case.labels.concern is not Concern.NONE)

    def is_beside_threat(case: Labelled, _: Verdict) -> bool:
        return case.is_ok and case.conversation in threats

    def is_no_concern(case: Labelled, _: Verdict) -> bool:
        return case.labels.concern is Concern.NONE

    def is_beside_concern(case: Labelled, verdict: Verdict) -> bool:
        return is_no_concern(case, verdict) and case.conversation in concerns

    return [
        Rate("flag precision", Knows.FLAG, is_flagged, should_be_flagged),
        Rate("flag recall", Knows.FLAG, should_be_flagged, is_flagged),
        Rate("severity agrees, of what is rightly flagged", Knows.CLAUSES, _is_rightly_flagged, _has_its_severity),
        Rate("threats (3.4t): flagged at all", Knows.FLAG, is_a_threat, is_flagged),
        Rate("threats (3.4t): under 3.4t", Knows.CLAUSES, is_a_threat, _is_called_threat),
        Rate("3.4t precision", Knows.CLAUSES, _is_called_threat, is_a_threat),
        Rate("ok beside a threat: flagged", Knows.FLAG, is_beside_threat, is_flagged),
        Rate("any concern: recall", Knows.CONCERN, should_be_raised, is_raised),
        Rate("any concern: precision", Knows.CONCERN, is_raised, should_be_raised),
        Rate("no concern: raised", Knows.CONCERN, is_no_concern, is_raised, "per 1,000"),
        *_kind_rates(),
        Rate("no concern beside one: raised", Knows.CONCERN, is_beside_concern, is_raised),
        *_noise("ordinary chat", is_everyday),
        *_noise("all ok without concern", is_quiet),
    ]


def measured(cases: Sequence[Labelled], by_column: ByColumn, draws: Draws) -> tuple[Row, ...]:
    """Every figure on these cases for every column that can tell it."""
    rows = [_macro_row(by_column, cases, draws)]
    for rate in rates(cases):
        found = {
            column.name: rate.of(cases, verdicts, draws) for column, verdicts in by_column if rate.needs in column.knows
        }
        rows.append(Row(rate.label, rate.unit, found))
    rows[3:3] = [*_clause_rows(by_column, cases, draws), *_auc_rows(by_column, cases, draws)]
    return tuple(row for row in rows if any(row.values.values()))


def _macro_row(by_column: ByColumn, cases: Sequence[Labelled], draws: Draws) -> Row:
    found: dict[str, Estimate | None] = {}
    for column, verdicts in by_column:
        told = [verdict.outcome for verdict in verdicts]
        parts = counts([[one] for one in told], [[case.labels.outcome] for case in cases], tuple(Outcome))
        found[column.name] = draws.estimate(parts, macro_f1)
    return Row("decision: macro F1 of ok, redirect, flag", "share", found)


def _clause_rows(by_column: ByColumn, cases: Sequence[Labelled], draws: Draws) -> list[Row]:
    macro: dict[str, Estimate | None] = {}
    least: dict[str, Estimate | None] = {}
    true = [tuple(case.labels.clauses) for case in cases]
    for column, verdicts in by_column:
        if Knows.CLAUSES not in column.knows:
            continue
        parts = counts([verdict.clauses for verdict in verdicts], true, tuple(Clause))
        macro[column.name] = draws.estimate(parts, macro_f1)
        each = f1s(parts.sum(axis=0)[None, :])[0]
        if np.isfinite(each).any():
            at = int(np.nanargmin(each))
            worst_parts = parts[:, [at, at + len(Clause), at + 2 * len(Clause)]]
            least[column.name] = draws.estimate(worst_parts, macro_f1, note=f"[{tuple(Clause)[at]}]")
    return [Row("clauses: macro F1 of the six", "share", macro), Row("clauses: the worst one's F1", "share", least)]


def _auc_rows(by_column: ByColumn, cases: Sequence[Labelled], draws: Draws) -> list[Row]:
    heads: list[tuple[str, Knows, Callable[[Verdict], float], Callable[[Labelled], bool]]] = [
        ("flag", Knows.FLAG, flag_score, lambda case: case.labels.outcome is Outcome.FLAG),
        ("redirect", Knows.REDIRECT, lambda one: one.scores.redirect if one.scores else 0.0,
         lambda case: case.labels.outcome is Outcome.REDIRECT),
        ("concern", Knows.CONCERN, concern_score, lambda case: case.labels.concern is not Concern.NONE),
    ]  # fmt: skip
    rows = []
    for name, needs, score, true in heads:
        truth = np.array([true(case) for case in cases], bool)
        found = {
            column.name: draws.auc(np.array([score(one) for one in verdicts]), truth)
            for column, verdicts in by_column
            if {needs, Knows.RANKS} <= column.knows
        }
        rows.append(Row(f"ROC-AUC of the {name} score", "auc", found))
    return rows


def flag_score(verdict: Verdict) -> float:
    """How likely the message is a flag; 0 where nothing was scored."""
    return verdict.scores.flag if verdict.scores else 0.0


def concern_score(verdict: Verdict) -> float:
    """How likely there is a concern; 0 where nothing was scored."""
    return verdict.scores.concern if verdict.scores else 0.0


def counts(found: Sequence[Sequence[_T]], true: Sequence[Sequence[_T]], labels: Sequence[_T]) -> Floats:
    """By messages: rightly found, wrongly found, missed; each once for every label, in this order."""
    has = np.array([[label in one for label in labels] for one in found], bool).reshape(-1, len(labels))
    should = np.array([[label in one for label in labels] for one in true], bool).reshape(-1, len(labels))
    return cast(Floats, np.hstack([has & should, has & ~should, ~has & should]).astype(np.float64))


def f1s(sums: Floats) -> Floats:
    """F1 of each label from sums of `counts`; `nan` for one that people never used."""
    hits, wrong, missed = np.split(sums, 3, axis=1)
    found = ratio(2 * hits, 2 * hits + wrong + missed)
    found[hits + missed == 0] = np.nan
    return found


def macro_f1(sums: Floats) -> Floats:
    """Mean F1 over the labels that people used at all; `nan` where they used none."""
    each = f1s(sums)
    used = np.isfinite(each)
    return ratio(np.where(used, each, 0.0).sum(axis=1), used.sum(axis=1).astype(np.float64))
