"""Make the built-in model: `python -m moderation.training.train --data FOLDER` (`make train`).

`--data` holds the public texts (`public_train.jsonl.gz`), `--encoders` the packages of the public encoders. Needs the
extra `training`; takes hours on two cores. What a step made is kept in `--work`, so that a run that was cut off goes on
where it stopped. Seeds are fixed.

1. The large encoder (mpnet-base) learns our corpus, and general toxicity from public texts, in two sittings.
2. The small encoder (MiniLM) learns the same, in two as well; with `--distil` also what the large one thinks of it.
3. Both become 8-bit ONNX; on the validation part they are calibrated, and what counts how much is chosen.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from tokenizers import Tokenizer

from moderation.engines.builtin import MODEL
from moderation.engines.encoding import Encoding, Row, for_large
from moderation.engines.heads import Logits
from moderation.training.arranging import arrange
from moderation.training.data import CORPUS, Example, PublicText, load_corpus, load_public, of_part
from moderation.training.encoders import Public, network_of, read_large, read_small, tokenizer_json
from moderation.training.export import SIX_BITS, files_of, onnx_of, settings_json, write_model
from moderation.training.learning import Lesson, Plan, Told, logits_of, teach
from moderation.training.network import Network
from moderation.training.split import Part

SEED = 7
#: Public texts: for the large encoder's toxicity in each sitting, for the small one's, and to calibrate on.
LARGE_PUBLIC, SMALL_PUBLIC, CALIBRATION_PUBLIC = 4_000, 7_500, 3_000
#: In the second sitting the learning rate starts anew, and once more falls to nothing.
LARGE = (Plan(2, 3e-5, 1), Plan(1, 5e-5, 4, 1.0, 0.01))
SMALL = (Plan(3, 1e-4, 3), Plan(2, 7e-5, 11))
_LONGEST_PUBLIC = 90


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step works with."""

    examples: Sequence[Example]
    public: Sequence[PublicText]
    encoding: Encoding
    work: Path
    told: Told

    def part(self, part: Part) -> list[Example]:
        """The examples of one part."""
        return of_part(self.examples, part)

    def public_part(self, start: int, count: int) -> list[PublicText]:
        """Some of the public texts; the same place gives the same texts."""
        return list(self.public[start : start + count])

    def rows(self, examples: Sequence[Example]) -> list[Row]:
        """The rows of examples as they were written."""
        return self.encoding.rows([one.read() for one in examples])

    def public_rows(self, texts: Sequence[PublicText]) -> list[Row]:
        """The rows of public texts, cut where they are long."""
        return [row[:_LONGEST_PUBLIC] for row in self.encoding.rows([one.prepared for one in texts])]

    def varied(self, examples: Sequence[Example], first: int, numbered: Callable[[Row], Row]) -> "Varied":
        """The rows of each turn from `first` on, written another way every time."""
        return Varied(examples, self.encoding, first, numbered)


class Varied:
    """Rows of a turn, worked out when asked for; the last turn is kept."""

    def __init__(
        self, examples: Sequence[Example], encoding: Encoding, first: int, numbered: Callable[[Row], Row]
    ) -> None:
        self._examples, self._encoding, self._first, self._numbered = examples, encoding, first, numbered
        self._kept: tuple[int, list[Row]] | None = None

    def __call__(self, turn: int) -> list[Row]:
        """The rows of a turn."""
        if self._kept is None or self._kept[0] != turn:
            prepared = [one.varied(self._first + turn) for one in self._examples]
            self._kept = turn, [self._numbered(row) for row in self._encoding.rows(prepared)]
        return self._kept[1]


def as_it_is(row: Row) -> Row:
    """The row, for the small encoder."""
    return row


def train_large(desk: Desk, public: Callable[[], Public]) -> Network:
    """The large encoder, fine-tuned."""
    examples = desk.part(Part.TRAIN)

    def lessons(number: int, first: int) -> list[Lesson]:
        texts = desk.public_part((number - 1) * LARGE_PUBLIC, LARGE_PUBLIC)
        rows = [for_large(row) for row in desk.public_rows(texts)]
        return [
            Lesson(desk.varied(examples, first, for_large), labels=[one.labels for one in examples]),
            Lesson(lambda _: rows, toxic=toxic_of(texts), spread=True),
        ]

    return taught(desk, network_of(public()), "large", LARGE, lessons)


