"""The texts that the model is made from: our own labelled corpus, and public texts on general toxicity.

The public texts are not part of the repository (see `docs/model-card.md` for what they are and under which
licences); their place is given by `--data`. Test sets are read by `measure` alone.
"""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.cases import Case, Labels, read_cases
from moderation.engine import Prepared
from moderation.normalise import normalise
from moderation.preparation import prepare
from moderation.rosters import as_roster, read_roster
from moderation.vocabulary import Outcome, Roster

CORPUS = Path(__file__).with_name("corpus")
PUBLIC = "public_train.jsonl.gz"
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message of our corpus, made ready. `batch` is what a split never cuts through."""

    case: Case
    labels: Labels
    batch: str
    roster: Roster
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class PublicText:
    """One text on general toxicity, from a named source."""

    prepared: Prepared
    toxic: bool
    source: str


def load_corpus(folder: Path = CORPUS) -> list[Example]:
    """Read every batch of the corpus with its own roster; messages by staff are left out (clause 1.3).

    Raises:
        BadInput, RosterRefused: a line cannot be used; the message names it.
    """
    examples: list[Example] = []
    for path in sorted(folder.glob("*.jsonl")):
        roster = as_roster(read_roster(path.with_suffix(".roster.csv")))
        with path.open(encoding="utf-8") as lines:
            cases = list(read_cases(lines, roster))
        examples += [_example(case, path.stem, roster) for case in cases if not case.utterance.sender.is_staff]
    return examples


def _example(case: Case, batch: str, roster: Roster) -> Example:
    labels = case.labels or Labels(Outcome.OK)
    return Example(case, labels, batch, roster, prepare(case.utterance, roster)[0])


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
