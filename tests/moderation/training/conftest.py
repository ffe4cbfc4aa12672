"""A corpus of three small schools, for tests of how the model is made."""

import json
from pathlib import Path

import pytest

from moderation.training.data import Example, load_corpus

ROSTER = "name,role,class,child\nMrs Ann Lee,headteacher,,\nJo Kerr,parent,Elm,Sam\n"


def write_batch(folder: Path, name: str) -> None:
    """Write a batch of every kind of message, with its roster."""
    rows: list[dict[str, object]] = []
    for number in range(12):
        rows += [
            {"text": f"you are a horrible idiot {number}", "decision": "flag", "clauses": ["4.1a"], "severity": 2},
            {"text": f"thanks everyone, see you at {number}", "decision": "ok", "tags": ["everyday"]},
            {"text": f"the fees are a joke again {number}", "decision": "redirect"},
            {"text": f"a man hurt the child by the gate {number}", "decision": "ok", "concern": "child"},
        ]
    rows.append({"text": "Reminder: coats", "sender": "staff:Mrs Ann Lee", "decision": "ok"})
    rows.append({"text": "Mrs Lee is kind to Sam and to Agnieszka", "sender": "parent:Jo Kerr", "decision": "ok"})
    lines = [json.dumps({"id": f"{name}-{at:03}", **row}) + "\n" for at, row in enumerate(rows, 1)]
    (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / f"{name}.roster.csv").write_text(ROSTER, encoding="utf-8")


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the corpus: a batch to learn from, one to test on, one to choose by."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("one-01", "one-03", "two-06"):
        write_batch(folder, name)
    return folder


@pytest.fixture(scope="session")
def corpus(corpus_folder: Path) -> list[Example]:
    """Its messages."""
    return load_corpus(corpus_folder)
