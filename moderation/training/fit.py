"""Fitting: hashed features in, `Weights` out. Seeds are fixed, so the same data gives the same model.

Toxicity is learnt from public texts. Everything else is learnt from our corpus, with the toxicity sum as one
more thing to look at. Probabilities are calibrated (Platt) on sums that each message got from a model which had
not seen its batch.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from moderation.engine import Prepared
from moderation.engines.features import BUCKETS, CONTEXT, bag_of, context_of, tokens_of
from moderation.engines.weights import CONTEXT_ROWS, HEADS, TOXICITY_SCALE, Weights
from moderation.training.data import Example, PublicText
from moderation.vocabulary import Concern, Outcome

FOLDS = 8
SEED = 20261122
_STRENGTH = 10.0
_TOXICITY_STRENGTH = 4.0
_CONTEXT_SCALE = 0.5
#: Share of the public texts that toxicity is calibrated on.
_CALIBRATION_PART = 8
#: Harmless public texts teach the heads that are rare and of the school's world what else people talk about.
_BACKGROUND = 2_500
_BACKGROUND_WEIGHT = 0.05
_WITH_BACKGROUND = frozenset({"redirect", "concern", "child", "staff-child", "self-harm", "danger"})

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Features:
    """Hashed features (messages by buckets) and plain numbers (messages by `CONTEXT`)."""

    hashed: sparse.csr_matrix
    context: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Toxicity:
    """What was learnt from public texts: weights of the buckets, bias, and slope and intercept of Platt."""

    hashed: NDArray[np.float64]
    bias: float
    calibration: tuple[float, float]

    def sums(self, features: Features) -> NDArray[np.float64]:
        """Uncalibrated toxicity of each message."""
        found: NDArray[np.float64] = features.hashed @ self.hashed + self.bias
        return found


def features_of(prepared: Sequence[Prepared]) -> Features:
    """The features of whole messages, without windows."""
    buckets, values, ends, context = [], [], [0], []
    for one in prepared:
        tokens = tokens_of(one.text)
        bag = bag_of(tokens, tokens_of(one.reply_text))
        buckets.append(bag.buckets)
        values.append(bag.values)
        ends.append(ends[-1] + len(bag.buckets))
        context.append(context_of(one, len(tokens)))
    hashed = sparse.csr_matrix((np.concatenate(values), np.concatenate(buckets), ends), shape=(len(prepared), BUCKETS))
    return Features(hashed, np.array(context))


def truth_of(labels: Sequence[Example], head: str) -> NDArray[np.bool_]:
    """Which examples people gave the label that a head stands for; toxicity stands for nothing in our corpus."""
    if head == "flag":
        return np.array([one.labels.outcome is Outcome.FLAG for one in labels])
    if head == "redirect":
        return np.array([one.labels.outcome is Outcome.REDIRECT for one in labels])
    if head == "concern":
        return np.array([one.labels.concern is not Concern.NONE for one in labels])
    return np.array([head in one.labels.clauses or one.labels.concern == head for one in labels])


def fit_toxicity(public: Sequence[PublicText]) -> Toxicity:
    """Learn general toxicity; calibrated on a part that was not learnt from."""
    features = features_of([one.prepared for one in public])
    toxic = np.array([one.toxic for one in public])
    held = len(public) // _CALIBRATION_PART
    model = _regression(_TOXICITY_STRENGTH).fit(features.hashed[held:], toxic[held:])
    hashed, bias = model.coef_[0], float(model.intercept_[0])
    return Toxicity(hashed, bias, platt(features.hashed[:held] @ hashed + bias, toxic[:held]))


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="liblinear", random_state=SEED)


def platt(sums: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept that turn sums into the log-odds of `truth`."""
    if truth.all() or not truth.any():
        return 1.0, 0.0
    fitted = LogisticRegression(C=100.0).fit(sums[:, None], truth)
    return max(float(fitted.coef_[0, 0]), 1e-3), float(fitted.intercept_[0])


