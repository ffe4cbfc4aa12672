"""From networks to the folder that is shipped: 8-bit ONNX with a digest of every file, the large encoder packed.

The small encoder keeps 7 bits of each weight. The large one keeps 6, which packs it by a sixth more; what that costs
is part of every figure in the model card, since the exported files are what is measured.
"""

import hashlib
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from moderation.engines.builtin import ABOUT, FORM, LARGE, SMALL, TOKENIZER, Settings
from moderation.engines.packing import GRAPH, packed
from moderation.training.network import Network
from moderation.training.quantising import quantised

_OPSET = 17
#: The least difference between two weights of a network that keeps 6 of their 7 bits.
SIX_BITS = 2
_NAMED_BY = 12
#: The file of weights in a pack, and from how many bytes on a tensor lies there.
_WEIGHTS, _LEAST_APART = "weights.bin", 1024


class _Alone(nn.Module):
    """A network that reads one text at a time, so that there is nothing to mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor) -> Tensor:
        found: Tensor = self.network(tokens, torch.ones_like(tokens))
        return found


def onnx_of(network: Network, *, step: int = 1) -> bytes:
    """A network as ONNX in 8 bits (see `quantising`); `step` is the least difference between two weights."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-export-") as folder, _quietly(), torch.no_grad():
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Alone(network.eval()),
            (torch.arange(3, 10)[None],),
            str(whole),
            input_names=["tokens"],
            output_names=["logits"],
            dynamic_axes={"tokens": {0: "texts", 1: "tokens"}, "logits": {0: "texts"}},
            opset_version=_OPSET,
            # The newer exporter needs onnxscript beside onnx, and gains nothing for this network.
            dynamo=False,
        )
        found: bytes = quantised(onnx.load(str(whole)), step=step).SerializeToString()
        return found


def write_model(folder: Path, files: dict[str, bytes], settings: dict[str, Any]) -> str:
    """Write the folder of a model and return its version, a digest of its files and settings."""
    folder.mkdir(parents=True, exist_ok=True)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    about = {"form": FORM, **settings, "files": digests}
    version = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:_NAMED_BY]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / ABOUT).write_text(json.dumps({"version": version, **about}, indent=2) + "\n", encoding="utf-8")
    return version


def files_of(tokenizer: str, small: bytes, large: bytes) -> dict[str, bytes]:
    """The files of a model by name; the same content gives the same bytes."""
    return {TOKENIZER: tokenizer.encode("utf-8"), SMALL: small, LARGE: packed(_apart(large))}


def _apart(model: bytes) -> dict[str, bytes]:
    """A model as the files of a pack: its graph, and its weights apart."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-export-") as folder:
        onnx.save_model(
            onnx.load_from_string(model),
            str(Path(folder) / GRAPH),
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=_WEIGHTS,
            size_threshold=_LEAST_APART,
        )
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def settings_json(settings: Settings) -> dict[str, Any]:
    """The settings of a model in the form that `moderation.engines.builtin.Settings` is read from."""
    calibrations = {name: getattr(settings, name).as_mapping() for name in ("small", "large", "both")}
    return {"bounds": asdict(settings.bounds), **calibrations, "share": settings.share}


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the libraries' remarks to developers about tracing, deprecation and preparing graphs."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
