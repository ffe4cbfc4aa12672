"""How a network learns: labels of our corpus, general toxicity from public texts, and what a teacher thinks of both.

Everything is in batches of like length, in an order drawn by seed. Learning rates fall from layer to layer, so that
what the public encoder knows of English is kept, and evenly with time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from moderation.cases import Labels
from moderation.engines.encoding import Row
from moderation.engines.heads import (
    CLAUSE,
    CLAUSES,
    CONCERN,
    CONCERNS,
    DECISION,
    DECISIONS,
    SEVERITY,
    TOXICITY,
    Logits,
)
from moderation.training.network import Network, padded

BATCH = 32
_SMOOTHING = 0.05
_CLAUSES_COUNT, _SEVERITY_COUNTS = 2.0, 0.3
#: How much the teacher's view counts beside people's labels, where there are both.
_TEACHER_COUNTS = 0.6
_DEEPER, _HEADS_FASTER = 0.9, 10.0
_WARM_STEPS = 150
_NO_SEVERITY = -1

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn. `start` and `end` are shares of `rate` between which it falls."""

    turns: int
    rate: float
    seed: int
    start: float = 1.0
    end: float = 0.02


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts with what is to be learnt of them; what is `None` is not known of these texts.

    `labels` holds one entry a text; `toxic` (texts) is 0 or 1; `teacher` are a teacher's logits (texts by outputs).
    `rows` gives the token rows of a turn, since a text can be written another way each time. Where it is `spread`,
    each turn takes another part of the texts, and all turns together take each text once.
    """

    rows: Callable[[int], Sequence[Row]]
    labels: Sequence[Labels] | None = None
    toxic: NDArray[np.float32] | None = None
    teacher: Logits | None = None
    spread: bool = False


@dataclass(frozen=True, slots=True)
class _Truth:
    """People's labels as tensors: places of decision, concern and severity, and clauses as 0 or 1."""

    decision: Tensor
    clauses: Tensor
    concern: Tensor
    severity: Tensor

    @classmethod
    def of(cls, labels: Sequence[Labels]) -> "_Truth":
        return cls(
            torch.tensor([DECISIONS.index(one.outcome) for one in labels]),
            torch.tensor([[float(clause in one.clauses) for clause in CLAUSES] for one in labels]),
            torch.tensor([CONCERNS.index(one.concern) for one in labels]),
            torch.tensor([one.severity - 1 if one.severity else _NO_SEVERITY for one in labels]),
        )

    def loss(self, logits: Tensor, at: Tensor) -> Tensor:
        found = functional.cross_entropy(logits[:, DECISION], self.decision[at], label_smoothing=_SMOOTHING)
        found = found + _CLAUSES_COUNT * functional.binary_cross_entropy_with_logits(
            logits[:, CLAUSE], self.clauses[at]
        )
        found = found + functional.cross_entropy(logits[:, CONCERN], self.concern[at], label_smoothing=_SMOOTHING)
        severity = self.severity[at]
        graded = severity != _NO_SEVERITY
        if bool(graded.any()):
            graves = functional.cross_entropy(logits[graded][:, SEVERITY], severity[graded])
            found = found + _SEVERITY_COUNTS * graves
        return found


def teach(network: Network, lessons: Sequence[Lesson], plan: Plan, told: Told = lambda _: None) -> None:
    """Let a network learn from all lessons together, each once a turn. `told` hears of each hundredth step."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    ready = [_Ready.of(lesson) for lesson in lessons]
    optimiser = torch.optim.AdamW(_groups(network, plan.rate), weight_decay=0.01)
    steps = sum(_batches(lesson, turn, plan.turns) for turn in range(plan.turns) for lesson in lessons)
    network.train()
    step = 0
    for turn in range(plan.turns):
        for lesson, rows, places in _drawn(ready, turn, plan.turns, rng):
            fall = plan.start + (plan.end - plan.start) * step / steps
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * fall * min(1.0, (step + 1) / _WARM_STEPS)
            logits = network(*padded([rows[at] for at in places], network.shape.pad))
            loss = lesson.loss(logits, torch.as_tensor(places))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call] # torch gives it no types
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 100 == 0:
                told(f"step {step} of {steps}, loss {loss.item():.2f}")
    network.eval()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A lesson as tensors."""

    lesson: Lesson
    truth: _Truth | None
    toxic: Tensor | None
    teacher: Tensor | None

    @classmethod
    def of(cls, lesson: Lesson) -> "_Ready":
        return cls(
            lesson,
            None if lesson.labels is None else _Truth.of(lesson.labels),
            None if lesson.toxic is None else torch.as_tensor(lesson.toxic),
            None if lesson.teacher is None else torch.as_tensor(lesson.teacher),
        )

    def loss(self, logits: Tensor, at: Tensor) -> Tensor:
        """What is still to be learnt of these texts, as one number."""
        share = _TEACHER_COUNTS if self.teacher is not None else 0.0
        found = torch.zeros(())
        if self.truth is not None:
            found = found + (1 - share) * self.truth.loss(logits, at)
        if self.toxic is not None:
            hard = functional.binary_cross_entropy_with_logits(logits[:, TOXICITY], self.toxic[at])
            found = found + (1 - share) * hard
        if self.teacher is not None:
            counts = share if self.truth is not None or self.toxic is not None else 1.0
            found = found + counts * like_teacher(logits, self.teacher[at])
        return found


