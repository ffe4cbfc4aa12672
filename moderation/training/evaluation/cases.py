"""The cases that are measured: our own corpus by its fixed parts, a school's labelled sample, and public test sets.

Public test sets are only ever measured on; their folder is given by `--data` and is no part of the repository.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.cases import BadInput, Case, Labels, case_of
from moderation.rosters import as_roster, read_roster
from moderation.training.split import Part, part_of
from moderation.vocabulary import Concern, Outcome, Roster, Utterance

CORPUS = Path(__file__).parents[1] / "corpus"
DEV, DEV_ROSTER = "dev.jsonl", "roster.csv"
HATECHECK, SURGE = "hatecheck.jsonl.gz", "surge_toxicity.jsonl.gz"
NO_ROSTER = Roster()


class Absent(Exception):
    """What a section needs is not there. The message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled message with its school. `conversation` names what is never torn apart in a draw."""

    case: Case
    labels: Labels
    roster: Roster
    conversation: str
    tags: frozenset[str]

    @property
    def utterance(self) -> Utterance:
        """What was written, by whom, in reply to what."""
        return self.case.utterance

    @property
    def is_ok(self) -> bool:
        """Whether people say that there is nothing for the bot to do (a concern may stand beside it)."""
        return self.labels.outcome is Outcome.OK

    @property
    def is_quiet(self) -> bool:
        """Whether people say that nothing at all should follow."""
        return self.is_ok and self.labels.concern is Concern.NONE


@dataclass(frozen=True, slots=True)
class PublicText:
    """One text of a public test set: whether it holds what the set is about, and its kind where the set tells."""

    utterance: Utterance
    is_positive: bool
    kind: str = ""


def read_part(part: Part, corpus: Path = CORPUS) -> list[Labelled]:
    """The messages of one part of our corpus, but those by staff, which are not scored (clause 1.3).

    Raises:
        Absent: the part holds no message.
        BadInput, RosterRefused: a line cannot be used; the message names it.
    """
    found: list[Labelled] = []
    for path in sorted(corpus.glob("*.jsonl")):
        if part_of(path.stem) is part:
            found += (one for one in _read(path, path.with_suffix(".roster.csv")) if not one.utterance.sender.is_staff)
    if not found:
        raise Absent(f"{corpus} holds no message of the part {part}")
    return found


def read_dev(data: Path) -> list[Labelled]:
    """A school's labelled sample with its roster, messages by staff included.

    Raises:
        Absent: the files are not there.
        BadInput, RosterRefused: a line cannot be used.
    """
    for name in (DEV, DEV_ROSTER):
        if not (data / name).is_file():
            raise Absent(f"{data / name} is not there; give the folder that holds it by --data")
    return _read(data / DEV, data / DEV_ROSTER)


def _read(path: Path, roster_path: Path) -> list[Labelled]:
    roster = as_roster(read_roster(roster_path))
    found = []
    for number, row in enumerate(json_lines(path), 1):
        try:
            case = case_of(row, roster, default_id=f"{path.stem}-{number}")
        except BadInput as fault:
            raise BadInput(f"{path}, line {number}: {fault}") from None
        conversation = str(row.get("conversation") or case.id)
        tags = frozenset(map(str, row.get("tags") or ()))
        found.append(Labelled(case, case.labels or Labels(Outcome.OK), roster, conversation, tags))
    return found


def read_public(data: Path, name: str, label: str, kind: str = "") -> list[PublicText]:
    """The texts of a public test set; `label` and `kind` are the keys of its lines.

    Raises:
        Absent: the file is not there.
    """
    path = data / name
    if not path.is_file():
        raise Absent(f"{path} is not there; give the folder that holds it by --data")
    return [PublicText(Utterance(row["text"]), bool(row[label]), str(row.get(kind, ""))) for row in json_lines(path)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of each line that is not blank, compressed with gzip or not.

    Raises:
        BadInput: a line is not a JSON object.
    """
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for number, line in enumerate(text.decode("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise BadInput(f"{path}, line {number}: this is not a JSON object")
        yield row
