"""What each idea gains: `python -m moderation.training.ablation` (`make ablation`), after `make train`.

The small encoder learns from part of our corpus again and again, each time with one thing less, for fewer turns than
the one that is shipped, and is measured on the test part by what needs no threshold. Takes half an hour on two idle
cores. What a teacher gains is told where `train --distil` has kept its thoughts. What the cascade gains is told by
`make evaluate`: its stages are the two encoders alone.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.stats import rankdata
from tokenizers import Tokenizer

from moderation.cases import Labels
from moderation.engine import Prepared
from moderation.engines.encoding import Encoding, Row
from moderation.engines.heads import CLAUSE, CLAUSES, CONCERN, CONCERNS, DECISION, DECISIONS, Logits, softmax
from moderation.normalise import normalise
from moderation.training.data import CORPUS, Example, load_corpus, of_part
from moderation.training.encoders import Public, network_of, read_small, tokenizer_json
from moderation.training.learning import Lesson, Plan, logits_of, teach
from moderation.training.split import Part
from moderation.vocabulary import Clause, Concern, Outcome

SIZES = (1_000, 2_000, 4_000, 8_000)
PLAN = Plan(3, 1.5e-4, 11)
_DRAWN_BY = 20261127

Read = Callable[[Example, int], Prepared]


def with_roles(example: Example, turn: int) -> Prepared:
    """The message as the shipped model learns it: with role words, disguises, and other names."""
    return example.varied(turn)


def without_roles(example: Example, _: int) -> Prepared:
    """The message with its names as they stand, and without what the one replied to is to the school."""
    said = example.case.utterance
    reply = normalise(said.reply_to.text).text if said.reply_to else ""
    return Prepared(normalise(said.text).text, said.text, said.reply_to is not None, reply)


def measures(logits: Logits, labels: Sequence[Labels]) -> dict[str, float]:
    """Macro F1 of the likeliest decisions, and ROC-AUC of flag, redirect, concern, threat; mean ROC-AUC of clauses."""
    decisions = np.array([DECISIONS.index(one.outcome) for one in labels])
    told = logits[:, DECISION].argmax(1)
    f1s = [_f1(told == at, decisions == at) for at in range(len(DECISIONS))]
    chances, concerns = softmax(logits[:, DECISION]), softmax(logits[:, CONCERN])
    clauses = [auc(logits[:, CLAUSE][:, at], _holds(labels, clause)) for at, clause in enumerate(CLAUSES)]
    return {
        "decision macro F1": float(np.mean(f1s)),
        "flag AUC": auc(chances[:, DECISIONS.index(Outcome.FLAG)], decisions == DECISIONS.index(Outcome.FLAG)),
        "redirect AUC": auc(
            chances[:, DECISIONS.index(Outcome.REDIRECT)], decisions == DECISIONS.index(Outcome.REDIRECT)
        ),
        "concern AUC": auc(
            1 - concerns[:, CONCERNS.index(Concern.NONE)],
            np.array([one.concern is not Concern.NONE for one in labels]),
        ),
        "threat AUC": clauses[CLAUSES.index(Clause.THREAT)],
        "clauses AUC": float(np.mean(clauses)),
    }


def _holds(labels: Sequence[Labels], clause: Clause) -> NDArray[np.bool_]:
    return np.array([clause in one.clauses for one in labels])


def _f1(told: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    hits = int((told & true).sum())
    return 2 * hits / max(1, int(told.sum()) + int(true.sum()))


def auc(scores: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """How often what is true scores higher than what is not; one half where there is but one kind."""
    true = int(truth.sum())
    if true in {0, len(truth)}:
        return 0.5
    ranks = rankdata(scores)
    return float((ranks[truth].sum() - true * (true + 1) / 2) / (true * (len(truth) - true)))


def trained(
    public: Public, encoding: Encoding, examples: Sequence[Example], read: Read, teacher: Logits | None = None
) -> Callable[[Sequence[Example]], Logits]:
    """Train the small encoder on examples; returns how it reads others."""
    kept: dict[int, list[Row]] = {}

    def rows(turn: int) -> list[Row]:
        if turn not in kept:
            kept.clear()
            kept[turn] = encoding.rows([read(one, turn) for one in examples])
        return kept[turn]

    network = network_of(public)
    teach(network, [Lesson(rows, labels=[one.labels for one in examples], teacher=teacher)], PLAN)
    plain: Read = without_roles if read is without_roles else lambda one, _: one.read()
    return lambda others: logits_of(network, encoding.rows([plain(one, 0) for one in others]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and measure every arrangement, and print them as they are done. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.ablation")
    parser.add_argument("--encoders", type=Path, default=Path("artefacts/encoders"), help="folder of the packages")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument("--work", type=Path, default=Path("artefacts/training"), help="where `make train` kept steps")
    options = parser.parse_args(arguments)
    public = read_small(options.encoders)
    encoding = Encoding(Tokenizer.from_str(tokenizer_json(public)))
    examples = load_corpus(options.corpus)
    train, test = of_part(examples, Part.TRAIN), of_part(examples, Part.TEST)
    labels, errors = [one.labels for one in test], Console(stderr=True)
    rows: list[tuple[str, dict[str, float]]] = []
    for name, some, read, teacher in arrangements(train, options.work):
        with errors.status(name):
            found = trained(public, encoding, some, read, teacher)(test)
        rows.append((name, measures(found, labels)))
        errors.print(f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in rows[-1][1].items()))
    table = Table("small encoder, taught with", *rows[0][1], title=f"Ablation, {len(test)} messages of the test part")
    for name, values in rows:
        table.add_row(name, *(f"{value:.3f}" for value in values.values()))
    Console(width=140).print(table)
    return 0


def arrangements(train: Sequence[Example], work: Path) -> list[tuple[str, Sequence[Example], Read, Logits | None]]:
    """Name, examples, how they are read, the teacher's thoughts: the most of `SIZES`, then one thing less each time."""
    order = np.random.default_rng(_DRAWN_BY).permutation(len(train))
    some = [(size, order[:size]) for size in SIZES if size < len(train)] or [(len(train), order)]
    parts = [(f"{size:,} messages", [train[at] for at in places]) for size, places in reversed(some)]
    (name, most), places = parts[0], some[-1][1]
    kept = work / "thoughts-corpus.npy"
    found: list[tuple[str, Sequence[Example], Read, Logits | None]] = []
    if kept.exists():
        found.append((f"{name} and the teacher", most, with_roles, np.load(kept)[places]))
    found.append((name, most, with_roles, None))
    found.append((f"{name}, without role words", most, without_roles, None))
    return found + [(fewer, examples, with_roles, None) for fewer, examples in parts[1:]]


if __name__ == "__main__":
    sys.exit(main())
