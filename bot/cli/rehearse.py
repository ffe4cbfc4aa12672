"""`schoolgate rehearse`: the bot with a sample school, on this computer alone."""

from pathlib import Path
from typing import Annotated

import typer

from bot.rehearsal.command import Options
from bot.rehearsal.command import rehearse as run_rehearsal

app = typer.Typer(add_completion=False)


@app.command()
def rehearse(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where the page is; a free port if not given.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Keep the rehearsal in this folder, and go on with it next time."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again, if the folder holds a rehearsal.")] = False,
) -> None:
    """Try everything on this computer: no account, no internet."""
    run_rehearsal(Options(port=port, folder=folder, open_page=not no_open, fresh=fresh))
