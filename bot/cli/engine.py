"""`schoolgate engine`: make an engine ready for a computer that has not what it was made with."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from moderation.engines.detoxify import MODEL_TYPES
from moderation.engines.detoxify_compare import Difference
from moderation.engines.detoxify_export import STEPS, TOLERANCE, Exported, NotFaithful, Wanted
from moderation.engines.detoxify_export import export as export_model

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Make Detoxify ready to run without torch.")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The folder to write; it must be new or empty.")],
    checkpoint: Annotated[Path | None, typer.Option(help="A local checkpoint, instead of a download.")] = None,
    checkpoint_sha256: Annotated[str | None, typer.Option(help="The SHA-256 of the checkpoint.")] = None,
    model_type: Annotated[
        str, typer.Option(help=f"Without a checkpoint, which model to download: {', '.join(MODEL_TYPES)}.")
    ] = "original",
    tolerance: Annotated[
        float, typer.Option(min=0, max=1, help="The greatest difference of a probability that passes.")
    ] = TOLERANCE,
) -> None:
    """Write Detoxify as a folder that needs neither torch nor the internet to run."""
    wanted = Wanted(checkpoint, checkpoint_sha256, model_type, tolerance)
    try:
        with _progress() as progress:
            task = progress.add_task(STEPS[0], total=len(STEPS))

            def show(step: str) -> None:
                progress.update(task, completed=STEPS.index(step), description=step)

            exported = export_model(wanted, out, show)
            progress.update(task, completed=len(STEPS), description="Done")
    except NotFaithful as fault:
        Console().print(_table_of(fault.difference))
        raise
    Console().print(_table_of(exported.difference, exported))
    typer.echo(
        f'{out} is written. To use it, set engine = "detoxify" or engine = "builtin+detoxify", and\n'
        f'detoxify_folder = "{out.as_posix()}"\n'
        f'detoxify_sha256 = "{exported.about_sha256}"'
    )


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def _table_of(found: Difference, exported: Exported | None = None) -> Table:
    """How near the exported model is, and if it was kept, what it costs."""
    table = Table("exported, against torch", "")
    table.add_row("sentences compared", str(found.sentences))
    table.add_row("greatest difference", f"{found.greatest:.4f}")
    table.add_row("mean difference", f"{found.mean:.4f}")
    if exported:
        pace = exported.pace
        table.add_row("one sentence, torch, ms", f"{pace.torch:.2f}")
        table.add_row("one sentence, exported, ms", f"{pace.onnx:.2f}")
        table.add_row("times as quick", f"{pace.ratio:.1f}")
        table.add_row("weights in torch, MB", f"{exported.size_before / 1e6:.1f}")
        table.add_row("model.onnx, MB", f"{exported.size_after / 1e6:.1f}")
        table.add_row("scales", "for each channel" if exported.per_channel else "for each tensor")
    return table
