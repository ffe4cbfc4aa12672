"""`schoolgate school`: the schools that this installation serves."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.cli.options import ConfigOption, configured
from config.settings import Settings
from moderation.records import School

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Register schools, and list them.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The school's name, as parents know it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    config: ConfigOption = None,
) -> None:
    """Register a school."""
    if not name.strip():
        raise typer.BadParameter("the name is empty")
    school = asyncio.run(_add(configured(config), " ".join(name.split())))
    if as_json:
        typer.echo(json.dumps({"id": school.id, "name": school.name}))
    else:
        typer.echo(f"{school.name} is registered. Next: schoolgate roster import roster.csv")


@app.command("list")
def show(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    config: ConfigOption = None,
) -> None:
    """List the schools."""
    schools = asyncio.run(_all(configured(config)))
    if as_json:
        typer.echo(json.dumps({"schools": [{"id": school.id, "name": school.name} for school in schools]}))
        return
    for school in schools:
        typer.echo(school.name)
    if not schools:
        typer.echo('No school is registered yet. Type: schoolgate school add "NAME"')


async def _add(settings: Settings, name: str) -> School:
    async with opened(settings) as store, store.transaction("add school", datetime.now(UTC)) as tx:
        return await tx.schools.add(name)


async def _all(settings: Settings) -> list[School]:
    async with opened(settings) as store, store.transaction("list schools", datetime.now(UTC)) as tx:
        return await tx.schools.all()
