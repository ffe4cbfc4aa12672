"""The Detoxify library as an engine: general toxicity from a transformer, for schools that prefer it.

`open_detoxify` needs the extra `schoolgate[detoxify]` (torch and transformers); `detoxify_onnx` runs what
`schoolgate engine export` made of the same model, without torch. It knows nothing of grievances or safeguarding,
so those scores are always 0, and it cannot tell to whom abuse is said: the policy does that from who is meant.

The library reads a checkpoint by unpickling, which can run any code that is in the file. A local checkpoint is
therefore read only if its SHA-256 is the one that was given.
"""

import hashlib
import importlib
import string
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from moderation.engine import EngineFailed, Prepared
from moderation.vocabulary import Clause, Scores

#: Names that the library gives to models it can download.
MODEL_TYPES = ("original", "unbiased", "multilingual", "original-small", "unbiased-small")
#: What the rest is read from, in the library's names. Insult and obscenity are abuse to or about somebody.
_ABUSE = ("insult", "obscene", "severe_toxicity")
_TEXTS_AT_ONCE = 32
_BLOCK = 1 << 20

#: A function that takes texts and returns, for each of the library's labels, one number a text.
Predictor = Callable[[list[str]], Mapping[str, Sequence[float] | float]]


class DetoxifyEngine:
    """Maps what Detoxify predicts onto the clauses of the code of conduct."""

    name = "detoxify"

    def __init__(self, predict: Predictor, version: str) -> None:
        """Score with this predictor; `open_detoxify` and `open_onnx` make the real ones."""
        self._predict = predict
        self._version = version

    @property
    def version(self) -> str:
        """The library's model name, or the start of the SHA-256 of the checkpoint or of the exported model."""
        return self._version

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Score the texts as they were written, since the library brings its own tokeniser.

        Raises:
            EngineFailed: the library failed; its own message is left out, since it could quote a text.
        """
        texts = [_readable(one.original) for one in prepared]
        # Texts of like length go together, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found: dict[int, Scores] = {}
        for start in range(0, len(order), _TEXTS_AT_ONCE):
            places = order[start : start + _TEXTS_AT_ONCE]
            found.update(zip(places, self._scored([texts[at] for at in places]), strict=True))
        return [found[at] for at in range(len(texts))]

    def _scored(self, texts: list[str]) -> list[Scores]:
        try:
            columns = {label: _column(values) for label, values in self._predict(texts).items()}
            return [scores_of({label: column[at] for label, column in columns.items()}) for at in range(len(texts))]
        except Exception as fault:  # noqa: BLE001 - any fault of the library is ours to name
            raise EngineFailed(f"detoxify: scoring failed ({type(fault).__name__})") from None


def _readable(text: str) -> str:
    """What any tokeniser takes: never empty, and no half of a surrogate pair, which is no character."""
    return text.encode("utf-8", "replace").decode() or " "


def _column(values: Sequence[float] | float) -> Sequence[float]:
    """The library gives a bare number instead of a list of one."""
    return [values] if isinstance(values, int | float) else values


def scores_of(found: Mapping[str, float]) -> Scores:
    """What the library found in one text, by its labels, as scores by our clauses.

    Raises:
        KeyError, ValueError: there is no toxicity among it, or something that is no number.
    """
    if not all(isfinite(value) for value in found.values()):
        raise ValueError("a score is no number")
    values = {label: min(max(float(value), 0.0), 1.0) for label, value in found.items()}
    toxicity = values["toxicity"]
    abuse = max((values.get(label, 0.0) for label in _ABUSE), default=0.0)
    return Scores(
        toxicity=toxicity,
        redirect=0.0,
        flag=toxicity,
        concern=0.0,
        clauses={
            Clause.ABUSE_TO_PARENT: abuse,
            Clause.ABUSE_ABOUT: abuse,
            Clause.ABUSE_TO_STAFF: abuse,
            Clause.DEFAMATORY: 0.0,
            Clause.DISCRIMINATORY: values.get("identity_attack", 0.0),
            Clause.THREAT: values.get("threat", 0.0),
        },
    )


def open_detoxify(
    *,
    checkpoint: Path | None = None,
    checkpoint_sha256: str | None = None,
    model_type: str = "original",
    library: Any = None,
) -> DetoxifyEngine:
    """Open the engine on a local checkpoint, or on a model that the library downloads by its name.

    `library` stands in for the module `detoxify` in tests.

    Raises:
        EngineFailed: as `load_model`.
    """
    model, version = load_model(
        checkpoint=checkpoint, checkpoint_sha256=checkpoint_sha256, model_type=model_type, library=library
    )
    return DetoxifyEngine(model.predict, version)


def load_model(
    *, checkpoint: Path | None, checkpoint_sha256: str | None, model_type: str, library: Any = None
) -> tuple[Any, str]:
    """The library's own model and what identifies it; the one way in which a checkpoint is ever loaded.

    Raises:
        EngineFailed: the extra is not installed, the file is missing, its hash is missing or differs, or the
            library cannot load the model.
    """
    if checkpoint is not None:
        digest = _verified(checkpoint, checkpoint_sha256)
        version = f"sha256:{digest[:12]}"
    elif model_type not in MODEL_TYPES:
        raise EngineFailed(f"detoxify: there is no model {model_type}; choose one of {', '.join(MODEL_TYPES)}")
    else:
        version = model_type
    module = library if library is not None else _library()
    try:
        # The library takes the checkpoint's own word for the kind of model.
        model = module.Detoxify(checkpoint=str(checkpoint)) if checkpoint else module.Detoxify(model_type)
    except Exception as fault:
        raise EngineFailed(
            f"detoxify: the model cannot be loaded ({type(fault).__name__}: {fault}); "
            "without internet, give a local checkpoint"
        ) from fault
    return model, version


def _library() -> Any:
    try:
        return importlib.import_module("detoxify")
    except ImportError as missing:
        raise EngineFailed(
            "detoxify: the library is not installed; install it with: pip install 'schoolgate[detoxify]'"
        ) from missing


def _verified(checkpoint: Path, expected: str | None) -> str:
    """Return the SHA-256 of the file once it is known to be the expected one."""
    if not expected:
        raise EngineFailed("detoxify: a local checkpoint needs its SHA-256, since loading it can run code in it")
    wanted = as_digest(expected)
    try:
        found = sha256_of(checkpoint)
    except OSError as fault:
        raise EngineFailed(f"detoxify: the checkpoint {checkpoint} cannot be read ({fault.strerror})") from fault
    if found != wanted:
        raise EngineFailed(f"detoxify: the checkpoint {checkpoint} is not the expected file (its SHA-256 differs)")
    return wanted


def as_digest(given: str) -> str:
    """A SHA-256 as somebody typed it, in the one form that is compared.

    Raises:
        EngineFailed: it is none.
    """
    wanted = given.strip().lower()
    if len(wanted) != 64 or set(wanted) - set(string.hexdigits):
        raise EngineFailed("detoxify: the SHA-256 has to be 64 hexadecimal digits")
    return wanted


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file of any size, in hexadecimal. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
