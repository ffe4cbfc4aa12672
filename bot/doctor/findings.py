"""What a check finds: fine, worth a look, or wrong, and then how to put it right."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is. Only `wrong` makes `schoolgate doctor` end with status 1."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `remedy` says what to do, in words for the school office."""

    check: str
    state: State
    text: str
    remedy: str = ""


def fine(check: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.FINE, text)


def note(check: str, text: str, remedy: str = "") -> Finding:
    """The bot works, but somebody should look at this."""
    return Finding(check, State.NOTE, text, remedy)


def wrong(check: str, text: str, remedy: str) -> Finding:
    """The bot does not work as it should until this is put right."""
    return Finding(check, State.WRONG, text, remedy)