@dataclass(frozen=True, slots=True)
class Learner:
    """The matrices of one training run, so that folds and the final fit share them."""

    examples: Sequence[Example]
    inputs: sparse.csr_matrix
    background: sparse.csr_matrix

    @classmethod
    def of(cls, examples: Sequence[Example], public: Sequence[PublicText], toxicity: Toxicity) -> "Learner":
        """Lay out hashed features, context and toxicity side by side."""
        harmless = [one.prepared for one in public if not one.toxic][:_BACKGROUND]
        return cls(
            examples,
            _side_by_side(features_of([one.prepared for one in examples]), toxicity),
            _side_by_side(features_of(harmless), toxicity),
        )

    def fit(self, head: str, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
        """Learn one head from some of the examples: weights of all inputs, and bias."""
        truth = truth_of(self.examples, head)[rows]
        if not truth.any() or truth.all():
            return np.zeros(self.inputs.shape[1]), -3.0 if not truth.any() else 3.0
        weights = np.where(truth, len(rows) / (2 * truth.sum()), len(rows) / (2 * (~truth).sum()))
        inputs = self.inputs[rows]
        if head in _WITH_BACKGROUND:
            count = self.background.shape[0]
            inputs = sparse.vstack([inputs, self.background]).tocsr()
            truth = np.append(truth, np.zeros(count, bool))
            weights = np.append(weights, np.full(count, _BACKGROUND_WEIGHT))
        model = _regression(_STRENGTH).fit(inputs, truth, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    def unseen_sums(self, head: str) -> NDArray[np.float64]:
        """The sum of each example from a model that had not seen its batch."""
        batches = [one.batch for one in self.examples]
        folds = GroupKFold(min(FOLDS, len(set(batches))))
        sums = np.zeros(len(self.examples))
        for seen, unseen in folds.split(self.inputs, groups=batches):
            weights, bias = self.fit(head, seen)
            sums[unseen] = self.inputs[unseen] @ weights + bias
        return sums


def _side_by_side(features: Features, toxicity: Toxicity) -> sparse.csr_matrix:
    sums = toxicity.sums(features)[:, None] / TOXICITY_SCALE
    return sparse.hstack([features.hashed, features.context * _CONTEXT_SCALE, sums]).tocsr()


def fit_model(
    examples: Sequence[Example], public: Sequence[PublicText], *, tell: Told
) -> tuple[Weights, NDArray[np.float32]]:
    """Make the model. Returns it with the probabilities (examples by heads) for batches not seen."""
    tell("toxicity")
    toxicity = fit_toxicity(public)
    learner = Learner.of(examples, public, toxicity)
    hashed, context = np.zeros((BUCKETS, len(HEADS))), np.zeros((CONTEXT_ROWS, len(HEADS)))
    bias, calibration = np.zeros(len(HEADS)), np.zeros((2, len(HEADS)))
    sums = np.zeros((len(examples), len(HEADS)))
    hashed[:, 0], bias[0], calibration[:, 0] = toxicity.hashed, toxicity.bias, toxicity.calibration
    sums[:, 0] = toxicity.sums(features_of([one.prepared for one in examples]))
    for place, head in enumerate(HEADS[1:], 1):
        tell(head)
        sums[:, place] = learner.unseen_sums(head)
        calibration[:, place] = platt(sums[:, place], truth_of(examples, head))
        weights, bias[place] = learner.fit(head, np.arange(len(examples)))
        hashed[:, place] = weights[:BUCKETS]
        context[:, place] = weights[BUCKETS:]
    context[: len(CONTEXT)] *= _CONTEXT_SCALE
    made = quantised(hashed, context, bias, calibration)
    return made, made.probabilities(sums.astype(np.float32))


def quantised(
    hashed: NDArray[np.float64],
    context: NDArray[np.float64],
    bias: NDArray[np.float64],
    calibration: NDArray[np.float64],
) -> Weights:
    """Round the weights of the buckets to 8 bits, head by head, and name the model after its numbers."""
    scales = np.maximum(np.abs(hashed).max(axis=0), 1e-6) / 127
    small = np.round(hashed / scales).astype(np.int8)
    parts = [one.astype(np.float32) for one in (scales, context, bias, calibration)]
    name = hashlib.sha256(small.tobytes() + b"".join(one.tobytes() for one in parts)).hexdigest()[:12]
    return Weights(small, parts[0], parts[1], parts[2], parts[3], version=name)
