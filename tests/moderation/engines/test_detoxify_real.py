"""The real library on a tiny random BERT made here, through `schoolgate assess` as a process without a network."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.torch

LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "you", "are", "an", "idiot", "thank", "see", "all"]

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


def _tiny_checkpoint(folder: Path) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    model_folder = folder / "tiny-bert"
    model_folder.mkdir()
    (model_folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=len(LABELS),
        initializer_range=1.0,
    )  # fmt: skip
    torch.manual_seed(1)
    model = BertForSequenceClassification(config)
    config.save_pretrained(model_folder)
    BertTokenizer(str(model_folder / "vocab.txt"), model_max_length=64).save_pretrained(model_folder)
    path = folder / "tiny.ckpt"
    arch = {
        "type": "BERT",
        "args": {
            "num_classes": len(LABELS),
            "model_type": str(model_folder),
            "model_name": "BertForSequenceClassification",
            "tokenizer_name": "BertTokenizer",
        },
    }
    content = {"config": {"arch": arch, "dataset": {"args": {"classes": LABELS}}}, "state_dict": model.state_dict()}
    torch.save(content, path)
    return path


def test_the_real_class_scores_through_assess_without_a_network(tmp_path: Path) -> None:
    checkpoint = _tiny_checkpoint(tmp_path)
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
