"""Reading messages once for all columns, since reading costs as much as a small engine; on two cores where there are.

The same steps, in the same order, as `moderation.screening` takes before and beside its engine.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from moderation.attribution import attribute
from moderation.engine import Prepared
from moderation.legibility import Legibility, legibility
from moderation.normalise import normalise
from moderation.preparation import prepare
from moderation.training.evaluation.column import Asked
from moderation.vocabulary import Meant, Roster, Utterance

#: Fewer messages than this are read at once rather than sent to other processes.
_WORTH_SHARING = 400
_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Reading:
    """What the path makes of a message; no windows where nothing is to be scored, `is_english` as the policy asks."""

    windows: tuple[Prepared, ...]
    meant: Meant
    is_english: bool


class Readings:
    """Remembers the reading of every message. `workers` processes read with this one; none by default."""

    def __init__(self, workers: int = 0) -> None:
        """Start with nothing read."""
        self._read: dict[tuple[Utterance, int], Reading] = {}
        self._rosters: dict[int, Roster] = {}
        self._workers = workers

    def of(self, asked: Sequence[Asked]) -> list[Reading]:
        """The reading of each message, in order."""
        unread = {(said, id(roster)): roster for said, roster in asked if (said, id(roster)) not in self._read}
        # Rosters are kept, so that no other one gets the place in memory of one that went.
        self._rosters.update((place, roster) for (_, place), roster in unread.items())
        wanted = [(said, roster) for (said, _), roster in unread.items()]
        shared = self._workers > 1 and len(wanted) >= _WORTH_SHARING
        found = self._shared(wanted) if shared else read_all(wanted)
        self._read.update(zip(unread, found, strict=True))
        return [self._read[said, id(roster)] for said, roster in asked]

    def _shared(self, wanted: Sequence[Asked]) -> list[Reading]:
        # Not by forking: engines have threads of their own by now.
        with ProcessPoolExecutor(self._workers, mp_context=get_context("spawn")) as pool:
            parts = [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]
            return [one for part in pool.map(read_all, parts) for one in part]


def read_all(wanted: Sequence[Asked]) -> list[Reading]:
    """Read messages one after the other."""
    return [read(*one) for one in wanted]


def read(utterance: Utterance, roster: Roster) -> Reading:
    """Read one message."""
    readable = legibility(normalise(utterance.text).text)
    scored = readable in {Legibility.ENGLISH, Legibility.NOT_ENGLISH} and not utterance.sender.is_staff
    windows = tuple(prepare(utterance, roster)) if scored else ()
    return Reading(windows, attribute(utterance, roster), readable is Legibility.ENGLISH)
