"""Detoxify in torch against its export, as large as `original`: `python tests/benchmarks/bench_detoxify_onnx.py`.

Needs the extra `schoolgate[detoxify]`, but neither its weights nor a network: the weights are random, which changes no
time. The differences printed are those of random weights, and tell nothing about a trained model.
"""

import hashlib
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from moderation.engine import EngineFailed
from moderation.engines.detoxify_export import Wanted, export
from moderation.engines.detoxify_sentences import SENTENCES

LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
VOCABULARY = 30_522


def main() -> int:
    """Export such a model, and print how the two compare; without the extra, say so."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        try:
            checkpoint = bert_base_checkpoint(Path(folder))
            digest = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
            done = export(Wanted(checkpoint, digest), Path(folder) / "out", console.print)
        except (EngineFailed, ImportError) as absent:
            console.print(f"Left out: {absent}", markup=False)
            return 0
    table = Table("bert-base, one thread", "torch", "exported", "ratio")
    pace, before, after = done.pace, done.size_before / 1e6, done.size_after / 1e6
    table.add_row("one sentence, ms", f"{pace.torch:.1f}", f"{pace.onnx:.1f}", f"{pace.ratio:.1f}")
    table.add_row("weights, MB", f"{before:.0f}", f"{after:.0f}", f"{before / after:.1f}")
    console.print(table)
    console.print(f"greatest difference {done.difference.greatest:.4f}, mean {done.difference.mean:.4f}")
    return 0


def bert_base_checkpoint(folder: Path) -> Path:
    """A checkpoint with random weights, whose tokeniser knows the words of the sentences."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    local = folder / "bert-base"
    local.mkdir()
    words = sorted({word.lower() for one in SENTENCES for word in re.findall(r"\w+|[^\w\s]", one)})
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    known += [f"unused{at}" for at in range(VOCABULARY - len(known))]
    (local / "vocab.txt").write_text("\n".join(known) + "\n", "utf-8")
    BertTokenizer(str(local / "vocab.txt"), model_max_length=512).save_pretrained(local)
    config = BertConfig(vocab_size=VOCABULARY, num_labels=len(LABELS))
    config.save_pretrained(local)
    torch.manual_seed(1)
    arch = {
        "num_classes": len(LABELS),
        "model_type": str(local),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }
    weights = BertForSequenceClassification(config).state_dict()
    path = folder / "bert-base.ckpt"
    torch.save(
        {"config": {"arch": {"args": arch}, "dataset": {"args": {"classes": LABELS}}}, "state_dict": weights}, path
    )
    return path


if __name__ == "__main__":
    sys.exit(main())
