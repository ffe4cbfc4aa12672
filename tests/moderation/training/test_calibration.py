"""Logits become probabilities that hold, and the two encoders are arranged by what they are right about."""

import numpy as np
import pytest

from moderation.cases import Labels
from moderation.engines.builtin import LARGE, SMALL
from moderation.engines.heads import CLAUSE, CONCERN, DECISION, OUTPUTS, Logits, scores_of
from moderation.engines.packing import GRAPH, packed
from moderation.training.arranging import arrange, best_share, bounds_of
from moderation.training.calibration import calibrate, platt, temperature
from moderation.vocabulary import Clause, Concern, Outcome
from tests.support.tiny_onnx import lookup

FLAG = Labels(Outcome.FLAG, frozenset({Clause.THREAT}), Concern.NONE, 3)
REDIRECT, FINE = Labels(Outcome.REDIRECT), Labels(Outcome.OK)
WORRY = Labels(Outcome.OK, concern=Concern.CHILD)
KINDS = (FLAG, REDIRECT, FINE, WORRY)
LABELS = KINDS * 20


def _sure(labels: Labels, strength: float) -> list[float]:
    """The logits of somebody who knows the labels, and is so sure of them."""
    row = [0.0] * OUTPUTS
    row[DECISION.start + list(Outcome).index(labels.outcome)] = strength
    row[CONCERN.start + list(Concern).index(labels.concern)] = strength
    for at, clause in enumerate(Clause):
        row[CLAUSE.start + at] = strength if clause in labels.clauses else -strength
    return row


def _logits(strength: float) -> Logits:
    return np.array([_sure(one, strength) for one in LABELS], np.float32)


def test_somebody_too_sure_is_believed_less() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, 900)
    logits = np.eye(3, dtype=np.float32)[np.where(rng.random(900) < 0.3, rng.integers(0, 3, 900), truth)] * 9
    divisor = temperature(logits, truth)
    assert divisor > 2
    assert temperature(logits / divisor, truth) == pytest.approx(1, abs=0.02)


def test_sums_become_odds() -> None:
    sums = np.linspace(-2, 2, 400).astype(np.float32)
    slope, intercept = platt(sums, sums > 0.5)
    assert slope > 1
    assert intercept < 0
    assert platt(sums, np.zeros(400, bool)) == (1.0, 0.0)


def test_calibrated_scores_keep_their_order() -> None:
    logits = _logits(2.0)
    calibration = calibrate(logits, LABELS, logits, np.array([True, False] * 40))
    scores = scores_of(logits, calibration)
    assert scores[0].flag > scores[2].flag
    assert scores[3].concern > scores[2].concern


def test_whoever_knows_counts() -> None:
    blank = np.zeros((len(LABELS), OUTPUTS), np.float32)
    assert best_share(blank, _logits(3.0), LABELS) == 1.0
    assert best_share(_logits(3.0), blank, LABELS) == 0.4


def test_hardly_anything_that_matters_is_cleared() -> None:
    found = scores_of(_logits(3.0), calibrate(_logits(3.0), LABELS, _logits(3.0), np.array([True, False] * 40)))
    bounds = bounds_of(found, found, LABELS)
    cleared = [label for one, label in zip(found, LABELS, strict=True) if bounds.clear(one)]
    assert set(cleared) == {FINE}


def test_where_nothing_is_to_be_found_the_bounds_stand_in_the_middle() -> None:
    found = scores_of(
        np.zeros((1, OUTPUTS), np.float32), calibrate(_logits(1.0), LABELS, _logits(1.0), np.ones(80, bool))
    )
    assert bounds_of(found, found, [FINE]).flag == 0.15


def test_the_exported_files_are_what_is_arranged() -> None:
    table = [_sure(one, 3.0) for one in KINDS]
    shifted = [[0.0] * OUTPUTS] * 4 + table
    files = {
        SMALL: lookup(table, inputs=("tokens",), output="logits"),
        LARGE: packed({GRAPH: lookup(shifted, inputs=("tokens",), output="logits")}),
    }
    rows = [[at % 4] for at in range(len(LABELS))]
    found = arrange(files, rows, LABELS, rows, np.array([True, False] * 40))
    assert found.bounds.flag > 0
    assert 0 < found.share <= 1
