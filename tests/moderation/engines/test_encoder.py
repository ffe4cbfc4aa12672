"""One row is one run of the model: a score depends on nothing else; a row that breaks is named without its words."""

from pathlib import Path

import numpy as np
import pytest

from moderation.engine import EngineFailed
from moderation.engines.encoder import Encoder
from moderation.engines.heads import OUTPUTS
from tests.support.tiny_onnx import lookup


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    table = [[float(row == column) for column in range(OUTPUTS)] for row in range(OUTPUTS)]
    (tmp_path / "model.onnx").write_bytes(lookup(table, inputs=("tokens",), output="logits"))
    return Encoder(tmp_path / "model.onnx", "tiny")


def test_rows_of_any_length_come_back_in_order(encoder: Encoder) -> None:
    found = encoder.logits([[1, 2], [3], [0, 1, 2, 3]])
    assert [np.flatnonzero(row).tolist() for row in found] == [[1, 2], [3], [0, 1, 2, 3]]


def test_no_rows_give_no_logits(encoder: Encoder) -> None:
    assert encoder.logits([]).shape == (0, OUTPUTS)


def test_a_row_that_breaks_the_model_is_named(encoder: Encoder) -> None:
    with pytest.raises(EngineFailed, match="builtin: scoring by tiny failed"):
        encoder.logits([[OUTPUTS + 5]])


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"broken")
    with pytest.raises(EngineFailed, match="tiny is not a model that can be read"):
        Encoder(tmp_path / "model.onnx", "tiny")
