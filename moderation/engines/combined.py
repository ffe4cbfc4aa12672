"""Two engines as one: ours decides, and Detoxify is one more signal where ours is not sure.

Detoxify knows abuse in general, from public comments; it knows nothing of a school, of grievances, allegations or
safeguarding, and takes much for abuse that is none among parents. So it can only lend weight:

- `redirect`, `concern`, 3.1c and whatever else ours says are ours, untouched.
- `flag`, abuse (4.1a, 4.1b, 4.1c), 3.4d and 3.4t are raised in log-odds, never lowered, by at most `BONUS`, and only
  between two bounds (`BOUNDS`): below the lower one a text is plainly fine, at the upper one ours is sure without help.
- If ours finds the text as a whole plainly fine (`flag` under its lower bound), nothing of this is raised.
- `toxicity`, from which at most the severity of a flag is read, is the middle of both in log-odds, never below ours.

Every score that comes out is a continuous function of all that go in, and no such score ever falls when another rises.
The numbers are set by reasoning, not fitted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from moderation.engine import Engine, EngineFailed, Prepared
from moderation.vocabulary import Clause, Scores

#: The most that Detoxify adds, in log-odds: odds times e. A strong word of a model that was not made for such
#: messages is worth about that: where the policy asks for 0.58, ours at 0.34 is enough beside a certain Detoxify.
BONUS = 1.0
#: Detoxify counts from here on, and in full at 1: below it, it rather thinks the text fine itself.
COUNTS_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where ours is not sure, as probabilities: nothing is added up to `low`, all from `full` on, none past `high`."""

    low: float
    full: float
    high: float


#: The flag as a whole. `low` is far below what a policy asks for, and `high` above it.
FLAG = Bounds(low=0.15, full=0.3, high=0.8)
#: A clause. `high` stays below where a clause alone is a flag (`flag_alone`): that step is for ours to take.
CLAUSE = Bounds(low=0.1, full=0.2, high=0.6)
#: A threat is flagged by itself from very low on (`threat_alone`), since a missed one costs most: so is it helped.
THREAT = Bounds(low=0.03, full=0.06, high=0.5)
BOUNDS: Mapping[Clause, Bounds] = {
    Clause.ABUSE_TO_PARENT: CLAUSE,
    Clause.ABUSE_ABOUT: CLAUSE,
    Clause.ABUSE_TO_STAFF: CLAUSE,
    Clause.DISCRIMINATORY: CLAUSE,
    Clause.THREAT: THREAT,
}
#: No probability counts as surer than this, so that neither engine outvotes the other by a rounding.
_SUREST = 0.999


class CombinedEngine:
    """Scores with both engines. Where one fails, both have: half a score is none."""

    name = "builtin+detoxify"

    def __init__(self, ours: Engine, detoxify: Engine) -> None:
        """Combine ours with Detoxify, whichever way that is run."""
        self._ours, self._detoxify = ours, detoxify

    @property
    def version(self) -> str:
        """Both versions, ours first."""
        return f"{self._ours.version}+{self._detoxify.version}"

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Score with both and combine them text by text.

        Raises:
            EngineFailed: one of the two failed, or did not give a score for each text.
        """
        ours, found = self._ours.score(prepared), self._detoxify.score(prepared)
        if not len(ours) == len(found) == len(prepared):
            raise EngineFailed(f"{self.name}: one of the two did not score every text")
        return [combined(one, other) for one, other in zip(ours, found, strict=True)]


def combined(ours: Scores, detoxify: Scores) -> Scores:
    """Our scores, raised where Detoxify is sure and ours is not."""
    # A text that ours finds plainly fine has no room, whatever a clause of it scores.
    room = _room(ours.flag, FLAG)
    clauses = {
        clause: _raised(score, detoxify.clauses[clause], BOUNDS[clause], room) if clause in BOUNDS else score
        for clause, score in ours.clauses.items()
    }
    return replace(
        ours,
        toxicity=max(ours.toxicity, _probability((_log_odds(ours.toxicity) + _log_odds(detoxify.toxicity)) / 2)),
        flag=_raised(ours.flag, detoxify.flag, FLAG, room),
        clauses=clauses,
    )


def _raised(ours: float, detoxify: float, bounds: Bounds, room: float) -> float:
    """`ours` with Detoxify's bonus, at most up to the upper bound; above that, as it was."""
    weight = min(room, _room(ours, bounds)) * max(0.0, (detoxify - COUNTS_FROM) / (1 - COUNTS_FROM))
    if weight <= 0 or ours >= bounds.high:
        return ours
    return max(ours, min(bounds.high, _probability(_log_odds(ours) + BONUS * weight)))


def _room(ours: float, bounds: Bounds) -> float:
    """How far ours is from plainly fine, from 0 up to `low` to 1 from `full` on, evenly in log-odds."""
    low, full = _log_odds(bounds.low), _log_odds(bounds.full)
    return min(max((_log_odds(ours) - low) / (full - low), 0.0), 1.0)


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1 - _SUREST), _SUREST)
    return log(kept / (1 - kept))


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
