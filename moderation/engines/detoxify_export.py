"""Makes of a Detoxify model a folder that runs without torch: int8 ONNX, its tokeniser, and what they are.

Needs the extra `schoolgate[detoxify]`; `detoxify_onnx` runs what this writes. The model is loaded by the engine's own
door, with the hash that it asks for, and the outcome is compared with it before the folder appears.
"""

import contextlib
import errno
import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moderation.engine import EngineFailed
from moderation.engines.detoxify import load_model, sha256_of
from moderation.engines.detoxify_compare import Difference, Pace, difference, library_scores, pace
from moderation.engines.detoxify_onnx import ABOUT, MODEL, TOKENIZER, OnnxPredictor, about_json
from moderation.engines.detoxify_sentences import SENTENCES
from moderation.engines.detoxify_torch import quantise, tokenizer_of, write_onnx

#: What is done, in order, for a progress bar.
STEPS = ("Loading the model", "Writing it as ONNX", "Making it small", "Comparing", "Measuring the pace")
#: The greatest difference of a probability that passes, unless another is asked for.
TOLERANCE = 0.05
#: Bytes on disk for each parameter while exporting: two copies in 32 bits, two in 8.
_BYTES_A_PARAMETER = 10
_NEEDED = ("detoxify", "torch", "transformers", "onnx")


class NotFaithful(EngineFailed):
    """The exported model is too far from the original. Nothing was kept; `difference` says how far it was."""

    def __init__(self, found: Difference, tolerance: float) -> None:
        super().__init__(
            f"detoxify: the exported model differs by up to {found.greatest:.4f}, more than {tolerance:g}; "
            "nothing was kept"
        )
        self.difference = found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: a checkpoint with its SHA-256, or else the library's own model of that type."""

    checkpoint: Path | None = None
    checkpoint_sha256: str | None = None
    model_type: str = "original"
    tolerance: float = TOLERANCE
    sentences: Sequence[str] = SENTENCES


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how it does. Sizes in bytes: the weights in torch, and the model that was written."""

    about_sha256: str
    per_channel: bool
    difference: Difference
    pace: Pace
    size_before: int
    size_after: int


def export(wanted: Wanted, out: Path, step: Callable[[str], None] = lambda _: None) -> Exported:
    """Write the folder `out`, which appears whole or not at all. `step` is told each of `STEPS` as it begins.

    Raises:
        NotFaithful: some score differs by more than the tolerance.
        EngineFailed: something is not installed, the folder is not empty or cannot be written, the disk is full,
            or the model cannot be loaded or exported.
    """
    with _naming_faults(out):
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise EngineFailed(f"detoxify: {out} is there already and is not an empty folder")
        _require_libraries()
        with _scratch(out) as folder:
            step(STEPS[0])
            model, _ = load_model(
                checkpoint=wanted.checkpoint,
                checkpoint_sha256=wanted.checkpoint_sha256,
                model_type=wanted.model_type,
            )
            exported = _export_into(folder, model, wanted, step)
            if out.exists():
                out.rmdir()
            folder.rename(out)
            return exported


def _export_into(folder: Path, model: Any, wanted: Wanted, step: Callable[[str], None]) -> Exported:
    parameters = list(model.model.parameters())
    _require_room(folder, sum(one.numel() for one in parameters) * _BYTES_A_PARAMETER)
    tokenizer = tokenizer_of(model, wanted.sentences)
    expected = library_scores(model, wanted.sentences)
    step(STEPS[1])
    whole = folder / "whole.onnx"
    write_onnx(model, whole)
    step(STEPS[2])
    # A scale for each channel follows the weights more closely; whether that helps, the sentences say.
    forms = {per_channel: folder / f"{per_channel}.onnx" for per_channel in (False, True)}
    for per_channel, path in forms.items():
        quantise(whole, path, per_channel=per_channel)
    step(STEPS[3])
    labels = tuple(model.class_names)
    predictors = {form: OnnxPredictor(path.read_bytes(), tokenizer, labels) for form, path in forms.items()}
    found = {form: difference(expected, one, wanted.sentences) for form, one in predictors.items()}
    best = min(found, key=lambda form: found[form].greatest)
    if found[best].greatest > wanted.tolerance:
        raise NotFaithful(found[best], wanted.tolerance)
    step(STEPS[4])
    measured = pace(model, predictors[best], wanted.sentences)
    forms.pop(best).rename(folder / MODEL)
    for path in (whole, *forms.values()):
        path.unlink()
    (folder / TOKENIZER).write_bytes(tokenizer)
    about = {**_about(model, wanted, folder), "per_channel": best, "compared": asdict(found[best])}
    (folder / ABOUT).write_text(about_json(about), "utf-8")
    return Exported(
        about_sha256=sha256_of(folder / ABOUT),
        per_channel=best,
        difference=found[best],
        pace=measured,
        size_before=sum(one.numel() * one.element_size() for one in parameters),
        size_after=(folder / MODEL).stat().st_size,
    )


def _about(model: Any, wanted: Wanted, folder: Path) -> dict[str, Any]:
    return {
        "model_type": "checkpoint" if wanted.checkpoint else wanted.model_type,
        "architecture": model.model.config.model_type,
        "labels": list(model.class_names),
        "files": {name: sha256_of(folder / name) for name in (MODEL, TOKENIZER)},
        "source_sha256": _source_sha256(wanted),
        "tolerance": wanted.tolerance,
        "made_with": {name: version(name) for name in (*_NEEDED, "onnxruntime", "tokenizers")},
    }


def _source_sha256(wanted: Wanted) -> str:
    """The SHA-256 of the checkpoint, or of the file that the library downloaded; empty if that is not kept."""
    path = wanted.checkpoint
    if path is None:
        library = importlib.import_module("detoxify.detoxify")
        name = library.MODEL_URLS[wanted.model_type].rpartition("/")[2]
        path = Path(importlib.import_module("torch").hub.get_dir()) / "checkpoints" / name
    return sha256_of(path) if path.exists() else ""


def _require_libraries() -> None:
    for name in _NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            raise EngineFailed(
                f"detoxify: exporting needs {name}, which is not installed; "
                "install it with: pip install 'schoolgate[detoxify]'"
            ) from None


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise EngineFailed(
            f"detoxify: exporting needs {needed / 1e6:.0f} MB of disk while it lasts, and {free / 1e6:.0f} MB are free"
        )


@contextlib.contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder beside `out` to work in; whatever is still there at the end is removed."""
    folder = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name}."))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _naming_faults(out: Path) -> Iterator[None]:
    try:
        yield
    except EngineFailed:
        raise
    except OSError as fault:
        why = "the disk is full" if fault.errno == errno.ENOSPC else fault.strerror or type(fault).__name__
        raise EngineFailed(f"detoxify: {out} cannot be written: {why}; nothing was kept") from fault
    except Exception as fault:
        # No text of a person is near: the library's own words help to see what does not fit.
        raise EngineFailed(f"detoxify: the model cannot be exported ({type(fault).__name__}: {fault})") from fault
