"""`schoolgate roster`: import the people of a school, and get the one-time links for their letters."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.app import bot_username
from bot.cli.opening import opened, the_school
from bot.cli.options import ConfigOption, configured
from bot.clock import clock_from_setting
from config.settings import Settings
from moderation.records import Person
from moderation.rosters import RosterEntry, RosterRefused, read_roster
from moderation.usecases.enrolling import Change, Enrolled, compare, enrol
from storage.store import Transaction

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Bring the roster up to date, and get one-time links for people.",
)

_WORDS = {"new": "new", "changed": "changed", "same": "as before", "absent": "not in the file (kept)"}


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="ROSTER.csv", help="Columns: name, role, class, child, ref.")],
    school: Annotated[str | None, typer.Option(help="Which school, if there are several.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    new_codes: Annotated[
        bool,
        typer.Option("--new-codes", help="Give fresh links to all who have not used theirs; old ones stop working."),
    ] = False,
    username: Annotated[str, typer.Option(help="The bot's username, if Telegram cannot be asked.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    config: ConfigOption = None,
) -> None:
    """Import a roster: all of it or, if a line is wrong, nothing."""
    entries = read_roster(path)
    settings = configured(config)
    if dry_run:
        _show_changes(asyncio.run(_compare(settings, entries, school)), as_json=as_json)
        return
    name = username.removeprefix("@") or asyncio.run(bot_username(settings))
    if not name:
        raise RosterRefused("The links need the bot's username: set the token, or give it as --username NAME.")
    _show_enrolled(asyncio.run(_enrol(settings, entries, school, new_codes=new_codes)), name, as_json=as_json)


async def _compare(settings: Settings, entries: list[RosterEntry], school: str | None) -> list[Change]:
    async with opened(settings) as store, store.transaction("compare roster", _now(settings)) as tx:
        found = await the_school(tx, school)
        return compare(entries, await tx.people.of_school(found.id))


async def _enrol(
    settings: Settings, entries: list[RosterEntry], school: str | None, *, new_codes: bool
) -> list[Enrolled]:
    async with opened(settings) as store, store.transaction("import roster", _now(settings)) as tx:
        return await _within(tx, settings, entries, school, new_codes=new_codes)


async def _within(
    tx: Transaction, settings: Settings, entries: list[RosterEntry], school: str | None, *, new_codes: bool
) -> list[Enrolled]:
    found = await the_school(tx, school)
    return await enrol(
        entries, school_id=found.id, people=tx.people, valid=settings.code_lifetime, fresh_codes=new_codes
    )


def _show_changes(changes: list[Change], *, as_json: bool) -> None:
    lines = [_changed(change) for change in changes]
    if as_json:
        typer.echo(json.dumps({"changes": lines}, ensure_ascii=False))
        return
    table = Table("Who", "What would happen")
    for change, line in zip(changes, lines, strict=True):
        who = change.entry or change.person
        table.add_row(_who(who) if who else "", _WORDS[line["what"]])
    Console().print(table)
    typer.echo("Nothing has been changed.")


def _changed(change: Change) -> dict[str, str]:
    name = change.entry.name if change.entry else change.person.name if change.person else ""
    return {"name": name, "what": change.what}


def _show_enrolled(people: list[Enrolled], username: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"people": [_enrolled(one, username) for one in people]}, ensure_ascii=False))
        return
    for one in people:
        typer.echo(f"{_who(one.person)}: {_WORDS[one.what]}")
        if one.code:
            # On a line of its own, whole: a table would cut it.
            typer.echo(f"    {_enrolled(one, username)['link']}")
    codes = sum(one.code is not None for one in people)
    typer.echo(f"{len(people)} people; {codes} new links. Give each link to its owner alone: it opens their account.")


def _who(person: Person | RosterEntry) -> str:
    """A name with what tells two people of one name apart."""
    return ", ".join(filter(None, [person.name, person.school_class, f"ref {person.ref}" if person.ref else ""]))


def _enrolled(one: Enrolled, username: str) -> dict[str, Any]:
    person = one.person
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "class": person.school_class,
        "ref": person.ref,
        "what": one.what,
        "code": one.code,
        "link": f"https://t.me/{username}?start={one.code}" if one.code else None,
        "expires_at": one.expires_at.isoformat() if one.expires_at else None,
    }


def _now(settings: Settings) -> datetime:
    return clock_from_setting(settings.clock).now()
