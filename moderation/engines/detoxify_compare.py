"""How near an exported model is to the one that it was made from, and how much quicker, on the same sentences."""

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from statistics import fmean, median
from typing import Any

from moderation.engines.detoxify_onnx import OnnxPredictor

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two models, over every label of every sentence: differences of probabilities."""

    sentences: int
    greatest: float
    mean: float


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds a sentence, the middle one of all, each model on one thread and one sentence at a time."""

    torch: float
    onnx: float

    @property
    def ratio(self) -> float:
        """How many times as quick the exported model is."""
        return self.torch / self.onnx


def library_scores(model: Any, sentences: Sequence[str]) -> list[Mapping[str, float]]:
    """What the library's own model makes of each sentence, one at a time."""
    return [{label: float(value) for label, value in model.predict(one).items()} for one in sentences]


def difference(expected: Sequence[Mapping[str, float]], predict: OnnxPredictor, sentences: Sequence[str]) -> Difference:
    """How far `predict` is from the expected scores; infinitely far if something is no number.

    Raises:
        KeyError: it lacks a label.
    """
    found = predict(sentences)
    gaps = [abs(found[label][at] - value) for at, one in enumerate(expected) for label, value in one.items()]
    if not all(map(isfinite, gaps)):
        return Difference(len(sentences), inf, inf)
    return Difference(len(sentences), max(gaps), fmean(gaps))


def pace(model: Any, predict: OnnxPredictor, sentences: Sequence[str]) -> Pace:
    """The time that both take, in turns, so that whatever else the computer does slows both."""
    torch = importlib.import_module("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        ways: tuple[Callable[[str], object], ...] = (model.predict, lambda text: predict([text]))
        taken = [[_milliseconds(way, one) for way in ways] for _ in range(_ROUNDS) for one in sentences]
    finally:
        torch.set_num_threads(threads)
    return Pace(*(median(times) for times in zip(*taken, strict=True)))


def _milliseconds(work: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    work(text)
    return (time.perf_counter() - started) * 1e3
