"""The texts that the model is made from: our own labelled corpus, and public texts on general toxicity.

The public texts are not part of the repository (see `docs/model-card.md` for what they are and under which
licences); their place is given by `--data`. Test sets are read by `moderation.training.evaluation` alone.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from moderation.cases import Case, Labels, read_cases
from moderation.engine import Prepared
from moderation.normalise import normalise
from moderation.preparation import prepare
from moderation.rosters import as_roster, read_roster
from moderation.training.augment import chance_of, disguised, renamed
from moderation.training.split import Part, part_of
from moderation.vocabulary import Outcome, Roster

CORPUS = Path(__file__).with_name("corpus")
NAMES = Path(__file__).with_name("names.json")
PUBLIC = "public_train.jsonl.gz"
_LONGEST = 600
#: How often a message is read with a roster that knows the children, and with one that does not.
_CHILDREN_KNOWN = 0.45


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message of our corpus. `batch` is what a split never cuts through; `tags` say what makes it hard."""

    case: Case
    labels: Labels
    batch: str
    roster: Roster
    tags: frozenset[str] = frozenset()

    @property
    def part(self) -> Part:
        """The part of the corpus that its batch belongs to."""
        return part_of(self.batch)

    def read(self) -> Prepared:
        """The message as an engine gets it."""
        return prepare(self.case.utterance, self.roster)[0]

    def varied(self, turn: int) -> Prepared:
        """The message as somebody else would have typed it, in a school that may not list its children."""
        chance = chance_of(f"{turn} {self.case.id}")
        said = self.case.utterance
        roster = self.roster if chance.random() < _CHILDREN_KNOWN else without_children(self.roster)
        found = prepare(replace(said, text=disguised(said.text, chance)), roster)[0]
        return renamed(found, chance, all_names())


@dataclass(frozen=True, slots=True)
class PublicText:
    """One text on general toxicity, from a named source."""

    prepared: Prepared
    toxic: bool
    source: str


@lru_cache(maxsize=1024)
def without_children(roster: Roster) -> Roster:
    """The roster of a school that lists no children."""
    return replace(roster, people=tuple(replace(person, children=()) for person in roster.people))


@lru_cache(maxsize=1)
def all_names() -> tuple[str, ...]:
    """Given names and family names of many origins, to write into messages."""
    origins: dict[str, dict[str, list[str]]] = json.loads(NAMES.read_text(encoding="utf-8"))
    return tuple(name for origin in origins.values() for names in origin.values() for name in names)


def load_corpus(folder: Path = CORPUS) -> list[Example]:
    """Read every batch of the corpus with its own roster; messages by staff are left out (clause 1.3).

    Raises:
        BadInput, RosterRefused: a line cannot be used; the message names it.
    """
    examples: list[Example] = []
    for path in sorted(folder.glob("*.jsonl")):
        roster = as_roster(read_roster(path.with_suffix(".roster.csv")))
        lines = path.read_text(encoding="utf-8").split("\n")
        written = [line for line in lines if line.strip()]
        examples += [
            Example(case, case.labels or Labels(Outcome.OK), path.stem, roster, _tags(line))
            for case, line in zip(read_cases(written, roster), written, strict=True)
            if not case.utterance.sender.is_staff
        ]
    return examples


def _tags(line: str) -> frozenset[str]:
    return frozenset(json.loads(line).get("tags") or ())


def of_part(examples: Sequence[Example], part: Part) -> list[Example]:
    """The examples of one part, in order."""
    return [one for one in examples if one.part is part]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of each line of a file, compressed with gzip or not."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in text.decode("utf-8").rstrip("\n").split("\n"):
        yield json.loads(line)


def load_public(data: Path, *, most: int, seed: int) -> list[PublicText]:
    """Read a random part of the public texts. `data` is the file, or the folder that holds it."""
    rows = list(json_lines(data / PUBLIC if data.is_dir() else data))
    random.Random(seed).shuffle(rows)  # noqa: S311 - a sample, not a secret
    return [_public(row) for row in rows[:most]]


def _public(row: dict[str, Any]) -> PublicText:
    text = row["text"][:_LONGEST]
    return PublicText(Prepared(normalise(text).text, text), bool(row["toxic"]), row["source"])
