"""What is measured side by side: our engine, the stages it is made of, and what others would use in its place.

An engine goes through the whole path of the product (normalise, mask names, score, who is meant, policy), but for
the evidence, which changes no verdict. A word list sees the text as it was written: flagged is what it says is.
"""

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moderation.engine import Engine, EngineFailed, Prepared
from moderation.engines import ENGINES, UnknownEngine, load_engine
from moderation.policy import Policy, judge
from moderation.preparation import LONGEST_TEXT, worst
from moderation.training.evaluation.column import (
    BATCH,
    EVERYTHING,
    TOXICITY_ALONE,
    Asked,
    Column,
    ColumnMissing,
    Knows,
    Tell,
    untold,
)
from moderation.training.evaluation.reading import Reading, Readings
from moderation.training.evaluation.words import open_alt_profanity_check, open_better_profanity
from moderation.vocabulary import Scores, Utterance, Verdict

POLICY = Path(__file__).parents[3] / "config" / "policy.toml"
OURS = "builtin"
#: Stands in for a text that is known to be English.
_READABLE = "good morning all"


class PathColumn:
    """An engine through the whole path and the policy. A text that comes again is not scored again."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        policy: Policy,
        readings: Readings,
        *,
        knows: frozenset[Knows] = EVERYTHING,
        is_stage: bool = False,
    ) -> None:
        """Judge what `engine` scores by `policy`."""
        self.name, self.knows, self.is_stage = name, knows, is_stage
        self.version = f"{engine.name} {engine.version}, policy {policy.version}"
        self._engine, self._policy, self._readings = engine, policy, readings
        self._scored: dict[Prepared, Scores] = {}

    def verdicts(self, asked: Sequence[Asked], tell: Tell = untold) -> list[Verdict]:
        """Return one verdict for each message, in order.

        Raises:
            EngineFailed: the engine could not score a batch.
        """
        cut = [(_cut(one), roster) for one, roster in asked]
        readings = self._readings.of(cut)
        found: list[Verdict] = []
        for start in range(0, len(cut), BATCH):
            batch = list(zip(cut, readings, strict=True))[start : start + BATCH]
            self._score({window for _, reading in batch for window in reading.windows})
            found += [self._judged(utterance, reading) for (utterance, _), reading in batch]
            tell(len(batch))
        return found

    def _judged(self, utterance: Utterance, reading: Reading) -> Verdict:
        scores = worst([self._scored[window] for window in reading.windows]) if reading.windows else None
        if reading.is_english:
            # The policy would read the text again only to learn this.
            utterance = replace(utterance, text=_READABLE)
        return judge(scores, reading.meant, utterance, self._policy)

    def _score(self, windows: set[Prepared]) -> None:
        # In a fixed order: which texts share a batch can change the last digit of a score.
        wanted = sorted(windows - self._scored.keys(), key=lambda one: (len(one.text), one.text, one.original))
        scored = self._engine.score(wanted) if wanted else []
        if len(scored) != len(wanted):
            raise EngineFailed(f"{self._engine.name}: {len(scored)} scores for {len(wanted)} texts")
        self._scored.update(zip(wanted, scored, strict=True))


def _cut(utterance: Utterance) -> Utterance:
    if len(utterance.text) <= LONGEST_TEXT:
        return utterance
    return replace(utterance, text=utterance.text[:LONGEST_TEXT])


@dataclass(frozen=True, slots=True)
class Opening:
    """What columns are opened with. `detoxify` is a checkpoint, or a folder that `engine export` wrote."""

    policy: Path = POLICY
    detoxify: Path | None = None
    detoxify_sha256: str | None = None


def open_stages() -> dict[str, Engine]:
    """The engines that our engine is made of, by name; none where it is made of one piece."""
    from moderation.engines import builtin

    opened: Any = getattr(builtin, "open_stages", dict)()
    return {str(name): stage for name, stage in opened.items()}


def read_policy(path: Path = POLICY) -> Policy:
    """Read the thresholds without `config`, which the core does not import.

    Raises:
        PolicyError: a threshold is missing, unknown, or no probability.
    """
    return Policy.from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))


def open_columns(opening: Opening) -> tuple[list[Column], dict[str, str]]:
    """Open every column that can be opened; of the others, by name, why not.

    Raises:
        EngineFailed: our own engine cannot be loaded: then there is nothing to measure.
    """
    policy, readings = read_policy(opening.policy), Readings(min(2, os.cpu_count() or 1))
    columns: list[Column] = [PathColumn(OURS, load_engine(OURS), policy, readings)]
    stages = open_stages()
    columns += [PathColumn(f"stage {name}", one, policy, readings, is_stage=True) for name, one in stages.items()]
    missing: dict[str, str] = {}
    others: dict[str, Callable[[], Column]] = {
        "alt-profanity-check": open_alt_profanity_check,
        "better-profanity": open_better_profanity,
        "detoxify": lambda: _path_column("detoxify", opening, policy, readings, TOXICITY_ALONE),
        "builtin+detoxify": lambda: _path_column("builtin+detoxify", opening, policy, readings, EVERYTHING),
    }
    for name, opened in others.items():
        try:
            columns.append(opened())
        except ColumnMissing as why:
            missing[name] = str(why)
    return columns, missing


def _path_column(
    name: str, opening: Opening, policy: Policy, readings: Readings, knows: frozenset[Knows]
) -> PathColumn:
    return PathColumn(name, open_detoxify(name, opening), policy, readings, knows=knows)


def open_detoxify(name: str, opening: Opening) -> Engine:
    """Detoxify `original` from its checkpoint, alone or beside ours.

    Raises:
        ColumnMissing: there is no such engine, no checkpoint, or it cannot be loaded.
    """
    if name not in ENGINES:
        raise ColumnMissing(f"there is no engine {name}")
    if opening.detoxify is None:
        raise ColumnMissing("weights not present; give them by --detoxify FILE --detoxify-sha256 HASH")
    path, sha256 = opening.detoxify, opening.detoxify_sha256
    try:
        if path.is_dir():
            return load_engine(name, folder=path, folder_sha256=sha256)
        return load_engine(name, checkpoint=path, checkpoint_sha256=sha256)
    except (EngineFailed, UnknownEngine) as fault:
        raise ColumnMissing(str(fault)) from None
