"""How the model does on batches it had not seen, through the very policy that judges in the group.

Thresholds are proposed from these too: our own corpus only, never a test set. What is proposed is printed; a
person decides and writes it into `config/policy.toml`.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from moderation.agreement import Agreement, Judged, agreements, macro_f1
from moderation.attribution import attribute
from moderation.engines.builtin import scores_of
from moderation.legibility import Legibility, legibility
from moderation.normalise import normalise
from moderation.policy import Policy, judge
from moderation.training.data import Example
from moderation.vocabulary import Clause, Concern, Outcome, Utterance, Verdict

POLICY = Path(__file__).parents[2] / "config" / "policy.toml"
_GRID = tuple(round(float(step), 2) for step in np.arange(0.06, 0.96, 0.04))
#: How many times more a miss counts than a false alarm, in the F measure of what must not be missed.
_MISSES_COUNT = 2.0
_MUST_NOT_MISS = frozenset({"3.4t", "any"})


def read_policy(path: Path = POLICY) -> Policy:
    """Read the thresholds without `config`, which the core does not import."""
    return Policy.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))


def judged_unseen(examples: Sequence[Example], unseen: NDArray[np.float32]) -> Callable[[Policy], list[Judged]]:
    """Prepare to judge every example by any policy; who is meant is worked out once."""
    meant = [attribute(one.case.utterance, one.roster) for one in examples]
    scores = [scores_of(row) for row in unseen]

    # Whether a text can be read depends on no threshold: it is asked once, and a plain text stands in after that.
    asked = [_stand_in(one.case.utterance) for one in examples]

    def by(policy: Policy) -> list[Judged]:
        parts = zip(examples, asked, scores, meant, strict=True)
        return [(judge(score, who, text, policy), one.labels) for one, text, score, who in parts]

    return by


def _stand_in(utterance: Utterance) -> Utterance:
    readable = legibility(normalise(utterance.text).text) is Legibility.ENGLISH
    return replace(utterance, text="good morning all" if readable else "")


def table_of(found: Sequence[Agreement], title: str) -> Table:
    """Precision, recall, F1 and support for each label, as a table for the terminal."""
    table = Table("", "label", "precision", "recall", "F1", "support", title=title)
    for one in found:
        table.add_row(
            one.kind, one.label, f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", str(one.support)
        )
    for kind in ("decision", "clause", "concern"):
        table.add_row(kind, "macro", "", "", f"{macro_f1(found, kind):.2f}", "")
    return table


def report_unseen(examples: Sequence[Example], unseen: NDArray[np.float32], console: Console) -> None:
    """Print how the policy as it stands does on batches not seen."""
    judged = judged_unseen(examples, unseen)(read_policy())
    console.print(
        table_of(agreements(judged), f"{len(examples)} messages, each by a model that had not seen its batch")
    )
    for name, rate in rates(judged).items():
        console.print(f"{name}: {rate:.3f}")


def rates(judged: Sequence[Judged]) -> dict[str, float]:
    """What a table by label does not tell: threats flagged under any clause, and noise on quiet messages."""
    threats = [verdict for verdict, labels in judged if Clause.THREAT in labels.clauses]
    quiet = [verdict for verdict, labels in judged if labels.outcome is Outcome.OK and labels.concern is Concern.NONE]
    return {
        "threats flagged at all": _part(threats, lambda one: one.outcome is Outcome.FLAG),
        "quiet messages flagged": _part(quiet, lambda one: one.outcome is Outcome.FLAG),
        "quiet messages pointed": _part(quiet, lambda one: one.outcome is Outcome.REDIRECT),
        "quiet messages raised as a concern": _part(quiet, lambda one: one.concern is not Concern.NONE),
    }


def _part(verdicts: Sequence[Verdict], holds: Callable[[Verdict], bool]) -> float:
    return sum(map(holds, verdicts)) / len(verdicts) if verdicts else 0.0


def choose_thresholds(examples: Sequence[Example], unseen: NDArray[np.float32], console: Console) -> Policy:
    """Propose thresholds one after the other, each the best while the others stand still; prints them."""
    by = judged_unseen(examples, unseen)
    policy = read_policy()
    for candidates, worth in _steps():
        policy = max(candidates(policy), key=lambda one: worth(agreements(by(one))))
    console.print("Proposed for config/policy.toml:")
    for name in ("flag", "flag_alone", "threat_alone", "redirect", "concern", "second_abuse"):
        console.print(f"{name} = {getattr(policy, name):.2f}")
    for clause, least in policy.clauses.items():
        console.print(f'"{clause}" = {least:.2f}')
    return policy


_Step = tuple[Callable[[Policy], Iterator[Policy]], Callable[[list[Agreement]], float]]


def _steps() -> Iterator[_Step]:
    yield _varied("concern"), lambda found: _worth(found, "concern", "any")
    yield _varied("redirect"), lambda found: macro_f1(found, "decision")
    yield _varied("flag"), lambda found: macro_f1(found, "decision")
    yield _varied("flag_alone"), lambda found: macro_f1(found, "decision")
    yield _varied("redirect"), lambda found: macro_f1(found, "decision")
    for clause in Clause:
        yield _varied_clause(clause), _of_clause(clause)
    yield _varied("second_abuse"), lambda found: macro_f1(found, "clause")


def _varied(name: str) -> Callable[[Policy], Iterator[Policy]]:
    # The fields are probabilities; mypy cannot see through the name.
    return lambda policy: (replace(policy, **{name: value}) for value in _GRID)  # type: ignore[arg-type]


def _varied_clause(clause: Clause) -> Callable[[Policy], Iterator[Policy]]:
    return lambda policy: (replace(policy, clauses={**policy.clauses, clause: value}) for value in _GRID)


def _of_clause(clause: Clause) -> Callable[[list[Agreement]], float]:
    return lambda found: _worth(found, "clause", str(clause))


def _worth(found: Sequence[Agreement], kind: str, label: str) -> float:
    one = next(one for one in found if one.kind == kind and one.label == label)
    beta = _MISSES_COUNT if label in _MUST_NOT_MISS else 1.0
    if not one.hits:
        return 0.0
    return (1 + beta**2) * one.hits / ((1 + beta**2) * one.hits + beta**2 * one.misses + one.false_alarms)
