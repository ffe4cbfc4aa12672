"""Measure everything side by side: `python -m moderation.training.evaluation --data FOLDER --out FOLDER`.

Prints tables as they are done and writes `evaluation.json`, `evaluation.md` and pictures. What cannot be measured
here says so in one line; the rest goes on. The same files give the same figures, but for the cost.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from moderation.cases import BadInput
from moderation.engine import EngineFailed
from moderation.rosters import RosterRefused
from moderation.training.evaluation.cases import CORPUS, Absent
from moderation.training.evaluation.columns import POLICY, Opening, open_columns
from moderation.training.evaluation.intervals import DRAWS, SEED
from moderation.training.evaluation.run import Options, Run, Watch
from moderation.training.evaluation.sheet import SECTIONS, Sheet
from moderation.training.split import Part

#: A table as wide as this where nobody looks at a terminal.
_WIDE = 190


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report. Returns the exit status: 1 if nothing could be measured at all."""
    options = _options(arguments)
    console = Console()
    console = console if console.is_terminal else Console(width=_WIDE)
    try:
        columns, missing = open_columns(options.opening)
    except EngineFailed as fault:
        console.print(f"Our own engine cannot be loaded: {fault}", markup=False)
        return 1
    with _progress() as progress:
        run = Run(options, columns, _watch(progress))
        sheet = Sheet(run, missing, console)
        for key, measure in SECTIONS.items():
            if not options.only or key in options.only:
                _try(key, lambda measure=measure: measure(sheet), sheet)  # type: ignore[misc]
    if options.out:
        sheet.write(options.out)
    return 0 if sheet.measured else 1


def _try(key: str, measure: Callable[[], None], sheet: Sheet) -> None:
    started = time.monotonic()
    try:
        measure()
    except (Absent, BadInput, RosterRefused, EngineFailed) as why:
        sheet.skip(key, str(why))
    except Exception as fault:  # noqa: BLE001 - one section must never take the others with it
        # Where it happened, without the fault's own text: that could quote a message.
        places = "".join(traceback.format_tb(fault.__traceback__)[-3:])
        sheet.skip(key, f"{type(fault).__name__}, a fault of the measuring itself; please report it:\n{places}")
    sheet.seconds[key] = round(time.monotonic() - started, 1)


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m moderation.training.evaluation", description="Measure everything.")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with dev.jsonl, roster.csv and public test sets"
    )
    parser.add_argument("--out", type=Path, help="folder for evaluation.json, evaluation.md and pictures")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder with our labelled batches")
    parser.add_argument(
        "--part", action="append", choices=[Part.TEST.value, Part.VALIDATION.value],
        help="part of our corpus (test); give it twice for both: the first is what trials are made with",
    )  # fmt: skip
    parser.add_argument("--only", default="", help=f"some sections, with commas between: {', '.join(SECTIONS)}")
    parser.add_argument("--policy", type=Path, default=POLICY, help="the thresholds to judge by")
    parser.add_argument("--detoxify", type=Path, help="a checkpoint of Detoxify's, or what `engine export` wrote")
    parser.add_argument("--detoxify-sha256", help="the checkpoint's SHA-256")
    parser.add_argument("--detoxify-untrained", action="store_true", help="cost of a bert-base with random weights too")
    parser.add_argument("--torch-python", type=Path, help="a Python that has torch and detoxify, for Detoxify's cost")
    parser.add_argument(
        "--thorough", action="store_true", help="other names for every message, and both trials for our stages as well"
    )
    parser.add_argument("--draws", type=int, default=DRAWS, help="how many draws an interval rests on")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of every draw")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="name our N worst errors")
    parser.add_argument(
        "--show-texts", action="store_true", help="with --errors: show their texts, on the terminal alone"
    )
    found = parser.parse_args(arguments)
    only = frozenset(filter(None, found.only.split(",")))
    if unknown := only - SECTIONS.keys():
        parser.error(f"--only: there is no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return Options(
        data=found.data, out=found.out, corpus=found.corpus, only=only, thorough=found.thorough,
        parts=tuple(map(Part, dict.fromkeys(found.part or [Part.TEST.value]))),
        opening=Opening(found.policy, found.detoxify, found.detoxify_sha256),
        draws=found.draws, seed=found.seed, errors=found.errors, show_texts=found.show_texts,
        untrained=found.detoxify_untrained, torch_python=found.torch_python,
    )  # fmt: skip


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _watch(progress: Progress) -> Watch:
    task = progress.add_task("starting", total=None)

    def watch(title: str, total: int) -> Callable[[int], None]:
        progress.reset(task, description=title, total=total)
        return lambda done: progress.advance(task, done)

    return watch


if __name__ == "__main__":
    sys.exit(main())
