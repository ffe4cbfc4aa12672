"""The engine that comes with Schoolgate: two encoders made for parents' groups, the small one before the large one.

The small encoder reads every message and has the last word on what is plainly fine, which is nearly everything that
parents write. What is not plainly fine is read by the large one as well, and both count. How they were made, on what
data, and how well they do is in `docs/model-card.md`; `moderation/training/` makes them.
"""

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moderation.engine import EngineFailed, Prepared
from moderation.engines.encoder import Encoder
from moderation.engines.encoding import Encoding, Row, for_large
from moderation.engines.heads import Calibration, Logits, scores_of
from moderation.engines.packing import unpacked
from moderation.vocabulary import Clause, Scores

#: The model that is shipped: a folder of these files.
MODEL = Path(__file__).with_name("model")
ABOUT, TOKENIZER, SMALL, LARGE = "model.json", "tokenizer.json", "small.onnx", "large.zip"
#: The form of `model.json` that this code reads.
FORM = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the small encoder may call plainly fine: every one of these probabilities stays below its bound."""

    flag: float
    redirect: float
    concern: float
    threat: float

    def clear(self, scores: Scores) -> bool:
        """Whether a message is plainly fine."""
        return (
            scores.flag < self.flag
            and scores.redirect < self.redirect
            and scores.concern < self.concern
            and scores.clauses[Clause.THREAT] < self.threat
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """How logits become scores: bounds of the cascade, calibrations, and how much the large one counts (0 to 1)."""

    bounds: Bounds
    small: Calibration
    large: Calibration
    both: Calibration
    share: float

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> "Settings":
        """Read them from parsed JSON.

        Raises:
            KeyError, TypeError, ValueError: a key is missing, or what stands there is not of its kind.
        """
        small, large, both = (Calibration.from_mapping(data[name]) for name in ("small", "large", "both"))
        bounds = Bounds(**{key: float(value) for key, value in data["bounds"].items()})
        return cls(bounds, small, large, both, float(data["share"]))


class LargeEncoder:
    """The large encoder, unpacked and loaded when it is first needed: many a day nobody needs it."""

    def __init__(self, packed: Path) -> None:
        """Remember where it is."""
        self._packed = packed
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None

    def logits(self, rows: Sequence[Row]) -> Logits:
        """Logits (rows by `OUTPUTS`), in order; rows are numbered as the small encoder reads them.

        Raises:
            EngineFailed: it cannot be loaded, or the runtime failed.
        """
        with self._lock:
            if self._encoder is None:
                with unpacked(self._packed) as model:
                    self._encoder = Encoder(model, self._packed.name)
        return self._encoder.logits([for_large(row) for row in rows])


class BuiltinEngine:
    """Scores messages with both encoders. Thread-safe, and what it loaded is all that it keeps between calls."""

    name = "builtin"

    def __init__(
        self, encoding: Encoding, small: Encoder, large: LargeEncoder, settings: Settings, version: str
    ) -> None:
        """Score with these parts; `from_folder` loads the shipped ones."""
        self._encoding, self._small, self._large, self._settings = encoding, small, large, settings
        self._version = version

    @classmethod
    def from_folder(cls, folder: Path = MODEL) -> "BuiltinEngine":
        """Load a model; its files are checked at once, the large encoder is loaded when it is first needed.

        Raises:
            EngineFailed: a file is missing, does not belong to the others, or is no model.
        """
        about = _about(folder)
        try:
            settings, version = Settings.from_mapping(about), str(about["version"])
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            kind = type(fault).__name__
            raise EngineFailed(f"builtin: {ABOUT} cannot be used ({kind}: {fault}); install Schoolgate again") from None
        for name in (TOKENIZER, SMALL, LARGE):
            _verify(folder / name, about)
        encoding, small = Encoding.from_file(folder / TOKENIZER), Encoder(folder / SMALL, SMALL)
        return cls(encoding, small, LargeEncoder(folder / LARGE), settings, version)

    @property
    def version(self) -> str:
        """The version of the model: a digest of its files and settings."""
        return self._version

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Return calibrated probabilities for each message, in order.

        Raises:
            EngineFailed: the large encoder cannot be loaded, or the runtime failed.
        """
        rows = self._encoding.rows(prepared)
        small = self._small.logits(rows)
        found = scores_of(small, self._settings.small)
        unsure = [at for at, one in enumerate(found) if not self._settings.bounds.clear(one)]
        if unsure:
            large = self._large.logits([rows[at] for at in unsure])
            mixed = mix(small[unsure], large, self._settings.share)
            for at, scores in zip(unsure, scores_of(mixed, self._settings.both), strict=True):
                found[at] = scores
        return found

    def stages(self) -> dict[str, "Stage"]:
        """Each encoder as an engine of its own, to measure what it alone would do."""
        return {
            "small": Stage("small", self._encoding, self._small, self._settings.small, self._version),
            "large": Stage("large", self._encoding, self._large, self._settings.large, self._version),
        }


def mix(small: Logits, large: Logits, share: float) -> Logits:
    """The logits of both encoders as one; `share` is how much the large one counts."""
    found: Logits = ((1 - share) * small + share * large).astype(np.float32)
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """One encoder as an engine."""

    name: str
    encoding: Encoding
    encoder: Encoder | LargeEncoder
    calibration: Calibration
    version: str

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Return calibrated probabilities for each message, in order."""
        return scores_of(self.encoder.logits(self.encoding.rows(prepared)), self.calibration)


def open_stages() -> dict[str, Stage]:
    """The parts of the shipped engine, by name (see `BuiltinEngine.stages`).

    Raises:
        EngineFailed: it cannot be loaded.
    """
    return BuiltinEngine.from_folder().stages()


def _about(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / ABOUT).read_bytes())
    except OSError:
        raise _missing(folder / ABOUT) from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("form") != FORM:
        raise EngineFailed(f"builtin: {ABOUT} is not of form {FORM}; install Schoolgate again")
    return found


def _verify(path: Path, about: Mapping[str, Any]) -> None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise _missing(path) from None
    if digest != dict(about.get("files") or {}).get(path.name):
        raise EngineFailed(f"builtin: {path.name} does not belong to this model; install Schoolgate again")


def _missing(path: Path) -> EngineFailed:
    return EngineFailed(f"builtin: the model file {path.name} is missing; install Schoolgate again")
