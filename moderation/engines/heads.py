"""What an encoder's numbers mean: one row of logits becomes calibrated `Scores`.

The columns are shared by the engine and by its training. Decision, concern and severity each exclude their
alternatives (softmax); clauses stand beside each other (sigmoid).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.vocabulary import Clause, Concern, Outcome, Scores, Severity

DECISIONS = tuple(Outcome)
CLAUSES = tuple(Clause)
CONCERNS = tuple(Concern)
SEVERITIES = (Severity.RUDE, Severity.ABUSIVE, Severity.GRAVE)

DECISION = slice(0, 3)
CLAUSE = slice(3, 9)
CONCERN = slice(9, 14)
SEVERITY = slice(14, 17)
TOXICITY = 17
OUTPUTS = 18

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become probabilities that hold: temperatures of the softmaxes, slope and intercept elsewhere.

    `clauses` holds six pairs, in the order of `CLAUSES`. Chosen on the validation part of the corpus.
    """

    decision: float = 1.0
    concern: float = 1.0
    clauses: tuple[tuple[float, float], ...] = ((1.0, 0.0),) * len(CLAUSES)
    toxicity: tuple[float, float] = (1.0, 0.0)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> "Calibration":
        """Read it from parsed JSON.

        Raises:
            KeyError, TypeError, ValueError: a key is missing, or what stands there is not of its kind.
        """
        clauses = tuple(_pair(one) for one in _list(data["clauses"]))
        if len(clauses) != len(CLAUSES):
            raise ValueError("clauses: expected one pair a clause")
        return cls(_number(data["decision"]), _number(data["concern"]), clauses, _pair(data["toxicity"]))

    def as_mapping(self) -> dict[str, object]:
        """What `from_mapping` reads."""
        return {
            "decision": self.decision,
            "concern": self.concern,
            "clauses": [list(pair) for pair in self.clauses],
            "toxicity": list(self.toxicity),
        }


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("expected a number")
    return float(value)


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError("expected a list")
    return value


def _pair(value: object) -> tuple[float, float]:
    slope, intercept = _list(value)
    return _number(slope), _number(intercept)


def scores_of(logits: Logits, calibration: Calibration) -> list[Scores]:
    """The scores of each row of logits (messages by `OUTPUTS`), in order."""
    decisions = softmax(logits[:, DECISION] / calibration.decision)
    concerns = softmax(logits[:, CONCERN] / calibration.concern)
    severities = softmax(logits[:, SEVERITY])
    slopes = np.array(calibration.clauses, np.float32)
    clauses = sigmoid(logits[:, CLAUSE] * slopes[:, 0] + slopes[:, 1])
    toxicity = sigmoid(logits[:, TOXICITY] * calibration.toxicity[0] + calibration.toxicity[1])
    return [
        Scores(
            toxicity=float(toxicity[row]),
            redirect=float(decisions[row, DECISIONS.index(Outcome.REDIRECT)]),
            flag=float(decisions[row, DECISIONS.index(Outcome.FLAG)]),
            concern=float(concerns[row, 1:].sum().clip(0, 1)),
            clauses=dict(zip(CLAUSES, clauses[row].tolist(), strict=True)),
            concerns=dict(zip(CONCERNS[1:], concerns[row, 1:].tolist(), strict=True)),
            severities=dict(zip(SEVERITIES, severities[row].tolist(), strict=True)),
        )
        for row in range(len(logits))
    ]


def softmax(logits: Logits) -> Logits:
    """Probabilities over the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    found: Logits = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return found


def sigmoid(logits: Logits) -> Logits:
    """Each number as a probability by itself."""
    found: Logits = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return found
