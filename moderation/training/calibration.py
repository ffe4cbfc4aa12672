"""Making logits into probabilities that hold: chosen on the validation part, which no training saw.

Softmaxes get a temperature (Guo et al. 2017), what stands by itself a slope and an intercept (Platt 1999).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from moderation.cases import Labels
from moderation.engines.heads import (
    CLAUSE,
    CLAUSES,
    CONCERN,
    CONCERNS,
    DECISION,
    DECISIONS,
    TOXICITY,
    Calibration,
    Logits,
    softmax,
)

_LEAST, _MOST = 0.3, 5.0
#: Keeps slopes near 1 and intercepts near 0 where there is little to choose them by.
_HELD = 0.02

Bools = NDArray[np.bool_]


def calibrate(logits: Logits, labels: Sequence[Labels], public: Logits, toxic: Bools) -> Calibration:
    """Choose a calibration by labelled messages (logits: messages by outputs) and by public texts for toxicity."""
    decisions = np.array([DECISIONS.index(one.outcome) for one in labels])
    concerns = np.array([CONCERNS.index(one.concern) for one in labels])
    clauses = [
        platt(logits[:, CLAUSE][:, at], np.array([clause in one.clauses for one in labels]))
        for at, clause in enumerate(CLAUSES)
    ]
    return Calibration(
        decision=temperature(logits[:, DECISION], decisions),
        concern=temperature(logits[:, CONCERN], concerns),
        clauses=tuple(clauses),
        toxicity=platt(public[:, TOXICITY], toxic),
    )


def temperature(logits: Logits, truth: NDArray[np.int64]) -> float:
    """The divisor of logits (messages by alternatives) under which the truth is likeliest."""

    def unlikely(divisor: float) -> float:
        found = softmax(logits / divisor)[np.arange(len(truth)), truth]
        return float(-np.log(found.clip(1e-9)).mean())

    return round(float(minimize_scalar(unlikely, bounds=(_LEAST, _MOST), method="bounded").x), 4)


def platt(logits: Logits, truth: Bools) -> tuple[float, float]:
    """Slope and intercept under which the truth is likeliest; 1 and 0 where there is but one kind."""
    if truth.all() or not truth.any():
        return 1.0, 0.0
    found = minimize(_unlikely(logits.astype(np.float64), truth), x0=(1.0, 0.0), method="Nelder-Mead")
    slope, intercept = found.x
    return round(float(np.clip(slope, _LEAST, _MOST)), 4), round(float(intercept), 4)


def _unlikely(logits: NDArray[np.float64], truth: Bools) -> Callable[[NDArray[np.float64]], float]:
    signed = np.where(truth, 1.0, -1.0)

    def loss(both: NDArray[np.float64]) -> float:
        slope, intercept = both
        held = _HELD * ((slope - 1) ** 2 + intercept**2) / max(1, int(truth.sum()))
        return float(np.logaddexp(0, -signed * (slope * logits + intercept)).mean() + held)

    return loss
