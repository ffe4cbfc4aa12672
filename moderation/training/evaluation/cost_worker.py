"""What one column costs, measured in a process of its own on one thread: started by `cost`, answers in JSON.

Without `rich`, and without anything else that a reading of its memory would only be blurred by.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from moderation.attribution import attribute, mask_names
from moderation.engine import Engine, Prepared
from moderation.engines import load_engine
from moderation.normalise import normalise
from moderation.policy import Policy, judge
from moderation.preparation import prepare, worst
from moderation.screening import screen
from moderation.training.evaluation.cases import Labelled, read_part
from moderation.training.evaluation.column import Column
from moderation.training.evaluation.columns import (
    OURS,
    Opening,
    open_detoxify,
    open_stages,
    read_policy,
)
from moderation.training.evaluation.words import open_alt_profanity_check, open_better_profanity
from moderation.training.split import Part
from moderation.vocabulary import Outcome

MOST = 200
_MOST_FLAGGED = 25
_WARM, _BATCH = 10, 256
_WORDS: dict[str, Callable[[], Column]] = {
    "alt-profanity-check": open_alt_profanity_check,
    "better-profanity": lambda: open_better_profanity(as_shipped=True),
}


def main(asked: str) -> int:
    """Measure the column that `asked` (JSON) names and print one JSON object. Returns the exit status."""
    question: dict[str, Any] = json.loads(asked)
    started = time.perf_counter()
    opened = _open(question)
    loading = (time.perf_counter() - started) * 1e3
    opened.once("good morning all")
    resident = peak_resident()
    cases = read_part(Part(question["part"]), Path(question["corpus"]))
    found = {"load_ms": loading, "resident_mb": resident / 1e6, **opened.measure(cases)}
    found["resident_after_mb"] = peak_resident() / 1e6
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def peak_resident() -> int:
    """The most memory that this process has held, in bytes, without what its parent held before it was started."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


def ordinary(cases: Sequence[Labelled]) -> list[Labelled]:
    """Messages of an ordinary day: those tagged everyday, else any on which nothing should follow."""
    quiet = [case for case in cases if case.is_quiet]
    return ([case for case in quiet if "everyday" in case.tags] or quiet or list(cases))[:MOST]


def _open(question: dict[str, Any]) -> "_Path | _Words":
    name = str(question["column"])
    if name in _WORDS:
        return _Words(_WORDS[name]().verdicts)
    policy = read_policy(Path(question["policy"]))
    if question.get("untrained"):
        policy = _never(policy)
    if name.startswith("stage "):
        return _Path(open_stages()[name.removeprefix("stage ")], policy)
    if name == OURS:
        return _Path(load_engine(OURS), policy, stages=open_stages())
    checkpoint = Path(question["detoxify"]) if question.get("detoxify") else None
    return _Path(open_detoxify(name, Opening(detoxify=checkpoint, detoxify_sha256=question.get("sha256"))), policy)


def _never(policy: Policy) -> Policy:
    """A policy by which nothing is ever found: what random scores seem to find would cost its evidence."""
    return replace(policy, flag=1.0, flag_alone=1.0, threat_alone=1.0, redirect=1.0, concern=1.0)


def _times(work: Callable[[Any], object], over: Sequence[Any]) -> dict[str, float]:
    """Milliseconds of each call on its own: median, 95th percentile and mean."""
    for one in over[:_WARM]:
        work(one)
    found = []
    for one in over:
        started = time.perf_counter()
        work(one)
        found.append((time.perf_counter() - started) * 1e3)
    cuts = quantiles(found, n=20) if len(found) > 1 else found * 19
    return {"p50": cuts[9], "p95": cuts[18], "mean": sum(found) / len(found)}


def _rate(work: Callable[[Sequence[Any]], object], over: Sequence[Any]) -> float:
    """So many a second, in batches."""
    started = time.perf_counter()
    for start in range(0, len(over), _BATCH):
        work(over[start : start + _BATCH])
    return len(over) / (time.perf_counter() - started)


class _Words:
    def __init__(self, verdicts: Callable[..., Any]) -> None:
        self._verdicts = verdicts

    def once(self, text: str) -> None:
        from moderation.vocabulary import Roster, Utterance

        self._verdicts([(Utterance(text), Roster())])

    def measure(self, cases: Sequence[Labelled]) -> dict[str, Any]:
        asked = [(case.utterance, case.roster) for case in ordinary(cases)]
        times = _times(lambda one: self._verdicts([one]), asked)
        return {"path": times, "engine": times, "engine_per_s": _rate(self._verdicts, asked)}


class _Path:
    def __init__(self, engine: Engine, policy: Policy, stages: dict[str, Engine] | None = None) -> None:
        self._engine, self._policy, self._stages = engine, policy, stages

    def once(self, text: str) -> None:
        self._engine.score([Prepared(text, text)])

    def _screen(self, case: Labelled) -> object:
        return screen([case.utterance], engine=self._engine, policy=self._policy, roster=case.roster)

    def measure(self, cases: Sequence[Labelled]) -> dict[str, Any]:
        quiet = ordinary(cases)
        windows = [prepare(case.utterance, case.roster)[0] for case in quiet]
        found: dict[str, Any] = {
            "path": _times(self._screen, quiet),
            "engine": _times(lambda window: self._engine.score([window]), windows),
            "engine_per_s": _rate(self._engine.score, windows),
        }
        flagged = [case for case in cases if case.labels.outcome is Outcome.FLAG][:_MOST_FLAGGED]
        if flagged:
            found["flagged"] = _times(self._screen, flagged)
        if self._stages is not None:
            found["parts"] = self._parts(quiet, windows, found["engine"]["mean"])
        return found

    def _parts(self, cases: Sequence[Labelled], windows: Sequence[Prepared], whole: float) -> dict[str, float]:
        """Mean milliseconds by part of the path; what comes after the first stage is told as one."""
        read = [(normalise(case.utterance.text).text, case.roster) for case in cases]
        scored = [worst(self._engine.score([window])) for window in windows]
        meant = [attribute(case.utterance, case.roster) for case in cases]
        judged = list(zip(scored, meant, (case.utterance for case in cases), strict=True))
        before = {
            "normalise": _times(lambda case: normalise(case.utterance.text), cases)["mean"],
            "mask names": _times(lambda one: mask_names(*one), read)["mean"],
        }
        after = {
            "who is meant": _times(lambda case: attribute(case.utterance, case.roster), cases)["mean"],
            "legibility, policy": _times(lambda one: judge(one[0], one[1], one[2], self._policy), judged)["mean"],
        }
        stages = list((self._stages or {}).items())
        if not stages:
            return {**before, "engine": whole, **after}
        name, first = stages[0]
        alone = min(_times(lambda window: first.score([window]), windows)["mean"], whole)
        return {**before, f"stage {name}": alone, "later stages": whole - alone, **after}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
