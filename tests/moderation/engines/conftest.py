"""A tiny model whose every number is known, for tests of the engine."""

import numpy as np
import pytest

from moderation.engines.features import BUCKETS, bag_of, tokens_of
from moderation.engines.weights import CONTEXT_ROWS, HEADS, SECOND_ROWS, Weights


@pytest.fixture
def idiot_model() -> Weights:
    """A model that knows one word: "idiot" is toxic and a flag, and nothing else is anything."""
    hashed = np.zeros((BUCKETS, len(HEADS)), np.int8)
    known = bag_of(tokens_of("idiot"), []).buckets[0]
    for head in ("toxicity", "flag", "4.1a"):
        hashed[known, HEADS.index(head)] = 127
    second = np.zeros((SECOND_ROWS, len(HEADS)), np.float32)
    second[: len(HEADS)] = 2 * np.eye(len(HEADS))  # each head looks at its own sum, which comes halved
    return Weights(
        hashed=hashed,
        scales=np.full(len(HEADS), 0.2, np.float32),
        context=np.zeros((CONTEXT_ROWS, len(HEADS)), np.float32),
        bias=np.full(len(HEADS), -2.0, np.float32),
        second=second,
        version="tiny",
    )
