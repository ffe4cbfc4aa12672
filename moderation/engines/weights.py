"""The numbers of the builtin model, their file form, and the sums made with them.

The file is a compressed numpy archive of plain arrays, read with pickling refused: a file that was tampered
with can give wrong numbers, never run code.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.engine import EngineFailed
from moderation.engines.features import BUCKETS, CONTEXT, Bag

#: What the model gives a probability for, in the order of the columns. `toxicity` comes first: its sum is
#: itself something the others look at, beside `CONTEXT`.
HEADS = (
    "toxicity",
    "redirect",
    "flag",
    "concern",
    "4.1a",
    "4.1b",
    "4.1c",
    "3.1c",
    "3.4d",
    "3.4t",
    "child",
    "staff-child",
    "self-harm",
    "danger",
)
#: Rows of `Weights.context`: the plain numbers, then the toxicity sum divided by `TOXICITY_SCALE`.
CONTEXT_ROWS = len(CONTEXT) + 1
TOXICITY_SCALE = 6.0
#: Rows of `Weights.second`: every head's sum and probability, the plain numbers, and one for the bias.
SECOND_ROWS = 2 * len(HEADS) + len(CONTEXT) + 1
_HIGHEST_SUM = 8.0
FORMAT = 2
_NOT_A_MODEL = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError)


@dataclass(frozen=True, slots=True)
class Weights:
    """One trained model.

    `hashed` is int8, buckets by heads, times `scales`; `context` is context rows by heads; `second` is the second
    stage, `SECOND_ROWS` by heads, which looks at all the sums together (see `second_inputs`) and gives calibrated
    probabilities; `version` names the model.
    """

    hashed: NDArray[np.int8]
    scales: NDArray[np.float32]
    context: NDArray[np.float32]
    bias: NDArray[np.float32]
    second: NDArray[np.float32]
    version: str

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit this code's features and heads."""
        heads = len(HEADS)
        expected = {
            "hashed": (BUCKETS, heads),
            "scales": (heads,),
            "context": (CONTEXT_ROWS, heads),
            "bias": (heads,),
            "second": (SECOND_ROWS, heads),
        }
        for name, shape in expected.items():
            found = getattr(self, name).shape
            if found != shape:
                raise ValueError(f"{name}: expected shape {shape}, found {found}")

    def sums(self, bag: Bag, context: NDArray[np.float32]) -> NDArray[np.float32]:
        """The uncalibrated sum of every head for one window."""
        hashed = bag.values @ self.hashed[bag.buckets].astype(np.float32)
        return self.finish(hashed * self.scales, context)

    def finish(self, hashed: NDArray[np.float32], context: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add bias and context, the toxicity sum among it, to the scaled sums of the hashed features."""
        toxicity = hashed[0] + self.bias[0]
        full = np.append(context, toxicity / TOXICITY_SCALE).astype(np.float32)
        total: NDArray[np.float32] = hashed + full @ self.context + self.bias
        return total

    def probabilities(self, sums: NDArray[np.float32], context: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities, 0 to 1, for sums whose last axis is the heads, and their plain numbers."""
        found: NDArray[np.float32] = _sigmoid(second_inputs(sums, context) @ self.second)
        return found


def second_inputs(sums: NDArray[np.float32], context: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the second stage looks at, on the last axis: sums, what they are as probabilities, plain numbers, one."""
    held = np.clip(sums, -_HIGHEST_SUM, _HIGHEST_SUM)
    one = np.ones((*sums.shape[:-1], 1), np.float32)
    return np.concatenate([held / 2, 2 * _sigmoid(held), context, one], axis=-1).astype(np.float32)


def _sigmoid(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = (1 / (1 + np.exp(-np.clip(sums, -30, 30)))).astype(np.float32)
    return found


def save(weights: Weights, path: Path) -> None:
    """Write the model; the same numbers give the same bytes, so that a rebuild can be compared."""
    about = json.dumps({"format": FORMAT, "heads": HEADS, "version": weights.version})
    np.savez_compressed(
        path,
        hashed=weights.hashed,
        scales=weights.scales,
        context=weights.context,
        bias=weights.bias,
        second=weights.second,
        about=np.frombuffer(about.encode(), np.uint8),
    )


def load(path: Path) -> Weights:
    """Read a model.

    Raises:
        EngineFailed: there is no such file, it is no model, or it was made for another version of this code.
    """
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as found:
            about = json.loads(found["about"].tobytes().decode())
            if about["format"] != FORMAT or tuple(about["heads"]) != HEADS:
                raise EngineFailed(f"builtin: {path.name} was made for another version of Schoolgate")
            return Weights(
                hashed=found["hashed"],
                scales=found["scales"],
                context=found["context"],
                bias=found["bias"],
                second=found["second"],
                version=str(about["version"]),
            )
    except FileNotFoundError as missing:
        raise EngineFailed(f"builtin: the model file {path.name} is missing; install Schoolgate again") from missing
    except _NOT_A_MODEL as broken:
        raise EngineFailed(f"builtin: {path.name} is not a model file that can be read") from broken
