"""Models made by hand, with neither torch nor the package onnx: they know words, and an exported Detoxify folder.

The graph looks each word up in a table and takes the highest of all words for each label.
"""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

LABELS = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
#: What each word scores before squashing; a word that is not here counts as the first.
WORDS: Mapping[str, Sequence[float]] = {
    "[UNK]": (-4, -4, -4, -4, -4, -4),
    "idiot": (3, -2, 0, -4, 2, -3),
    "liar": (2, -3, -1, -4, 1, -3),
    "hurt": (1, -1, -2, 2, -2, -3),
}
LONGEST = 8
_FLOAT, _INTEGER = 1, 7


def write_folder(folder: Path, **about: Any) -> str:
    """Write the folder; `about` replaces parts of about.json. Returns that file's SHA-256."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(model())
    (folder / "tokenizer.json").write_bytes(tokenizer())
    files = {name: sha256(folder / name) for name in ("model.onnx", "tokenizer.json")}
    content = {"form": 1, "model_type": "tiny", "labels": LABELS, "files": files, **about}
    (folder / "about.json").write_text(json.dumps(content), "utf-8")
    return sha256(folder / "about.json")


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tokenizer() -> bytes:
    """Whole words, cut after `LONGEST` of them."""
    made = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.enable_truncation(LONGEST)
    return made.to_str().encode()


def model(shift: float = 0.0) -> bytes:
    """Detoxify's model, which squashes what it finds; `shift` is added to every score before."""
    table = [[value + shift for value in row] for row in WORDS.values()]
    return lookup(table, inputs=("input_ids", "attention_mask"), output="probabilities", squashed=True)


def lookup(table: Sequence[Sequence[float]], *, inputs: Sequence[str], output: str, squashed: bool = False) -> bytes:
    """A model whose first input are places in a table (words by labels); it gives the highest by label."""
    values = [value for row in table for value in row]
    highest = "highest" if squashed else output
    graph = b"".join(
        [
            _node("Gather", ["table", inputs[0]], "rows"),
            _node("ReduceMax", ["rows"], highest, _whole_numbers("axes", [1]) + _whole_number("keepdims", 0)),
            _node("Sigmoid", ["highest"], output) if squashed else b"",
            _field(2, b"tiny"),
            _field(5, _tensor("table", (len(table), len(table[0])), struct.pack(f"<{len(values)}f", *values))),
            *(_field(11, _value(name, _INTEGER, ("texts", "tokens"))) for name in inputs),
            _field(12, _value(output, _FLOAT, ("texts", "labels"))),
        ]
    )
    return _number(1, 8) + _field(8, _number(2, 13)) + _field(7, graph)


def _node(kind: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    named = b"".join(_field(1, one.encode()) for one in inputs)
    return _field(1, named + _field(2, output.encode()) + _field(4, kind.encode()) + attributes)


def _whole_number(name: str, value: int) -> bytes:
    return _field(5, _field(1, name.encode()) + _number(3, value) + _number(20, 2))


def _whole_numbers(name: str, values: Sequence[int]) -> bytes:
    return _field(5, _field(1, name.encode()) + b"".join(_number(8, one) for one in values) + _number(20, 7))


def _tensor(name: str, shape: Sequence[int], content: bytes) -> bytes:
    sizes = b"".join(_number(1, one) for one in shape)
    return sizes + _number(2, _FLOAT) + _field(8, name.encode()) + _field(9, content)


def _value(name: str, kind: int, shape: Sequence[str]) -> bytes:
    sizes = b"".join(_field(1, _field(2, one.encode())) for one in shape)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, sizes)))


def _field(number: int, content: bytes) -> bytes:
    """A field of protobuf that holds bytes."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    """A field of protobuf that holds a whole number."""
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
