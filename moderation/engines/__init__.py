"""The engines that can screen messages, by the name that a setting gives them."""

from pathlib import Path
from typing import TypedDict, Unpack

from moderation.engine import Engine, EngineFailed

#: The engines there are; the first is the default.
ENGINES = ("builtin", "detoxify", "builtin+detoxify")


class UnknownEngine(ValueError):
    """There is no engine of that name. The message names the choices."""


class DetoxifySource(TypedDict, total=False):
    """Where Detoxify comes from: an exported folder, or a checkpoint, else the library's model of that type.

    A checkpoint is not loaded without its SHA-256; that of a folder is the one of its `about.json`.
    """

    checkpoint: Path | None
    checkpoint_sha256: str | None
    folder: Path | None
    folder_sha256: str | None
    model_type: str


def load_engine(name: str, **detoxify: Unpack[DetoxifySource]) -> Engine:
    """Load an engine by name; the keywords say where Detoxify comes from, if it is wanted.

    Only what the chosen engine needs is imported, since one way of running one of them needs torch.

    Raises:
        UnknownEngine: there is no such engine.
        EngineFailed: its model cannot be loaded; the message says why and what to do.
    """
    if name == "builtin":
        return _builtin()
    if name == "detoxify":
        return _detoxify(detoxify)
    if name == "builtin+detoxify":
        from moderation.engines.combined import CombinedEngine

        return CombinedEngine(_builtin(), _detoxify(detoxify))
    raise UnknownEngine(f"there is no engine {name!r}; choose one of {', '.join(ENGINES)}")


def _builtin() -> Engine:
    from moderation.engines.builtin import BuiltinEngine

    return BuiltinEngine.from_folder()


def _detoxify(source: DetoxifySource) -> Engine:
    folder, checkpoint = source.get("folder"), source.get("checkpoint")
    if folder and checkpoint:
        raise EngineFailed("detoxify: give an exported folder or a checkpoint, not both")
    if folder:
        from moderation.engines.detoxify_onnx import open_onnx

        return open_onnx(folder, source.get("folder_sha256"))
    from moderation.engines.detoxify import open_detoxify

    return open_detoxify(
        checkpoint=checkpoint,
        checkpoint_sha256=source.get("checkpoint_sha256"),
        model_type=source.get("model_type", "original"),
    )
