"""How sure a figure is: 95 % intervals by drawing whole conversations again and again (the bootstrap).

A figure is a function of sums over messages (hits, misses, ...), so a draw is a vector of how often each
conversation was drawn, and a thousand draws are one matrix product. Seeded: the same cases give the same interval.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: From sums, the last axis being the kind of sum, to the figure; `nan` where the figure means nothing.
Formula = Callable[[Floats], Floats]

DRAWS = 1_000
SEED = 20_261_122
_LOW, _HIGH = 2.5, 97.5
#: So many standard deviations hold 95 % of a normal distribution.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the ends of its 95 % interval, how many messages it rests on, and a word on it if one is needed."""

    value: float
    low: float
    high: float
    count: int
    note: str = ""


def ratio(top: Floats, bottom: Floats) -> Floats:
    """Divide, giving `nan` where there is nothing to divide by."""
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


class Draws:
    """The draws of one set of messages, shared by every figure about it.

    `groups` names the conversation of each message; what is drawn together is never torn apart.
    """

    def __init__(self, groups: Sequence[str], *, draws: int = DRAWS, seed: int = SEED) -> None:
        """Draw as many conversations as there are, with replacement, `draws` times."""
        names = {name: place for place, name in enumerate(dict.fromkeys(groups))}
        self._at = np.array([names[name] for name in groups], np.int64)
        count = len(names)
        rng = np.random.default_rng(seed)
        shape = (draws, count)
        self._weights = (
            rng.multinomial(count, np.full(count, 1 / count), size=draws).astype(np.float64)
            if count
            else np.zeros(shape)
        )

    def estimate(self, parts: Floats, formula: Formula, *, count: int | None = None, note: str = "") -> Estimate | None:
        """The figure that `formula` makes of the sums of `parts` (messages by kinds); none where it means nothing."""
        if not len(parts):
            return None
        sums = np.zeros((self._weights.shape[1], parts.shape[1]))
        np.add.at(sums, self._at, parts)
        value = float(formula(sums.sum(axis=0)[None, :])[0])
        return _estimate(value, formula(self._weights @ sums), len(parts) if count is None else count, note)

    def share(self, among: Bools, holds: Bools, *, scale: float = 1.0, note: str = "") -> Estimate | None:
        """The share of the messages `among` which something `holds`, times `scale`.

        Where it holds for all or for none, every draw says the same: there the interval is Wilson's.
        """
        count, hits = int(among.sum()), int((among & holds).sum())
        if not count:
            return None
        if hits in {0, count}:
            edge = _Z**2 / (count + _Z**2)
            low, high = (0.0, edge) if hits == 0 else (1 - edge, 1.0)
            return Estimate(scale * hits / count, scale * low, scale * high, count, note)
        parts = np.column_stack([among, among & holds]).astype(np.float64)
        return self.estimate(parts, lambda sums: scale * ratio(sums[:, 1], sums[:, 0]), count=count, note=note)

    def auc(self, scores: Floats, truth: Bools) -> Estimate | None:
        """ROC-AUC of scores against the truth: how often one that is outranks one that is not, ties half."""
        if truth.all() or not truth.any():
            return None
        order = np.argsort(scores, kind="stable")
        starts = np.unique(scores[order], return_index=True)[1]
        true, groups = truth[order], self._at[order]
        value = float(_auc(np.ones((1, len(scores))), true, starts)[0])
        found = [_auc(rows[:, groups], true, starts) for rows in np.array_split(self._weights, 8)]
        return _estimate(value, np.concatenate(found), len(scores), "")


def _estimate(value: float, drawn: Floats, count: int, note: str) -> Estimate | None:
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value):
        return None
    low, high = np.percentile(drawn, [_LOW, _HIGH]) if len(drawn) else (value, value)
    return Estimate(value, min(float(low), value), max(float(high), value), count, note)


def _auc(weights: Floats, true: Bools, starts: NDArray[np.int64]) -> Floats:
    """By rows of weights; messages are in order of their score, and `starts` says where each new score begins."""
    positive = np.add.reduceat(weights * true, starts, axis=1)
    negative = np.add.reduceat(weights * ~true, starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative
    won = (positive * (below + negative / 2)).sum(axis=1)
    return ratio(won, positive.sum(axis=1) * negative.sum(axis=1))
