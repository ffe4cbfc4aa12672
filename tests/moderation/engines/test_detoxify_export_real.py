"""A real export of tiny random models with torch, run by a process that has neither torch nor a network."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from moderation.engine import Prepared
from moderation.engines import load_engine
from moderation.engines.detoxify_sentences import SENTENCES
from tests.support.tiny_detoxify import bert_checkpoint, roberta_checkpoint
from tests.support.tiny_onnx import sha256

pytestmark = pytest.mark.torch

ROOT = Path(__file__).parents[3]
TOLERANCE = 0.1

#: Runs the command line with every connection refused, and says so if one was tried.
OFFLINE = """
import socket, sys
def refuse(*args, **kwargs):
    raise OSError("NETWORK USED")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from bot.cli.main import main
main(sys.argv[1:])
"""
#: The same, where nothing of the extra can be imported, though it is installed.
WITHOUT_TORCH = f"""
import sys
for name in ("torch", "transformers", "detoxify", "onnx"):
    sys.modules[name] = None
{OFFLINE}"""


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True, text=True, check=False, timeout=300, cwd=ROOT,
    )  # fmt: skip


def exported(checkpoint: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    given = ("--checkpoint", str(checkpoint), "--checkpoint-sha256", sha256(checkpoint), "--out", str(out))
    return run(OFFLINE, "engine", "export", *given, *more)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a checkpoint, and `out`, exported from it."""
    folder = tmp_path_factory.mktemp("bert")
    done = exported(bert_checkpoint(folder, width=32, spread=0.3), folder / "out", "--tolerance", str(TOLERANCE))
    assert done.returncode == 0, done.stderr
    assert "NETWORK USED" not in done.stderr
    assert sha256(folder / "out" / "about.json") in done.stdout
    return folder


def greatest_gap(folder: Path, sentences: Sequence[str]) -> float:
    """How far the exported model is from the one in torch, batched, over all clauses."""
    checkpoint, out = folder / "tiny.ckpt", folder / "out"
    texts = [Prepared(one, one) for one in sentences]
    original = load_engine("detoxify", checkpoint=checkpoint, checkpoint_sha256=sha256(checkpoint)).score(texts)
    without = load_engine("detoxify", folder=out, folder_sha256=sha256(out / "about.json")).score(texts)
    both = zip(original, without, strict=True)
    return max(abs(one.clauses[clause] - other.clauses[clause]) for one, other in both for clause in one.clauses)


def test_an_exported_model_scores_as_the_one_it_was_made_from(bert: Path) -> None:
    assert sorted(path.name for path in (bert / "out").iterdir()) == ["about.json", "model.onnx", "tokenizer.json"]
    assert greatest_gap(bert, SENTENCES) <= TOLERANCE


def test_a_model_with_more_outputs_than_labels_and_no_limit_of_its_own_is_exported(tmp_path: Path) -> None:
    done = exported(roberta_checkpoint(tmp_path, width=32), tmp_path / "out", "--tolerance", str(TOLERANCE))
    assert done.returncode == 0, done.stderr
    # The library itself fails on what is longer than the model's positions.
    assert greatest_gap(tmp_path, [one for one in SENTENCES if len(one) < 50]) <= TOLERANCE
    endless = [Prepared("", "we walked up the hill " * 60)]
    assert len(load_engine("detoxify", folder=tmp_path / "out").score(endless)) == 1


@pytest.mark.parametrize("engine", ["detoxify", "builtin+detoxify"])
def test_what_was_exported_scores_through_assess_without_torch_or_a_network(
    engine: str, bert: Path, tmp_path: Path
) -> None:
    scored = tmp_path / "out.jsonl"
    (tmp_path / "in.jsonl").write_text('{"text": "you are an idiot"}\n{"text": "thank you all"}\n', encoding="utf-8")
    given = ("--cases", str(tmp_path / "in.jsonl"), "--out", str(scored), "--engine", engine)
    assessed = run(WITHOUT_TORCH, "assess", *given, "--detoxify-folder", str(bert / "out"))
    assert assessed.returncode == 0, assessed.stderr
    assert "NETWORK USED" not in assessed.stderr
    lines: list[dict[str, Any]] = [json.loads(line) for line in scored.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2
    assert all(0 < line["scores"]["toxicity"] < 1 for line in lines)
    assert lines[0]["scores"] != lines[1]["scores"]


def test_a_model_that_does_not_survive_is_not_kept(tmp_path: Path) -> None:
    done = exported(bert_checkpoint(tmp_path), tmp_path / "out", "--tolerance", "0.0001")
    assert done.returncode == 1
    assert "greatest difference" in done.stdout
    assert "more than 0.0001; nothing was kept" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny-bert", "tiny.ckpt"]
