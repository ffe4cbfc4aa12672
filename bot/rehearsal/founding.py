"""Founding the sample school: the commands that a school office would type, and the letters they give."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.errors import BotError
from bot.rehearsal.school import ROSTER, School
from bot.rehearsal.scratch import Scratch
from bot.rehearsal.world import World


class RehearsalFailed(BotError):
    """The rehearsal could not be set up; says why, in plain words."""


async def found_school(school: School, scratch: Scratch, environment: Mapping[str, str], world: World) -> None:
    """Register the school and its people with the real commands, and hand out the letters."""
    await _schoolgate(scratch, environment, "school", "add", school.name)
    answer = await _schoolgate(scratch, environment, "roster", "import", str(ROSTER), "--json")
    hand_out(json.loads(answer)["people"], school, world)


def hand_out(people: list[dict[str, Any]], school: School, world: World) -> None:
    """Give everybody on the roster who has a phone the link of their own letter."""
    ids = {account.name: account.id for account in school.accounts}
    for person in people:
        if person["name"] in ids and person["link"]:
            holder = world.people[ids[person["name"]]]
            holder.letter = person["link"]
            holder.letter_note = f"Your own link to the bot of {school.name}. It works once, and only for you."


async def _schoolgate(scratch: Scratch, environment: Mapping[str, str], *arguments: str) -> str:
    """Run one command to its end and return what it printed. RehearsalFailed with its words if it fails."""
    process = await asyncio.create_subprocess_exec(
        *scratch.command(*arguments),
        cwd=scratch.folder,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        printed, refused = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        words = refused.decode("utf-8", "replace").strip()
        raise RehearsalFailed(f"schoolgate {' '.join(arguments[:2])} failed with status {process.returncode}: {words}")
    return printed.decode("utf-8")
