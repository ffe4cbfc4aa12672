"""Logits become scores that are probabilities, and calibrations come back from their file as they were."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moderation.engines.heads import CONCERNS, DECISION, DECISIONS, OUTPUTS, Calibration, scores_of
from moderation.policy import are_valid
from moderation.vocabulary import Concern, Outcome, Severity

LOGITS = arrays(np.float32, (3, OUTPUTS), elements=st.floats(-200, 200, width=32))
NUMBERS = st.floats(0.3, 5)


@given(LOGITS, NUMBERS, NUMBERS)
def test_whatever_an_encoder_gives_its_scores_are_probabilities(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float32]], decision: float, concern: float
) -> None:
    for one in scores_of(logits, Calibration(decision, concern)):
        assert are_valid(one)
        assert one.flag + one.redirect <= 1 + 1e-5
        assert one.concern == pytest.approx(sum(one.concerns.values()), abs=1e-5)
        assert set(one.severities) == {Severity.RUDE, Severity.ABUSIVE, Severity.GRAVE}


def test_the_likeliest_decision_is_the_highest_logit() -> None:
    logits = np.zeros((1, OUTPUTS), np.float32)
    logits[0, DECISION.start + DECISIONS.index(Outcome.FLAG)] = 3
    [found] = scores_of(logits, Calibration())
    assert found.flag > 0.9
    assert CONCERNS[0] is Concern.NONE


@given(NUMBERS, NUMBERS, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=6, max_size=6), st.tuples(NUMBERS, NUMBERS))
def test_a_calibration_comes_back_from_its_file(
    decision: float, concern: float, clauses: list[tuple[float, float]], toxicity: tuple[float, float]
) -> None:
    made = Calibration(decision, concern, tuple(clauses), toxicity)
    assert Calibration.from_mapping(made.as_mapping()) == made


def test_a_higher_temperature_makes_less_sure() -> None:
    logits = np.zeros((1, OUTPUTS), np.float32)
    logits[0, 2] = 4
    plain = Calibration()
    [sure], [unsure] = scores_of(logits, plain), scores_of(logits, replace(plain, decision=3.0))
    assert sure.flag > unsure.flag
