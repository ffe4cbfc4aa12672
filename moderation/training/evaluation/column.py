"""What a column of the report is: something that answers a message with a verdict, and what it can tell at all."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from moderation.vocabulary import Roster, Utterance, Verdict

#: So many texts are judged in one go.
BATCH = 512

Asked = tuple[Utterance, Roster]
Tell = Callable[[int], None]


class Knows(StrEnum):
    """What a column can tell at all; it is not measured on the rest."""

    FLAG = "flag"
    RANKS = "ranks"
    REDIRECT = "redirect"
    CLAUSES = "clauses"
    DISCRIMINATION = "discrimination"
    CONCERN = "concern"


EVERYTHING = frozenset(Knows)
TOXICITY_ALONE = frozenset({Knows.FLAG, Knows.RANKS, Knows.CLAUSES, Knows.DISCRIMINATION})


class ColumnMissing(Exception):
    """A column cannot be opened here. The message says why, and what to do."""


class Column(Protocol):
    """One column of the report. `is_stage` marks a part of our engine, left out where a run would take long."""

    name: str
    version: str
    knows: frozenset[Knows]
    is_stage: bool

    def verdicts(self, asked: Sequence[Asked], tell: Tell = ...) -> list[Verdict]:
        """Return one verdict for each message, in order; `tell` is called with how many more are done."""
        ...


def untold(done: int) -> None:
    """Nobody watches."""
