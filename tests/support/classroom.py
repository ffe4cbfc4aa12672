"""A school day that has begun: the headteacher enrolled, the class group sanctioned, some parents agreed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.journey import HEAD, Day, journey

#: What the shipped model is sure of.
CHAT = "Does anyone have a spare PE top in size 7-8?"
GRIEVANCE = "£40 for a trip is a joke, what do they do with our money?"
ABUSE = "You are an absolute idiot and a disgrace of a mother, shut your mouth"
CAPTION_ABUSE = "Look at this useless lazy idiot, you are all pathetic"


@asynccontextmanager
async def classroom(tmp_path: Path, *agreeing: str, **settings: str) -> AsyncIterator[Day]:
    """A day with an open, sanctioned group, in which these parents have agreed to be read."""
    async with journey(tmp_path, start=False) as day:
        day.environment.update(settings)
        await day.start_bot()
        await day.enrol(HEAD)
        await day.add_bot()
        await day.tap(HEAD, "group.open_button")
        await day.notice("group.open_notice")
        for name in agreeing:
            await day.enrolled_parent(name)
        await day.settled()
        await day.rehearsal.advance(60)
        yield day


async def alerts(day: Day, name: str = HEAD) -> list[dict[str, Any]]:
    """The alerts on a person's phone."""
    first = day_text("alert.first_line")
    return [letter for letter in await day.letters(name) if first in (letter["text"] or "")]


def day_text(key: str) -> str:
    """A text without placeholders, as it is shown."""
    from tests.support.journey import TEXTS

    return TEXTS.plain(key)
