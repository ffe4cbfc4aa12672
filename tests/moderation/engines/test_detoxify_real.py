"""The real library on a tiny random BERT made here, through `schoolgate assess` as a process without a network."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tiny_detoxify import bert_checkpoint

pytestmark = pytest.mark.torch

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


def test_the_real_class_scores_through_assess_without_a_network(tmp_path: Path) -> None:
    checkpoint = bert_checkpoint(tmp_path)
    (tmp_path / "in.jsonl").write_text('{"text": "you are an idiot"}\n{"text": "thank you all"}\n', encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable, "-c", OFFLINE, "assess", "--cases", str(tmp_path / "in.jsonl"),
            "--out", str(tmp_path / "out.jsonl"), "--engine", "detoxify", "--checkpoint", str(checkpoint),
            "--checkpoint-sha256", hashlib.sha256(checkpoint.read_bytes()).hexdigest(),
        ],
        capture_output=True, text=True, check=False, timeout=300, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "NETWORK USED" not in run.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2
    assert all(0 < line["scores"]["toxicity"] < 1 and line["scores"]["redirect"] == 0 for line in lines)
    assert lines[0]["scores"] != lines[1]["scores"]