def taught(
    desk: Desk, network: Network, name: str, plans: Sequence[Plan], lessons: Callable[[int, int], list[Lesson]]
) -> Network:
    """Let a network learn in several sittings; what each made is kept, and taken up again.

    `lessons` gives those of a sitting, by its number and by how many turns there were before it.
    """
    first = 0
    for number, plan in enumerate(plans, 1):
        kept = desk.work / f"{name}-{number}.pt"
        if kept.exists():
            network.load_state_dict(torch.load(kept))
        else:
            title = f"{name}, sitting {number}"
            teach(network, lessons(number, first), plan, lambda text, title=title: desk.told(f"{title}: {text}"))  # type: ignore[misc]
            torch.save(network.state_dict(), kept)
        first += plan.turns
    return network


def toxic_of(texts: Sequence[PublicText]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """1 where a public text is toxic, else 0."""
    return np.array([one.toxic for one in texts], np.float32)


def train_small(desk: Desk, public: Public, teacher: Network | None) -> Network:
    """The small encoder, fine-tuned; from a teacher's thoughts as well where there is one."""
    examples, labels = desk.part(Part.TRAIN), [one.labels for one in desk.part(Part.TRAIN)]
    known = thoughts(desk, teacher, desk.rows(examples), "corpus") if teacher else None

    def lessons(number: int, first: int) -> list[Lesson]:
        texts = desk.public_part(len(LARGE) * LARGE_PUBLIC + (number - 1) * SMALL_PUBLIC, SMALL_PUBLIC)
        rows = desk.public_rows(texts)
        general = thoughts(desk, teacher, rows, f"public-{number}") if teacher else None
        return [
            Lesson(desk.varied(examples, 100 + first, as_it_is), labels=labels, teacher=known),
            Lesson(lambda _: rows, toxic=toxic_of(texts), teacher=general, spread=True),
        ]

    return taught(desk, network_of(public), "small", SMALL, lessons)


def thoughts(desk: Desk, teacher: Network, rows: Sequence[Row], name: str) -> Logits:
    """The teacher's logits for rows, kept under a name."""
    kept = desk.work / f"thoughts-{name}.npy"
    if not kept.exists():
        found = logits_of(teacher, [for_large(row) for row in rows], lambda text: desk.told(f"{name}: {text}"))
        np.save(kept, found)
    logits: Logits = np.load(kept)
    return logits


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, export, and write the model. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.train", description="Make the builtin model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with public_train.jsonl.gz")
    parser.add_argument("--encoders", type=Path, default=Path("artefacts/encoders"), help="folder of the packages")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument("--work", type=Path, default=Path("artefacts/training"), help="where steps are kept")
    parser.add_argument("--out", type=Path, default=MODEL, help="where to write the model")
    parser.add_argument("--distil", action="store_true", help="teach the small encoder by the large one, too")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    public = read_small(options.encoders)
    tokenizer = tokenizer_json(public)
    most = len(LARGE) * LARGE_PUBLIC + len(SMALL) * SMALL_PUBLIC + CALIBRATION_PUBLIC
    with console.status("Reading the texts") as status:
        desk = Desk(
            load_corpus(options.corpus),
            load_public(options.data, most=most, seed=SEED),
            Encoding(Tokenizer.from_str(tokenizer)),
            options.work,
            status.update,
        )
        large = train_large(desk, lambda: read_large(options.encoders))
        small = train_small(desk, public, large if options.distil else None)
        status.update("Exporting")
        files = files_of(tokenizer, onnx_of(small), onnx_of(large, step=SIX_BITS))
        validation, texts = desk.part(Part.VALIDATION), desk.public_part(most - CALIBRATION_PUBLIC, CALIBRATION_PUBLIC)
        settings = arrange(files, desk.rows(validation), [one.labels for one in validation],
                           desk.public_rows(texts), toxic_of(texts) > 0)  # fmt: skip
        version = write_model(options.out, files, settings_json(settings))
    sizes = ", ".join(f"{name} {len(content):,} bytes" for name, content in files.items())
    console.print(f"Model {version} in {options.out}: {sizes}")
    console.print("Next: python -m moderation.training.thresholds, then make evaluate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
