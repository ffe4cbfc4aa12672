"""The engines that can screen messages, by the name that a setting gives them."""

from pathlib import Path

from moderation.engine import Engine

#: The engines there are; the first is the default.
ENGINES = ("builtin", "detoxify")


class UnknownEngine(ValueError):
    """There is no engine of that name. The message names the choices."""


def load_engine(
    name: str,
    *,
    checkpoint: Path | None = None,
    checkpoint_sha256: str | None = None,
    model_type: str = "original",
) -> Engine:
    """Load an engine by name. Checkpoint and model type concern `detoxify` only.

    Only the chosen engine's module is imported, since one of them needs torch.

    Raises:
        UnknownEngine: there is no such engine.
        EngineFailed: its model cannot be loaded; the message says why and what to do.
    """
    if name == "builtin":
        from moderation.engines.builtin import BuiltinEngine

        return BuiltinEngine.from_file()
    if name == "detoxify":
        from moderation.engines.detoxify import open_detoxify

        return open_detoxify(checkpoint=checkpoint, checkpoint_sha256=checkpoint_sha256, model_type=model_type)
    raise UnknownEngine(f"there is no engine {name!r}; choose one of {', '.join(ENGINES)}")
