"""Make a checkpoint of the size and kind of Detoxify's `original` that learnt nothing: for its cost alone.

Runs by a Python that has torch and transformers; prints where the checkpoint lies, in JSON.
"""

import json
import re
import string
import sys
from collections import Counter
from pathlib import Path

LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_CORPUS = Path(__file__).parents[1] / "corpus"


def vocabulary(size: int) -> list[str]:
    """The words of our corpus, the commonest first, so that messages are cut into about as many pieces as by BERT's."""
    words: Counter[str] = Counter()
    for path in sorted(_CORPUS.glob("*.jsonl")):
        words.update(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
    signs = [*string.ascii_lowercase, *string.digits, *string.punctuation, "’", "£"]
    known = [*_SPECIAL, *signs, *(f"##{sign}" for sign in signs)]
    known += [word for word, _ in words.most_common(20_000) if len(word) > 1]
    known = list(dict.fromkeys(known))[:size]
    return known + [f"[unused{at}]" for at in range(size - len(known))]


def main(folder: str) -> int:
    """Write the checkpoint into the folder. Returns the exit status."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    home = Path(folder) / "bert-base"
    home.mkdir()
    config = BertConfig(num_labels=len(LABELS))
    (home / "vocab.txt").write_text("\n".join(vocabulary(config.vocab_size)) + "\n", encoding="utf-8")
    torch.manual_seed(1)
    model = BertForSequenceClassification(config)
    config.save_pretrained(home)
    BertTokenizer(str(home / "vocab.txt"), model_max_length=512).save_pretrained(home)
    arguments = {
        "num_classes": len(LABELS),
        "model_type": str(home),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }
    content = {
        "config": {"arch": {"type": "BERT", "args": arguments}, "dataset": {"args": {"classes": LABELS}}},
        "state_dict": model.state_dict(),
    }
    path = Path(folder) / "untrained.ckpt"
    torch.save(content, path)
    sys.stdout.write(json.dumps({"checkpoint": str(path)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
