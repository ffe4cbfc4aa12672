"""`schoolgate doctor`: check that everything is in place, and say how to put right what is not."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.options import ConfigOption, configured
from bot.doctor.examining import examine
from bot.doctor.report import as_json, as_table, is_well, summary

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    json_wanted: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    config: ConfigOption = None,
) -> None:
    """Check that everything is in place, and say how to put right what is not. Changes nothing."""
    findings = asyncio.run(examine(configured(config)))
    if json_wanted:
        typer.echo(as_json(findings))
    else:
        Console().print(as_table(findings))
        typer.echo(summary(findings))
    if not is_well(findings):
        raise typer.Exit(1)
