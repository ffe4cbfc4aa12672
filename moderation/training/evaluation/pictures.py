"""Pictures of the report, as PNG files: precision against recall, calibration, and where the time goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moderation.training.evaluation.cases import Absent, Labelled
from moderation.training.evaluation.column import Column, Knows
from moderation.training.evaluation.intervals import Bools, Floats
from moderation.training.evaluation.measures import concern_score, flag_score
from moderation.training.evaluation.run import Run
from moderation.vocabulary import Concern, Outcome, Verdict

BINS = 10


@dataclass(frozen=True, slots=True)
class _Head:
    """One yes-or-no question with its score: how it is read off a verdict, and the answer people gave."""

    name: str
    needs: Knows
    score: Callable[[Verdict], float]
    found: Callable[[Verdict], bool]
    true: Callable[[Labelled], bool]


_HEADS = (
    _Head("flag", Knows.FLAG, flag_score, lambda one: one.outcome is Outcome.FLAG,
          lambda case: case.labels.outcome is Outcome.FLAG),
    _Head("concern", Knows.CONCERN, concern_score, lambda one: one.concern is not Concern.NONE,
          lambda case: case.labels.concern is not Concern.NONE),
)  # fmt: skip


def precision_recall(scores: Floats, truth: Bools) -> tuple[Floats, Floats]:
    """Precision and recall for every threshold, from the highest score down."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(truth[order])[ends].astype(np.float64)
    return hits / (ends + 1), hits / max(int(truth.sum()), 1)


def reliability(scores: Floats, truth: Bools) -> tuple[Floats, Floats, Floats, float]:
    """By bins that hold any score: mean score, share that was true, how many; and the expected calibration error."""
    bins = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(bins, minlength=BINS).astype(np.float64)
    used = count > 0
    mean = np.bincount(bins, scores, BINS)[used] / count[used]
    share = np.bincount(bins, truth.astype(np.float64), BINS)[used] / count[used]
    error = float((np.abs(mean - share) * count[used]).sum() / max(len(scores), 1))
    return mean, share, count[used], error


def draw(run: Run, parts: Mapping[str, float], out: Path) -> tuple[list[str], dict[str, dict[str, float]]]:
    """Write the pictures into `out`; returns their names, and the calibration error by head and column.

    Raises:
        Absent: matplotlib is not installed.
    """
    figures: dict[str, Any] = {"precision_recall.png": _figure(2)}
    cases, judged = run.cases(run.part), run.judged(run.part)
    for axes, head in zip(figures["precision_recall.png"].axes, _HEADS, strict=True):
        _draw_curves(axes, head, cases, judged)
    figures["reliability.png"] = _figure(2)
    errors: dict[str, dict[str, float]] = {}
    for axes, head in zip(figures["reliability.png"].axes, _HEADS, strict=True):
        errors[head.name] = _draw_reliability(axes, head, cases, judged)
    if parts:
        figures["cost.png"] = _figure(1, height=2.6)
        _draw_parts(figures["cost.png"].axes[0], parts)
    for name, figure in figures.items():
        figure.savefig(out / name, dpi=120, metadata={"Software": None})
    return list(figures), errors


def _figure(panels: int, *, height: float = 5.2) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise Absent("matplotlib is not installed; pip install 'schoolgate[evaluation]'") from None
    figure = Figure(figsize=(6.2 * panels if panels > 1 else 9.0, height), layout="constrained")
    figure.subplots(1, panels)
    return figure


def _truth(head: _Head, cases: Sequence[Labelled]) -> Bools:
    return np.array([head.true(case) for case in cases], bool)


def _draw_curves(
    axes: Any, head: _Head, cases: Sequence[Labelled], judged: Sequence[tuple[Column, Sequence[Verdict]]]
) -> None:
    truth = _truth(head, cases)
    for at, (column, verdicts) in enumerate(judged):
        if head.needs not in column.knows:
            continue
        colour = f"C{at}"
        if Knows.RANKS in column.knows:
            precision, recall = precision_recall(np.array([head.score(one) for one in verdicts]), truth)
            axes.plot(recall, precision, color=colour, lw=1.4, alpha=0.9)
        found = np.array([head.found(one) for one in verdicts], bool)
        hits = int((found & truth).sum())
        axes.plot(
            hits / max(int(truth.sum()), 1), hits / max(int(found.sum()), 1),
            "o", color=colour, ms=8, mec="black", label=column.name,
        )  # fmt: skip
    axes.axhline(truth.mean(), color="grey", ls=":", lw=1)
    axes.set(
        title=f"{head.name}: ● is the working point",
        xlabel="recall",
        ylabel="precision",
        xlim=(0, 1.01),
        ylim=(0, 1.01),
    )
    axes.legend(fontsize=8, loc="lower left")
    axes.grid(alpha=0.3)


def _draw_reliability(
    axes: Any, head: _Head, cases: Sequence[Labelled], judged: Sequence[tuple[Column, Sequence[Verdict]]]
) -> dict[str, float]:
    truth, errors = _truth(head, cases), {}
    axes.plot([0, 1], [0, 1], color="grey", ls=":", lw=1)
    for at, (column, verdicts) in enumerate(judged):
        if not {head.needs, Knows.RANKS} <= column.knows:
            continue
        mean, share, count, error = reliability(np.array([head.score(one) for one in verdicts]), truth)
        errors[column.name] = error
        axes.plot(mean, share, color=f"C{at}", lw=1.2, label=f"{column.name} (ECE {error:.3f})")
        axes.scatter(mean, share, s=8 + 260 * count / count.sum(), color=f"C{at}", alpha=0.6)
    axes.set(
        title=f"{head.name}: calibration",
        xlabel="score",
        ylabel="share that people say is one",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    axes.legend(fontsize=8, loc="upper left")
    axes.grid(alpha=0.3)
    return errors


def _draw_parts(axes: Any, parts: Mapping[str, float]) -> None:
    left = 0.0
    for at, (name, value) in enumerate(parts.items()):
        axes.barh([0], [value], left=left, color=f"C{at}", label=f"{name}: {value:.2f} ms")
        left += value
    axes.set(title=f"One ordinary message: {left:.2f} ms on one thread", xlabel="milliseconds (mean)", yticks=[])
    axes.figure.legend(fontsize=8, ncols=4, loc="outside lower center")
