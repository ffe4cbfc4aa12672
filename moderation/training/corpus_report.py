"""What the corpus is like: `python -m moderation.training.corpus_report [--relabelled FILE]` (`make corpus`).

Prints how labels are spread over parts and authors, which messages nearly repeat another (a Jaccard index of their
groups of five words above one half), and how far a blind second labelling agrees. Exits 1 where messages repeat across
parts, or more than `MOST_ALIKE` of all do: then a part would be measured on what another part taught.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rich.console import Console
from rich.table import Table

from moderation.training.data import CORPUS, Example, load_corpus
from moderation.training.split import Part
from moderation.vocabulary import Clause, Concern, Outcome

RELABELLED = Path(__file__).with_name("relabelled.jsonl")
ALIKE, MOST_ALIKE = 0.5, 0.02
_GROUP = 5
#: A group of words that more messages share than this says nothing about any two of them.
_COMMON = 200
_WORD = re.compile(r"\w+")
_KINDS = ("decision", "clauses", "concern")


@dataclass(frozen=True, slots=True)
class Alike:
    """Two messages that nearly repeat each other, by id, and whether they are in different parts."""

    first: str
    second: str
    across: bool


def groups_of(text: str) -> frozenset[tuple[str, ...]]:
    """The groups of five words of a text; a shorter text is one group."""
    words = tuple(_WORD.findall(text.lower()))
    return frozenset(words[at : at + _GROUP] for at in range(max(1, len(words) - _GROUP + 1)))


def near_duplicates(examples: Sequence[Example]) -> list[Alike]:
    """Every pair of messages with a Jaccard index above `ALIKE`; messages of one or two words are no such pair."""
    groups = [groups_of(one.case.utterance.text) for one in examples]
    long = [at for at, own in enumerate(groups) if len(next(iter(own))) > 2]
    holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in long:
        for group in groups[at]:
            holding[group].append(at)
    met = {pair for places in holding.values() if len(places) <= _COMMON for pair in combinations(places, 2)}
    return [
        Alike(examples[a].case.id, examples[b].case.id, examples[a].part is not examples[b].part)
        for a, b in sorted(met)
        if len(groups[a] & groups[b]) > ALIKE * len(groups[a] | groups[b])
    ]


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa of two labellings of the same messages: agreement beyond chance, 1 at most."""
    total = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / total
    one, other = Counter(first), Counter(second)
    chance = sum(one[label] * other[label] for label in one) / total**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def agreement(examples: Iterable[Example], relabelled: Path) -> dict[str, tuple[float, float, int]]:
    """Kappa, share agreed, and number of messages by kind of label; each clause counts as a yes or no of its own."""
    own = {one.case.id: one.labels for one in examples}
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in relabelled.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = own.get(row["id"])
        if labels is None:
            continue
        pairs["decision"].append((labels.outcome.value, row["decision"]))
        pairs["concern"].append((labels.concern.value, row["concern"]))
        if labels.outcome is Outcome.FLAG and row["decision"] == Outcome.FLAG:
            pairs["clauses"] += [(str(one in labels.clauses), str(one in row["clauses"])) for one in Clause]
    return {
        kind: (
            kappa([a for a, _ in pairs[kind]], [b for _, b in pairs[kind]]),
            sum(a == b for a, b in pairs[kind]) / len(pairs[kind]),
            len(pairs[kind]),
        )
        for kind in _KINDS
        if pairs[kind]
    }


def balance(examples: Sequence[Example], title: str, of: Sequence[tuple[str, Sequence[Example]]]) -> Table:
    """How many messages carry each label, by group."""
    labels = [*Outcome, *Clause, *(kind for kind in Concern if kind is not Concern.NONE)]
    table = Table("", "messages", "schools", *map(str, labels), "replies", title=title)
    for name, group in [*of, ("all", examples)]:
        counts = [sum(_has(one, label) for one in group) for label in labels]
        replies = sum(one.case.utterance.reply_to is not None for one in group)
        schools = len({one.batch for one in group})
        table.add_row(name, *map(str, (len(group), schools, *counts, replies)))
    return table


def _has(example: Example, label: Outcome | Clause | Concern) -> bool:
    labels = example.labels
    return label is labels.outcome or label is labels.concern or label in labels.clauses


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m moderation.training.corpus_report")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument("--relabelled", type=Path, default=RELABELLED, help="a blind second labelling of a sample")
    options = parser.parse_args(arguments)
    console = Console(width=170)
    examples = load_corpus(options.corpus)
    console.print(
        balance(examples, "By part", [(part.value, [e for e in examples if e.part is part]) for part in Part])
    )
    authors = sorted({one.batch.partition("-")[0] for one in examples})
    by_author = [(name, [e for e in examples if e.batch.startswith(f"{name}-")]) for name in authors]
    console.print(balance(examples, "By author", by_author))
    found = near_duplicates(examples)
    across = [pair for pair in found if pair.across]
    share = len({pair.second for pair in found}) / len(examples)
    console.print(f"Near-duplicates: {share:.2%} of the messages; {len(across)} pairs across parts")
    for pair in across:
        console.print(f"  {pair.first} and {pair.second}")
    if options.relabelled.exists():
        for kind, (value, agreed, total) in agreement(examples, options.relabelled).items():
            console.print(f"Blind second labelling, {kind}: kappa {value:.2f}, {agreed:.1%} agreed of {total}")
    return 1 if across or share > MOST_ALIKE else 0


if __name__ == "__main__":
    sys.exit(main())
