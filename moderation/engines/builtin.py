"""The engine that comes with Schoolgate: two stages of logistic regressions over hashed words and letter groups.

It needs numpy alone, no network and no graphics card. How it was made, on what data, and how well it does is in
`docs/model-card.md`; `moderation/training/` makes it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.engine import Prepared
from moderation.engines.features import bag_of, context_of, tokens_of, windows_of
from moderation.engines.weights import HEADS, Weights, load
from moderation.vocabulary import Clause, Concern, Scores

#: The model that is shipped.
MODEL = Path(__file__).with_name("builtin.npz")
_AT = {head: place for place, head in enumerate(HEADS)}
_KINDS = tuple(kind for kind in Concern if kind is not Concern.NONE)


class BuiltinEngine:
    """Scores messages with one trained `Weights`. Holds no state from one call to the next."""

    name = "builtin"

    def __init__(self, weights: Weights) -> None:
        """Score with these weights; `from_file` loads the shipped ones."""
        self._weights = weights

    @classmethod
    def from_file(cls, path: Path = MODEL) -> "BuiltinEngine":
        """Load a model file.

        Raises:
            EngineFailed: the file is missing or is no model.
        """
        return cls(load(path))

    @property
    def version(self) -> str:
        """The version of the model, the same for the same training data and code."""
        return self._weights.version

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Return calibrated probabilities for each message, in order."""
        return [scores_of(self._probabilities(one)) for one in prepared]

    def _probabilities(self, one: Prepared) -> NDArray[np.float32]:
        """By head; the first stage counts the highest over the message and, where it is long, its parts."""
        tokens = tokens_of(one.text)
        reply = tokens_of(one.reply_text)
        context = context_of(one, len(tokens))
        parts = [self._weights.sums(bag_of(window, reply), context) for window in windows_of(tokens)]
        return self._weights.probabilities(np.max(parts, axis=0), context)


def scores_of(probabilities: NDArray[np.float32]) -> Scores:
    """Name the probabilities of one message, given in the order of `HEADS`."""
    by_head = {head: float(probabilities[place]) for head, place in _AT.items()}
    return Scores(
        toxicity=by_head["toxicity"],
        redirect=by_head["redirect"],
        flag=by_head["flag"],
        concern=by_head["concern"],
        clauses={clause: by_head[clause.value] for clause in Clause},
        concerns={kind: by_head[kind.value] for kind in _KINDS},
    )
