"""The port that every screening engine implements: prepared texts in, probabilities out.

An engine is pure and synchronous: no network, no clock, no state that one call leaves to the next. It never
sees a surname: names and roles arrive as role tokens (`staffname`, `parentname`, `childname`, `headname`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.vocabulary import Scores, Target


class EngineFailed(Exception):
    """An engine could not score a batch. The message names the engine and the fault, never the text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message made ready for an engine.

    `text` is normalised and its names are masked: what an engine should score. `original` is what was written,
    untouched, for a look at signs that normalising removes; `reply_text` is the replied-to text, normalised
    and masked, or empty when there is none or its author has not consented to being read. `replies_to` is what
    its author is to the school: a parent, staff or the headteacher; `None` for what is no reply.
    """

    text: str
    original: str
    is_reply: bool = False
    reply_text: str = ""
    replies_to: Target | None = None


class Engine(Protocol):
    """Scores messages. `name` and `version` go into the history of a case: they identify the model."""

    @property
    def name(self) -> str:
        """Short name of the engine, such as `builtin`."""
        ...

    @property
    def version(self) -> str:
        """What tells this model from any other of the same name."""
        ...

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Return one `Scores` for each prepared text, in order; an empty batch gives an empty list.

        Raises:
            EngineFailed: the batch could not be scored.
        """
        ...
