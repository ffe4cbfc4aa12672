"""Measure the shipped model on test sets that it never learns from.

`python -m moderation.training.measure --data FOLDER`.

HateCheck (hateful or not) and the social media comments are about hatred and toxicity at large, which is not
what a class group is about: they are told to know the model's limits, and nothing is tuned on them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from moderation.engine import Prepared
from moderation.engines import load_engine
from moderation.normalise import normalise
from moderation.training.data import json_lines

#: File, the key of its label, and what the label says.
TESTS = (
    ("hatecheck.jsonl.gz", "hateful", "HateCheck: hateful"),
    ("surge_toxicity.jsonl.gz", "toxic", "social media comments: toxic"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print ROC-AUC, and accuracy at one half, of `toxicity` and `flag` on each test set that is there."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.measure", description="Measure the model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the test sets")
    options = parser.parse_args(arguments)
    engine = load_engine("builtin")
    table = Table("test set", "texts", "score", "ROC-AUC", "accuracy at 0.5", title=f"builtin {engine.version}")
    for name, key, title in TESTS:
        if not (options.data / name).exists():
            continue
        rows = list(json_lines(options.data / name))
        texts = [Prepared(normalise(row["text"]).text, row["text"]) for row in rows]
        truth = [int(row[key]) for row in rows]
        scores = engine.score(texts)
        for head in ("toxicity", "flag"):
            found = [getattr(score, head) for score in scores]
            right = sum((value >= 0.5) == bool(label) for value, label in zip(found, truth, strict=True)) / len(truth)
            table.add_row(title, str(len(rows)), head, f"{roc_auc_score(truth, found):.3f}", f"{right:.3f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
