"""What each column costs: every one in a fresh process on one thread, one after the other."""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moderation.training.evaluation.cases import Absent
from moderation.training.evaluation.columns import OURS
from moderation.training.evaluation.intervals import Estimate
from moderation.training.evaluation.report import Row, Section
from moderation.training.evaluation.run import Run

ROOT = Path(__file__).parents[3]
UNTRAINED = "detoxify (random weights)"
_ENGINES = ROOT / "moderation" / "engines"
_LIMIT = 900.0
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
) | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
#: Label, unit, and where the figure stands in a worker's answer.
_ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("one ordinary message, whole path: p50 ms", "ms", ("path", "p50")),
    ("one ordinary message, whole path: p95 ms", "ms", ("path", "p95")),
    ("engine alone: p50 ms", "ms", ("engine", "p50")),
    ("engine alone: p95 ms", "ms", ("engine", "p95")),
    ("engine alone, in batches: messages per s", "per s", ("engine_per_s",)),
    ("a message to flag, with its evidence: p50 ms", "ms", ("flagged", "p50")),
    ("loading: ms", "ms", ("load_ms",)),
    ("peak memory once loaded: MB", "MB", ("resident_mb",)),
    ("peak memory after work: MB", "MB", ("resident_after_mb",)),
    ("files: MB", "MB", ("files_mb",)),
)


class WorkerFailed(Exception):
    """A worker process did not answer. The message says how it ended."""


def cost_section(run: Run) -> tuple[Section, dict[str, float]]:
    """The table, and the mean milliseconds of our path by part for the picture."""
    found: dict[str, dict[str, Any]] = {}
    notes = ["Each in a fresh process, one thread, ordinary messages one by one; compare figures of one run alone."]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    notes.append(f"Load of the machine at the start: {load:.1f} of {os.cpu_count()} cores.")
    tell = run._watch("cost", len(run.columns))
    for column in run.columns:
        try:
            found[column.name] = measure(column.name, run)
        except WorkerFailed as why:
            notes.append(f"{column.name}: {why}")
        tell(1)
    if run.options.untrained:
        notes.append(_add_untrained(found, run))
    if not found:
        raise Absent("; ".join(notes))
    rows = [Row(label, unit, {name: _figure(one, path) for name, one in found.items()}) for label, unit, path in _ROWS]
    rows += _ratios(found)
    kept = tuple(row for row in rows if any(row.values.values()))
    return Section("cost", "Cost on one thread", kept, tuple(notes)), found.get(OURS, {}).get("parts", {})


def measure(name: str, run: Run, *, untrained: Path | None = None) -> dict[str, Any]:
    """What a worker answers about one column; `untrained` is a checkpoint to take in the place of the one given.

    Raises:
        WorkerFailed: it ended without an answer.
    """
    opening = run.options.opening
    checkpoint, sha256 = opening.detoxify, opening.detoxify_sha256
    if untrained:
        with untrained.open("rb") as file:
            checkpoint, sha256 = untrained, hashlib.file_digest(file, "sha256").hexdigest()
    question = {
        "column": name,
        "part": run.part,
        "corpus": str(run.options.corpus),
        "policy": str(opening.policy),
        "detoxify": str(checkpoint) if checkpoint else None,
        "sha256": sha256,
        "untrained": untrained is not None,
    }
    python = run.options.torch_python if "detoxify" in name and run.options.torch_python else Path(sys.executable)
    answer = _answer(python, "moderation.training.evaluation.cost_worker", json.dumps(question))
    return {**answer, "files_mb": _bytes(name, checkpoint) / 1e6}


def _answer(python: Path, module: str, *arguments: str) -> dict[str, Any]:
    environment = {**os.environ, **_ONE_THREAD, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by a Python that the caller chose
            [str(python), "-m", module, *arguments],
            capture_output=True, text=True, timeout=_LIMIT, check=False, cwd=ROOT, env=environment,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise WorkerFailed(f"its process could not be run ({type(fault).__name__})") from None
    if done.returncode:
        # Only the kind of fault is told: the rest could quote a message.
        last = done.stderr.strip().splitlines()[-1:] or [""]
        raise WorkerFailed(f"its process ended with status {done.returncode} ({last[0].split(':')[0]})")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _add_untrained(found: dict[str, dict[str, Any]], run: Run) -> str:
    """Measure a BERT of the size of Detoxify's that learnt nothing; returns the note about it."""
    python = run.options.torch_python or Path(sys.executable)
    with tempfile.TemporaryDirectory(prefix="untrained-") as folder:
        try:
            made = _answer(python, "moderation.training.evaluation.untrained", folder)
            answer = measure("detoxify", run, untrained=Path(str(made["checkpoint"])))
        except WorkerFailed as why:
            return f"{UNTRAINED}: {why}; give a Python that has torch and detoxify by --torch-python"
    found[UNTRAINED] = {key: value for key, value in answer.items() if key != "flagged"}
    return f"{UNTRAINED}: bert-base with random weights: cost only."


def _figure(answer: Mapping[str, Any], path: tuple[str, ...]) -> Estimate | None:
    value: Any = answer
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return Estimate(float(value), float(value), float(value), 0) if value else None


def _ratios(found: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """How many times faster than Detoxify, by the median of one message, where Detoxify was measured."""
    against = next((name for name in ("detoxify", UNTRAINED) if name in found), None)
    if against is None:
        return []
    rows = []
    for label, kind in (("whole path", "path"), ("engine alone", "engine")):
        slow = float(found[against][kind]["p50"])
        values: dict[str, Estimate | None] = {}
        for name, one in found.items():
            times = slow / float(one[kind]["p50"])
            values[name] = Estimate(times, times, times, 0)
        rows.append(Row(f"times as fast as {against}, {label}", "ratio", values))
    return rows


def _bytes(name: str, checkpoint: Path | None) -> int:
    """The bytes on disk that hold the model or the word list; 0 where that cannot be told."""
    if name == OURS:
        files = [one for one in _ENGINES.rglob("*") if one.is_file() and one.suffix not in {".py", ".pyc"}]
        return sum(one.stat().st_size for one in files)
    if "detoxify" in name and checkpoint:
        files = [checkpoint] if checkpoint.is_file() else [one for one in checkpoint.rglob("*") if one.is_file()]
        return sum(one.stat().st_size for one in files)
    try:
        packed = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError:
        return 0
    return sum(int(Path(str(one.locate())).stat().st_size) for one in packed if Path(str(one.locate())).is_file())
