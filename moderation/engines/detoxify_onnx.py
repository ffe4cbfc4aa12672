"""Detoxify without torch: runs the folder that `schoolgate engine export` wrote, by ONNX Runtime and tokenizers.

The folder holds `model.onnx` (int8), `tokenizer.json` and `about.json`, which says what the others are and gives
their SHA-256. None of them can run code, and none is used unless its hash is the one that `about.json` gives.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from moderation.engine import EngineFailed
from moderation.engines.detoxify import DetoxifyEngine, as_digest

ABOUT, MODEL, TOKENIZER = "about.json", "model.onnx", "tokenizer.json"
#: The form of `about.json` that this code writes and reads.
FORM = 1
INPUTS = ("input_ids", "attention_mask")
#: ONNX Runtime's own log, from errors on: its warnings are about graphs, not about anything a school can do.
_ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True)
class About:
    """What `about.json` says: the library's labels in the order of the model's outputs, and SHA-256 by file."""

    model_type: str
    labels: tuple[str, ...]
    files: Mapping[str, str]

    @classmethod
    def from_json(cls, text: bytes) -> "About":
        """Read it.

        Raises:
            ValueError: it is not of the form that `schoolgate engine export` writes.
        """
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("form") != FORM:
            raise ValueError(f"it is not of form {FORM}")
        labels, files = _labels(data.get("labels")), data.get("files")
        if not isinstance(files, dict) or not {MODEL, TOKENIZER} <= set(files):
            raise ValueError(f"it has no SHA-256 for {MODEL} and {TOKENIZER}")
        return cls(str(data.get("model_type", "")), labels, {name: str(files[name]) for name in files})


def _labels(found: object) -> tuple[str, ...]:
    names = tuple(str(one) for one in found) if isinstance(found, list) else ()
    if "toxicity" not in names or len(set(names)) < len(names):
        raise ValueError("its labels are none of Detoxify's")
    return names


class OnnxPredictor:
    """Predicts as the library does: by label, one number a text. Holds no state from one call to the next."""

    def __init__(self, model: bytes, tokenizer: bytes, labels: Sequence[str]) -> None:
        """Load the model on one thread, since a bot on a small computer has other work.

        Raises:
            Exception: of ONNX Runtime or tokenizers, where one is not what it should be.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._labels = tuple(labels)

    def __call__(self, texts: Sequence[str]) -> dict[str, list[float]]:
        """One number a text for each label.

        The model's int8 steps are set anew from everything in a run. Each text is a run of its own: so its
        score does not depend on what others wrote at the same moment. On one thread that costs no time.
        """
        rows = [self._probabilities(text) for text in texts]
        return {label: [float(row[at]) for row in rows] for at, label in enumerate(self._labels)}

    def token_ids(self, text: str) -> list[int]:
        """The tokens that the model reads of a text, cut where the library cuts it."""
        return self._tokenizer.encode(text).ids

    def _probabilities(self, text: str) -> NDArray[np.float32]:
        ids = np.asarray([self.token_ids(text)], np.int64)
        (found,) = self._session.run(None, dict(zip(INPUTS, (ids, np.ones_like(ids)), strict=True)))
        if found.shape != (1, len(self._labels)):
            raise ValueError("the model gives another number of scores than it has labels")
        row: NDArray[np.float32] = found[0]
        return row


def open_onnx(folder: Path, about_sha256: str | None = None) -> DetoxifyEngine:
    """Open the engine on a folder that `schoolgate engine export` wrote. Given a hash, `about.json` must have it.

    Raises:
        EngineFailed: a file is missing, is not the one that `about.json` names, or cannot be loaded.
    """
    text = _read(folder / ABOUT)
    if about_sha256 and _digest(text) != as_digest(about_sha256):
        raise _unexpected(folder / ABOUT)
    try:
        about = About.from_json(text)
    except (ValueError, RecursionError) as fault:
        raise EngineFailed(f"detoxify: {folder / ABOUT} cannot be used ({fault}); export the model again") from None
    # What was hashed is what is loaded: the files are not read a second time.
    model, tokenizer = (_verified(folder, name, about) for name in (MODEL, TOKENIZER))
    try:
        predict = OnnxPredictor(model, tokenizer, about.labels)
        predict(["thank you"])
    except Exception as fault:  # noqa: BLE001 - any fault of the two libraries is ours to name
        raise EngineFailed(
            f"detoxify: the model in {folder} cannot be loaded ({type(fault).__name__}); export it again"
        ) from None
    return DetoxifyEngine(predict, f"onnx:{_digest(model)[:12]}")


def _verified(folder: Path, name: str, about: About) -> bytes:
    content = _read(folder / name)
    if _digest(content) != about.files[name]:
        raise _unexpected(folder / name)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise EngineFailed(
            f"detoxify: {path} cannot be read ({fault.strerror}); write the folder with: schoolgate engine export"
        ) from None


def _unexpected(path: Path) -> EngineFailed:
    return EngineFailed(f"detoxify: {path} is not the expected file (its SHA-256 differs)")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def about_json(details: Mapping[str, Any]) -> str:
    """The text of `about.json`, for whoever writes it."""
    return json.dumps({"form": FORM, **details}, indent=2) + "\n"
