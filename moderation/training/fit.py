"""Fitting: hashed features in, `Weights` out. Seeds are fixed, so the same data gives the same model.

Toxicity is learnt from public texts. Everything else is learnt from our corpus, all heads at once, with the
toxicity sum as one more thing to look at. A second stage learns from the sums of all heads together, sums that each
message got from a model which had not seen its batch, and gives calibrated probabilities.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from moderation.engine import Prepared
from moderation.engines.features import BUCKETS, CONTEXT, bag_of, context_of, tokens_of
from moderation.engines.weights import CONTEXT_ROWS, HEADS, SECOND_ROWS, TOXICITY_SCALE, Weights, second_inputs
from moderation.training.data import Example, PublicText
from moderation.vocabulary import Concern, Outcome

FOLDS = 6
SEED = 20261122
_STRENGTH = 10.0
_STEPS = 50
_SECOND_STRENGTH = 0.1
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
    truth: NDArray[np.bool_]
    inputs: sparse.csr_matrix
    background: sparse.csr_matrix

    @classmethod
    def of(cls, examples: Sequence[Example], public: Sequence[PublicText], toxicity: Toxicity) -> "Learner":
        """Lay out hashed features, context and toxicity side by side."""
        harmless = [one.prepared for one in public if not one.toxic][:_BACKGROUND]
        return cls(
            examples,
            np.stack([truth_of(examples, head) for head in HEADS[1:]], axis=1),
            _side_by_side(features_of([one.prepared for one in examples]), toxicity),
            _side_by_side(features_of(harmless), toxicity),
        )

    def fit(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Learn every head but toxicity from some of the examples: weights (inputs by heads) and bias."""
        truth = self.truth[rows]
        count = self.background.shape[0]
        # Every head counts what it is to find as much as what it is not, however rare.
        found = truth.mean(axis=0).clip(1 / len(rows), 1 - 1 / len(rows))
        counts = np.where(truth, 0.5 / found, 0.5 / (1 - found))
        learns = [head in _WITH_BACKGROUND for head in HEADS[1:]]
        counts = np.vstack([counts, np.tile(np.where(learns, _BACKGROUND_WEIGHT, 0.0), (count, 1))])
        truth = np.vstack([truth, np.zeros((count, truth.shape[1]), bool)])
        return fit_heads(sparse.vstack([self.inputs[rows], self.background]).tocsr(), truth, counts)

    @property
    def folds(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Rows seen and not seen, so that no batch is cut through."""
        batches = [one.batch for one in self.examples]
        return list(GroupKFold(min(FOLDS, len(set(batches)))).split(batches, groups=batches))

    def unseen_sums(self, tell: Told) -> NDArray[np.float32]:
        """The sums (examples by heads but toxicity) from a model that had not seen the example's batch."""
        sums = np.zeros(self.truth.shape, np.float32)
        for number, (seen, unseen) in enumerate(self.folds, 1):
            tell(f"fold {number}")
            weights, bias = self.fit(seen)
            sums[unseen] = self.inputs[unseen] @ weights + bias
        return sums


def fit_heads(
    inputs: sparse.csr_matrix, truth: NDArray[np.bool_], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logistic regressions for all columns of `truth` at once (L-BFGS); `counts` says how much each cell counts."""
    used = np.unique(inputs.indices)
    small = inputs[:, used].astype(np.float32).tocsr()
    turned = small.T.tocsr()
    wanted, counted = truth.astype(np.float32), counts.astype(np.float32)
    size = len(used) * truth.shape[1]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat[:size].reshape(len(used), -1).astype(np.float32)
        sums = small @ weights + flat[size:].astype(np.float32)
        errors = counted * (np.logaddexp(0, sums) - wanted * sums)
        slopes = counted * (1 / (1 + np.exp(-sums)) - wanted)
        total = float(errors.sum(dtype=np.float64)) + float((weights**2).sum(dtype=np.float64)) / (2 * _STRENGTH)
        gradient = np.concatenate([(turned @ slopes + weights / _STRENGTH).ravel(), slopes.sum(axis=0)])
        return total, gradient.astype(np.float64)

    start = np.zeros(size + truth.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 6}).x
    weights = np.zeros((inputs.shape[1], truth.shape[1]), np.float32)
    weights[used] = found[:size].reshape(len(used), -1)
    return weights, found[size:].astype(np.float32)


def fit_second(inputs: NDArray[np.float32], truth: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Learn the second stage for every head but toxicity; rows of the result as in `Weights.second`."""
    columns = np.zeros((SECOND_ROWS, truth.shape[1]), np.float32)
    for place in range(truth.shape[1]):
        if truth[:, place].all() or not truth[:, place].any():
            columns[-1, place] = 5.0 if truth[:, place].all() else -5.0
            continue
        model = LogisticRegression(C=_SECOND_STRENGTH, max_iter=300).fit(inputs[:, :-1], truth[:, place])
        columns[:, place] = [*model.coef_[0], model.intercept_[0]]
    return columns


def _side_by_side(features: Features, toxicity: Toxicity) -> sparse.csr_matrix:
    sums = toxicity.sums(features)[:, None] / TOXICITY_SCALE
    return sparse.hstack([features.hashed, features.context * _CONTEXT_SCALE, sums]).tocsr()


def fit_model(
    examples: Sequence[Example], public: Sequence[PublicText], *, tell: Told
) -> tuple[Weights, NDArray[np.float32]]:
    """Make the model. Returns it with the probabilities (examples by heads) for batches not seen by either stage."""
    tell("toxicity")
    toxicity = fit_toxicity(public)
    learner = Learner.of(examples, public, toxicity)
    features = features_of([one.prepared for one in examples])
    sums = np.column_stack([toxicity.sums(features), learner.unseen_sums(tell)]).astype(np.float32)
    tell("the whole")
    weights, bias = learner.fit(np.arange(len(examples)))
    context = weights[BUCKETS:].copy()
    context[: len(CONTEXT)] *= _CONTEXT_SCALE
    inputs = second_inputs(sums, features.context)
    unseen = np.zeros(sums.shape, np.float32)
    for seen, rest in learner.folds:
        unseen[rest] = _probabilities(inputs[rest], toxicity, fit_second(inputs[seen], learner.truth[seen]))
    made = quantised(
        np.column_stack([toxicity.hashed, weights[:BUCKETS]]),
        np.column_stack([np.zeros(CONTEXT_ROWS), context]),
        np.append(toxicity.bias, bias),
        _with_toxicity(toxicity, fit_second(inputs, learner.truth)),
    )
    return made, unseen


def _with_toxicity(toxicity: Toxicity, second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Toxicity looks at nothing but its own sum, which the second stage gets halved."""
    column = np.zeros(SECOND_ROWS, np.float32)
    column[0], column[-1] = 2 * toxicity.calibration[0], toxicity.calibration[1]
    return np.column_stack([column, second])


def _probabilities(inputs: NDArray[np.float32], toxicity: Toxicity, second: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = 1 / (1 + np.exp(-(inputs @ _with_toxicity(toxicity, second))))
    return found


def quantised(
    hashed: NDArray[np.float64],
    context: NDArray[np.float64],
    bias: NDArray[np.float64],
    second: NDArray[np.float32],
) -> Weights:
    """Round the weights of the buckets to 8 bits, head by head, and name the model after its numbers."""
    scales = np.maximum(np.abs(hashed).max(axis=0), 1e-6) / 127
    small = np.round(hashed / scales).astype(np.int8)
    parts = [one.astype(np.float32) for one in (scales, context, bias, second)]
    name = hashlib.sha256(small.tobytes() + b"".join(one.tobytes() for one in parts)).hexdigest()[:12]
    return Weights(small, parts[0], parts[1], parts[2], parts[3], version=name)
