"""The parts of an export that need torch: the model as an ONNX graph, its small form, and its tokeniser."""

import importlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from moderation.engine import EngineFailed
from moderation.engines.detoxify_onnx import INPUTS

_OPSET = 17
#: RoBERTa and its kin count positions from the one after the padding's number.
_COUNT_AFTER_PADDING = ("roberta", "xlm-roberta")


def write_onnx(model: Any, path: Path) -> None:
    """Write the library's model as a graph from token numbers to one probability for each of its labels."""
    torch = importlib.import_module("torch")
    network, labels = model.model, len(model.class_names)

    class Probabilities(torch.nn.Module):  # type: ignore[misc,name-defined] # torch is known only here
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            # Some checkpoints have outputs beyond the labels that the library reads.
            return torch.sigmoid(self.network(input_ids=input_ids, attention_mask=attention_mask)[0])[:, :labels]

    example = torch.tensor([[5, 6, 7, 8, 9]] * 2)
    sizes = {0: "texts", 1: "tokens"}
    with _plain_attention(network), _quietly(), torch.no_grad():
        torch.onnx.export(
            Probabilities().eval(),
            (example, torch.ones_like(example)),
            str(path),
            input_names=list(INPUTS),
            output_names=["probabilities"],
            dynamic_axes={**dict.fromkeys(INPUTS, sizes), "probabilities": {0: "texts"}},
            opset_version=_OPSET,
            # The newer exporter needs onnxscript beside onnx, and gains nothing for these models.
            dynamo=False,
        )


def quantise(source: Path, target: Path, *, per_channel: bool) -> None:
    """Write the graph with its weights in 8 bits, one scale for each channel or for each tensor.

    Seven of the eight are used (`reduce_range`): on processors without VNNI the sums of eight would overflow, and
    the model has to score alike on the computer that exports it and on the school's.
    """
    quantization = importlib.import_module("onnxruntime.quantization")
    with _quietly():
        quantization.quantize_dynamic(
            source, target, per_channel=per_channel, reduce_range=True, weight_type=quantization.QuantType.QInt8
        )


def tokenizer_of(model: Any, sentences: Sequence[str]) -> bytes:
    """The library's tokeniser as `tokenizer.json`, cutting where the library cuts.

    Raises:
        EngineFailed: it reads one of the sentences otherwise than the library's.
    """
    theirs = model.tokenizer
    backend = getattr(theirs, "backend_tokenizer", None)
    if backend is None:
        backend = importlib.import_module("transformers.convert_slow_tokenizer").convert_slow_tokenizer(theirs)
    # Where the tokeniser names no limit, the library would crash on a text longer than the model's positions.
    theirs.model_max_length = min(theirs.model_max_length, _positions(model.model.config))
    ours = Tokenizer.from_str(backend.to_str())
    ours.no_padding()
    ours.enable_truncation(theirs.model_max_length, direction=theirs.truncation_side)
    if any(ours.encode(one).ids != list(theirs(one, truncation=True)["input_ids"]) for one in sentences):
        raise EngineFailed("detoxify: the tokeniser cannot be exported: it would read sentences otherwise")
    return ours.to_str().encode("utf-8")


def _positions(config: Any) -> int:
    """How many tokens the model has positions for."""
    skipped = config.pad_token_id + 1 if config.model_type in _COUNT_AFTER_PADDING else 0
    return int(config.max_position_embeddings) - skipped


@contextmanager
def _plain_attention(network: Any) -> Iterator[None]:
    """The network with attention in plain steps, which a graph can hold; the numbers are the same."""
    before = network.config._attn_implementation
    network.set_attn_implementation("eager")
    try:
        yield
    finally:
        network.set_attn_implementation(before)


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
