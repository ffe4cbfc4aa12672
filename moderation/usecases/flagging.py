"""From a verdict to a case: opened once, its history begun, and those who must know alerted."""

from dataclasses import dataclass
from datetime import datetime

from moderation.records import Group, Person


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it was posted. `edit_mark` tells its edits apart (0 for the first writing)."""

    group: Group
    author: Person
    message_id: int
    edit_mark: int
    text: str
    written_at: datetime
    edited: bool = False
