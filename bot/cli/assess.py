"""`schoolgate assess`: score messages from a file by the very path that the bot takes, and compare with labels."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.cli.options import ConfigOption
from config.policy import load_policy
from config.settings import Settings
from config.sources import load_settings
from moderation.agreement import Agreement, Judged, agreements, macro_f1
from moderation.cases import BadInput, Case, read_cases
from moderation.engine import Engine
from moderation.engines import DetoxifySource, UnknownEngine, load_engine
from moderation.policy import Policy
from moderation.rosters import as_roster, read_roster
from moderation.screening import ScreeningFailed, screen
from moderation.vocabulary import Clause, Roster, Scores, Verdict

#: Cases screened in one call; the progress bar moves this far at a time.
BATCH = 32

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Judges:
    """What a case is judged with: the same parts that the bot is built with."""

    engine: Engine
    policy: Policy
    roster: Roster


@app.command()
def assess(
    cases: Annotated[Path, typer.Option(help="Messages, one JSON object a line; only `text` is required.")],
    out: Annotated[Path, typer.Option(help="Where to write one line for each message, in order.")],
    roster: Annotated[Path | None, typer.Option(help="The school's people: name, role, class, child.")] = None,
    engine: Annotated[
        str | None, typer.Option(help="builtin, detoxify or builtin+detoxify; the setting if not given.")
    ] = None,
    detoxify_folder: Annotated[Path | None, typer.Option(help="A folder that `engine export` wrote.")] = None,
    checkpoint: Annotated[Path | None, typer.Option(help="A local checkpoint for detoxify.")] = None,
    sha256: Annotated[
        str | None,
        typer.Option("--checkpoint-sha256", "--detoxify-sha256", help="Of the checkpoint, or the folder's about.json."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Score messages from a file, exactly as the bot would."""
    settings = load_settings(config)
    people = as_roster(read_roster(roster)) if roster else Roster()
    found = read_file(cases, people)
    source = _source(settings, detoxify_folder, checkpoint, sha256)
    judges = Judges(_engine(engine or settings.engine, source), load_policy(settings.policy_file), people)
    judged, failed = assess_all(found, judges, out)
    if judged:
        Console().print(table_of(agreements(judged)))
    if failed:
        typer.echo(f"{failed} of {len(found)} messages could not be scored; their lines say so.", err=True)
        raise typer.Exit(1)


def _source(settings: Settings, folder: Path | None, checkpoint: Path | None, sha256: str | None) -> DetoxifySource:
    """Where Detoxify comes from: a folder or checkpoint given here takes the place of the settings', hash and all."""
    source = settings.detoxify
    if folder or checkpoint:
        source = {
            **source,
            "folder": folder,
            "checkpoint": checkpoint,
            "checkpoint_sha256": None,
            "folder_sha256": None,
        }
    return {**source, "checkpoint_sha256": sha256, "folder_sha256": sha256} if sha256 else source


def _engine(name: str, source: DetoxifySource) -> Engine:
    try:
        return load_engine(name, **source)
    except UnknownEngine as fault:
        raise BadInput(str(fault)) from None


def read_file(path: Path, roster: Roster) -> list[Case]:
    """Read every case before the first is scored, so that a bad line costs no waiting.

    Raises:
        BadInput: the file cannot be read, or a line is not a case; file and line are named.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from None
    try:
        return list(read_cases(_decoded(lines), roster))
    except BadInput as fault:
        raise BadInput(f"{path}, {fault}") from None


def _decoded(lines: Sequence[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise BadInput(f"line {number}: this is not UTF-8 text") from None


def assess_all(cases: Sequence[Case], judges: Judges, out: Path) -> tuple[list[Judged], int]:
    """Screen every case and write the lines; the file appears whole or not at all.

    Returns the verdicts beside labels, where there are labels, and how many cases could not be scored.

    Raises:
        BadInput: the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", text=True)
    except OSError as fault:
        raise BadInput(f"{out} cannot be written: {fault.strerror}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as lines:
            result = _screen_into(lines, cases, judges)
        Path(name).chmod(0o600)
        Path(name).replace(out)
    except OSError as fault:
        raise BadInput(f"{out} cannot be written: {fault.strerror}") from None
    finally:
        Path(name).unlink(missing_ok=True)
    return result


def _screen_into(lines: TextIO, cases: Sequence[Case], judges: Judges) -> tuple[list[Judged], int]:
    judged: list[Judged] = []
    failed = 0
    with _progress() as progress:
        task = progress.add_task("Scoring", total=len(cases))
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            texts = [case.utterance for case in batch]
            found = screen(texts, engine=judges.engine, policy=judges.policy, roster=judges.roster)
            for case, verdict in zip(batch, found, strict=True):
                lines.write(json.dumps(line_of(case.id, verdict), ensure_ascii=False) + "\n")
                if isinstance(verdict, ScreeningFailed):
                    failed += 1
                elif case.labels:
                    judged.append((verdict, case.labels))
            progress.advance(task, len(batch))
    return judged, failed


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def line_of(case_id: str, verdict: Verdict | ScreeningFailed) -> dict[str, Any]:
    """One line of the output. A case that could not be scored has no decision, and says why."""
    if isinstance(verdict, ScreeningFailed):
        return {"id": case_id, "decision": None, "error": verdict.reason}
    words = [{"start": one.start, "end": one.end, "text": one.text, "weight": one.weight} for one in verdict.evidence]
    return {
        "id": case_id,
        "decision": verdict.outcome.value,
        "clauses": [clause.value for clause in verdict.clauses],
        "severity": int(verdict.severity),
        "concern": verdict.concern.value,
        "scores": _scores(verdict.scores),
        "evidence": {
            "meant": {"target": verdict.meant.target.value, "because": verdict.meant.because},
            "words": words,
        },
    }


def _scores(scores: Scores | None) -> dict[str, float]:
    """All 0 where nothing was scored, such as a message by staff."""
    found = scores or Scores(0.0, 0.0, 0.0, 0.0, dict.fromkeys(Clause, 0.0))
    whole = {"toxicity": found.toxicity, "redirect": found.redirect, "flag": found.flag, "concern": found.concern}
    clauses = {clause.value: value for clause, value in found.clauses.items()}
    return {name: round(value, 4) for name, value in {**whole, **clauses}.items()}


def table_of(found: Sequence[Agreement]) -> Table:
    """Precision, recall, F1 and support by decision, clause and concern."""
    table = Table("", "label", "precision", "recall", "F1", "support")
    for one in found:
        numbers = (f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", str(one.support))
        table.add_row(one.kind, one.label, *numbers)
    for kind in ("decision", "clause", "concern"):
        table.add_row(kind, "macro", "", "", f"{macro_f1(found, kind):.2f}", "")
    return table
