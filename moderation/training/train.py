"""Make the builtin model: `python -m moderation.training.train --data FOLDER [--out FILE]`.

`--data` is the folder with the public texts (`public_train.jsonl.gz`). Needs the extra `training`. Takes four to
six minutes on one busy core, a good part of it reading; the same data gives the same file, byte for byte.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from moderation.engines.builtin import MODEL
from moderation.engines.weights import save
from moderation.training.data import CORPUS, load_corpus, load_public
from moderation.training.fit import SEED, fit_model
from moderation.training.unseen import choose_thresholds, report_unseen

#: The file enters the repository's history, which keeps every version of it.
LARGEST = 2_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, save, and show how the model does on batches it had not seen. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.train", description="Make the builtin model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with public_train.jsonl.gz")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument("--out", type=Path, default=MODEL, help="where to write the model")
    parser.add_argument("--public", type=int, default=40_000, help="how many public texts to learn from")
    parser.add_argument("--propose", action="store_true", help="propose thresholds too (some minutes more)")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    with console.status("Reading the texts") as status:
        examples = load_corpus(options.corpus)
        public = load_public(options.data, most=options.public, seed=SEED)
        console.print(f"{len(examples)} messages of our own, {len(public)} public texts")
        weights, unseen = fit_model(examples, public, tell=lambda head: status.update(f"Learning {head}"))
    save(weights, options.out)
    size = options.out.stat().st_size
    console.print(f"{options.out.name}: {size:,} bytes, version {weights.version}")
    report_unseen(examples, unseen, Console())
    if options.propose:
        choose_thresholds(examples, unseen, Console())
    if size > LARGEST:
        console.print(f"The file is larger than {LARGEST:,} bytes: learn from fewer texts, or drop small weights.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
