"""A checkpoint as Detoxify's, tiny and random, whose model and tokeniser are local: loads without a network."""

import json
from pathlib import Path
from typing import Any

LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "you", "are", "an", "idiot", "thank", "see", "all"]
_SIZES = {
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "max_position_embeddings": 64,
    "initializer_range": 1.0,
}


def bert_checkpoint(folder: Path, *, width: int = 16, spread: float = 1.0) -> Path:
    """As `original`: whole words in small letters. `spread` is how far apart the weights are."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    sizes = {**_SIZES, "hidden_size": width, "intermediate_size": width, "initializer_range": spread}
    config = BertConfig(vocab_size=len(WORDS), num_labels=len(LABELS), **sizes)
    local = folder / "tiny-bert"
    local.mkdir()
    (local / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    BertTokenizer(str(local / "vocab.txt"), model_max_length=64).save_pretrained(local)
    return _saved(folder, local, config, BertForSequenceClassification, "BertTokenizer")


def roberta_checkpoint(folder: Path, *, width: int = 16, spread: float = 0.3) -> Path:
    """As `unbiased`: bytes, positions that begin after the padding, and more outputs than labels."""
    from transformers import RobertaConfig, RobertaForSequenceClassification, RobertaTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *bytes_to_unicode().values(), "th"]
    local = folder / "tiny-roberta"
    local.mkdir()
    (local / "vocab.json").write_text(json.dumps({one: at for at, one in enumerate(letters)}), encoding="utf-8")
    (local / "merges.txt").write_text("#version: 0.2\nt h\n", encoding="utf-8")
    RobertaTokenizer.from_pretrained(local, local_files_only=True).save_pretrained(local)
    sizes = {**_SIZES, "hidden_size": width, "intermediate_size": width, "initializer_range": spread}
    outputs = len(LABELS) + 3
    config = RobertaConfig(vocab_size=len(letters), num_labels=outputs, type_vocab_size=1, pad_token_id=1, **sizes)
    return _saved(folder, local, config, RobertaForSequenceClassification, "RobertaTokenizer")


def _saved(folder: Path, local: Path, config: Any, kind: Any, tokenizer_name: str) -> Path:
    import torch

    torch.manual_seed(1)
    model = kind(config)
    config.save_pretrained(local)
    arch = {
        "num_classes": config.num_labels,
        "model_type": str(local),
        "model_name": kind.__name__,
        "tokenizer_name": tokenizer_name,
    }
    dataset = {"args": {"classes": LABELS}}
    content = {"config": {"arch": {"args": arch}, "dataset": dataset}, "state_dict": model.state_dict()}
    path = folder / "tiny.ckpt"
    torch.save(content, path)
    return path