def like_teacher(logits: Tensor, teacher: Tensor) -> Tensor:
    """How far logits are from a teacher's, by its probabilities; Hinton et al. 2015 without a temperature."""
    found = torch.zeros(())
    for part, counts in ((DECISION, 1.0), (CONCERN, 1.0), (SEVERITY, _SEVERITY_COUNTS)):
        found = found + counts * functional.cross_entropy(logits[:, part], teacher[:, part].softmax(-1))
    clauses = functional.binary_cross_entropy_with_logits(logits[:, CLAUSE], teacher[:, CLAUSE].sigmoid())
    toxicity = functional.binary_cross_entropy_with_logits(logits[:, TOXICITY], teacher[:, TOXICITY].sigmoid())
    return found + _CLAUSES_COUNT * clauses + toxicity


def _drawn(
    ready: Sequence[_Ready], turn: int, turns: int, rng: np.random.Generator
) -> Iterator[tuple[_Ready, Sequence[Row], list[int]]]:
    """The batches of one turn over all lessons, in an order drawn by chance."""
    drawn = []
    for one in ready:
        rows = one.lesson.rows(turn)
        drawn += [(one, rows, places) for places in _batched(one.lesson, turn, turns, rng)]
    for place in rng.permutation(len(drawn)):
        yield drawn[place]


def _batches(lesson: Lesson, turn: int, turns: int) -> int:
    texts = len(lesson.rows(0))
    return -(-len(range(turn, texts, turns) if lesson.spread else range(texts)) // BATCH)


def _batched(lesson: Lesson, turn: int, turns: int, rng: np.random.Generator) -> list[list[int]]:
    """Places of the texts of one turn, batch by batch; rows of like length go together."""
    rows = lesson.rows(turn)
    places = np.arange(turn, len(rows), turns) if lesson.spread else np.arange(len(rows))
    lengths = np.array([len(rows[int(at)]) for at in places]) + 4 * rng.random(len(places))
    order = places[np.argsort(lengths)]
    return [order[at : at + BATCH].tolist() for at in range(0, len(order), BATCH)]


def _groups(network: Network, rate: float) -> list[dict[str, object]]:
    """Parameters with their learning rates: the deeper the slower, the heads fastest."""
    layers = list(network.layers)
    groups = [(list(layer.parameters()), rate * _DEEPER ** (len(layers) - 1 - at)) for at, layer in enumerate(layers)]
    below = [*network.words.parameters(), *network.places.parameters(), *network.start.parameters()]
    groups.append((below, rate * _DEEPER ** len(layers)))
    groups.append((list(network.head.parameters()), rate * _HEADS_FASTER))
    if network.distances is not None:
        groups.append((list(network.distances.parameters()), rate * _DEEPER ** len(layers)))
    return [{"params": params, "lr": speed, "base": speed} for params, speed in groups]


def logits_of(network: Network, rows: Sequence[Row], told: Told = lambda _: None, batch: int = 64) -> Logits:
    """What a network makes of rows: logits (rows by outputs), in order."""
    network.eval()
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    found = np.zeros((len(rows), network.head.out_features), np.float32)
    with torch.no_grad():
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            found[places] = network(*padded([rows[at] for at in places], network.shape.pad)).numpy()
            if start % (batch * 50) == 0:
                told(f"{start} of {len(rows)} texts")
    return found
