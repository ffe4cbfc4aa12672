"""The check that the model loads and does its work."""

from collections.abc import Callable

from bot.doctor.findings import Finding, fine, wrong
from moderation.engine import Engine, EngineFailed, Prepared

#: Two sentences that any working model tells apart: the first is abuse, the second is not.
_RUDE, _KIND = "you are a nasty stupid liar and everyone hates you", "thank you for bringing the cakes"
_REMEDY = "Install Schoolgate again. With detoxify in engine, see detoxify_folder in schoolgate.sample.toml."


def check_model(load: Callable[[], Engine]) -> Finding:
    """Whether the model loads, scores a sentence, and tells abuse from thanks."""
    try:
        engine = load()
        rude, kind = engine.score([Prepared(text, text) for text in (_RUDE, _KIND)])
    except (EngineFailed, ValueError) as error:
        return wrong("model", f"The model does not work: {error}", _REMEDY)
    if not 0 <= kind.toxicity < rude.toxicity <= 1:
        return wrong("model", f"The model {engine.name} {engine.version} does not tell abuse from thanks.", _REMEDY)
    return fine("model", f"The model {engine.name} {engine.version} scores a sentence.")
