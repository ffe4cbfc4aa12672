"""Propose thresholds for `config/policy.toml`: `python -m moderation.training.thresholds` (after `make train`).

Each threshold in turn gets the value under which the shipped model does best on the validation part, while the others
stand still, until none moves. What counts as best is `worth`: the product's own measures, threats and concerns more by
what is missed than by what is raised in vain, and a price on every ordinary message that is disturbed. The test part is
never looked at. What is proposed is printed; a person decides and writes it into the file.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from moderation.agreement import Judged, agreements, macro_f1
from moderation.attribution import attribute
from moderation.engine import Engine
from moderation.engines import load_engine
from moderation.legibility import Legibility, legibility
from moderation.normalise import normalise
from moderation.policy import Policy, judge
from moderation.training.data import CORPUS, Example, load_corpus, of_part
from moderation.training.evaluation.columns import POLICY, read_policy
from moderation.training.split import Part
from moderation.vocabulary import Clause, Concern, Meant, Outcome, Scores, Utterance, Verdict

#: Steps that are tried for every threshold.
GRID = tuple(round(0.03 * step, 2) for step in range(1, 33))
FIELDS = ("concern", "threat_alone", "flag", "redirect", "flag_alone", "flag_of_self", "second_abuse", "trust_engine")
_ROUNDS = 3
#: Of ordinary messages, so many may be flagged, pointed and raised before each further one costs dearly.
_QUIET = (0.005, 0.010, 0.003)
_PRICE = 3.0
#: How many times more a missed concern counts than one raised in vain, in the F measure.
_MISSED = 1.5


@dataclass(frozen=True, slots=True)
class Read:
    """One message with everything that no threshold changes."""

    example: Example
    scores: Scores
    meant: Meant
    stand_in: Utterance
    everyday: bool

    def judged(self, policy: Policy) -> Judged:
        """The verdict by a policy, beside what people say."""
        return judge(self.scores, self.meant, self.stand_in, policy), self.example.labels


def read_all(examples: Sequence[Example], engine: Engine, everyday: frozenset[str]) -> list[Read]:
    """Score every example and work out who is meant; `everyday` are the ids of ordinary chat."""
    scored = engine.score([one.read() for one in examples])
    return [
        Read(
            one,
            scores,
            attribute(one.case.utterance, one.roster),
            _stand_in(one.case.utterance),
            one.case.id in everyday,
        )
        for one, scores in zip(examples, scored, strict=True)
    ]


def _stand_in(utterance: Utterance) -> Utterance:
    """A text that is known to be English, where this one is: the policy would read it again only to learn this."""
    readable = legibility(normalise(utterance.text).text) is Legibility.ENGLISH
    return replace(utterance, text="good morning all" if readable else "")


def worth(read: Sequence[Read], policy: Policy) -> float:
    """How well a policy does on these messages; more is better, and 4 would be perfect."""
    judged = [one.judged(policy) for one in read]
    found = agreements(judged)
    concern = next(one for one in found if one.kind == "concern" and one.label == "any")
    beta = _MISSED**2
    missed = (1 + beta) * concern.hits + beta * concern.misses + concern.false_alarms
    ordinary = [verdict for one, (verdict, _) in zip(read, judged, strict=True) if one.everyday]
    return (
        macro_f1(found, "decision")
        + macro_f1(found, "clause")
        + threats_flagged(judged)
        + ((1 + beta) * concern.hits / missed if missed else 1.0)
        - _PRICE * sum(max(0.0, rate - most) for rate, most in zip(_noise(ordinary), _QUIET, strict=True))
    )


def threats_flagged(judged: Sequence[Judged]) -> float:
    """The share of threats that are flagged, under whatever clause; 1 where there are none."""
    found = [verdict.outcome is Outcome.FLAG for verdict, labels in judged if Clause.THREAT in labels.clauses]
    return sum(found) / len(found) if found else 1.0


def _noise(ordinary: Sequence[Verdict]) -> tuple[float, float, float]:
    count = max(1, len(ordinary))
    return (
        sum(one.outcome is Outcome.FLAG for one in ordinary) / count,
        sum(one.outcome is Outcome.REDIRECT for one in ordinary) / count,
        sum(one.concern is not Concern.NONE for one in ordinary) / count,
    )


def propose(read: Sequence[Read], policy: Policy, told: Callable[[str], None] = lambda _: None) -> Policy:
    """The policy that no single step makes better."""
    best = worth(read, policy)
    for turn in range(_ROUNDS):
        before = best
        for name, candidates in _varied(policy):
            found = max(candidates, key=lambda one: worth(read, one))
            value = worth(read, found)
            if value > best:
                policy, best = found, value
            told(f"round {turn + 1}: {name}, {best:.4f}")
        if best <= before:
            break
    return policy


def _varied(policy: Policy) -> Iterator[tuple[str, list[Policy]]]:
    for name in FIELDS:
        # The fields are probabilities; mypy cannot see through the name.
        yield name, [replace(policy, **{name: value}) for value in GRID]  # type: ignore[arg-type]
    for clause in Clause:
        yield clause.value, [replace(policy, clauses={**policy.clauses, clause: value}) for value in GRID]


def main(arguments: Sequence[str] | None = None) -> int:
    """Propose thresholds and print them. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.thresholds")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument("--policy", type=Path, default=POLICY, help="the thresholds to start from")
    options = parser.parse_args(arguments)
    console, errors = Console(), Console(stderr=True)
    examples = of_part(load_corpus(options.corpus), Part.VALIDATION)
    with errors.status("Scoring the validation part") as status:
        read = read_all(examples, load_engine("builtin"), everyday_of(examples))
        start = read_policy(options.policy)
        policy = propose(read, start, status.update)
    console.print(f"worth {worth(read, start):.4f} -> {worth(read, policy):.4f}")
    for name in FIELDS:
        console.print(f"{name} = {getattr(policy, name):.2f}")
    for clause, least in policy.clauses.items():
        console.print(f'"{clause}" = {least:.2f}')
    return 0


def everyday_of(examples: Sequence[Example]) -> frozenset[str]:
    """The ids of messages that are tagged as ordinary chat, and from which nothing should follow."""
    return frozenset(
        one.case.id
        for one in examples
        if "everyday" in one.tags and one.labels.outcome is Outcome.OK and one.labels.concern is Concern.NONE
    )


if __name__ == "__main__":
    sys.exit(main())
