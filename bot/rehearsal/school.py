"""The sample school: who is in it, read from ``school/``, and its world on the day before the bot arrives."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.permissions import ALL_RIGHTS
from bot.rehearsal.posting import publish, written
from bot.rehearsal.world import Link, Member, World

#: The folder with the roster, as the school office would write it, and the accounts.
FOLDER = Path(__file__).with_name("school")
ROSTER = FOLDER / "roster.csv"
#: The first account's id; the others follow in the order of the file.
FIRST_ID = 5_100_000_001


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with a phone. ``role`` and ``note`` are for the page; the school's own roles are in the roster."""

    id: int
    name: str
    username: str | None
    role: str
    note: str


@dataclass(frozen=True, slots=True)
class School:
    """The sample school and its one class group.

    ``before`` is what was said there already, as (who, text); ``settings`` are the bot's, as a school sets them.
    """

    name: str
    accounts: tuple[Account, ...]
    title: str
    owner: str
    members: tuple[str, ...]
    before: tuple[tuple[str, str], ...]
    settings: Mapping[str, str]

    def id_of(self, name: str) -> int:
        """The account id of a person by full name. KeyError if there is none."""
        return {account.name: account.id for account in self.accounts}[name]


def load_school(folder: Path = FOLDER) -> School:
    """Read the sample school."""
    given: dict[str, Any] = tomllib.loads((folder / "school.toml").read_text("utf-8"))
    accounts = tuple(
        Account(FIRST_ID + at, entry["name"], entry.get("username"), entry["role"], entry["note"])
        for at, entry in enumerate(given["accounts"])
    )
    group = given["group"]
    before = tuple((line["from"], line["text"]) for line in group["before"])
    return School(
        name=given["name"],
        accounts=accounts,
        title=group["title"],
        owner=group["owner"],
        members=tuple(group["members"]),
        before=before,
        settings=given["settings"],
    )


def roster_names(folder: Path = FOLDER) -> list[str]:
    """The names on the roster, in its order."""
    with (folder / "roster.csv").open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def build_world(school: School, clock: RehearsalClock) -> World:
    """A world with everybody's account and the class group, a supergroup that the bot is not in."""
    world = World(clock)
    world.privacy_mode = True
    for account in school.accounts:
        world.add_person(account.id, account.name, account.username, role_label=account.role, note=account.note)
    group = world.new_chat("supergroup", school.title)
    owner = school.id_of(school.owner)
    group.members[owner] = Member("creator", rights=dict(ALL_RIGHTS))
    for name in school.members:
        group.members[school.id_of(name)] = Member("member")
    group.links.append(Link("https://t.me/+WillowYear3Oakfield", owner, primary=True))
    for name, text in school.before:
        publish(world, group, school.id_of(name), written(text))
    return world
