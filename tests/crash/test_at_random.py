"""Journey 8 under load: many write at once, and the bot is killed again and again wherever it happens to be."""

import asyncio
import random
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.alerts import ABUSE, alerts
from tests.support.classroom import CHAT, GRIEVANCE
from tests.support.crashing import killable
from tests.support.journey import HEAD, OTHER, PARENT, Day

KILLS, MESSAGES = 8, 60
WRITERS = (PARENT, OTHER)


def kept(day: Day, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{day.folder / 'schoolgate.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


async def begun(day: Day) -> None:
    """The group is open, and two parents agreed to be read."""
    await day.enrol(HEAD)
    await day.add_bot()
    await day.tap(HEAD, "group.open_button")
    for name in WRITERS:
        await day.enrolled_parent(name)
    await day.settled()
    await day.rehearsal.advance(60)


async def write(day: Day, chance: random.Random) -> dict[int, str]:
    """Everybody writes; the numbers of the abusive messages, and what they say."""
    abusive = {}
    for number in range(MESSAGES):
        kind = chance.choice((CHAT, GRIEVANCE, ABUSE))
        text = f"{kind} ({number})"
        message = int((await day.act(chance.choice(WRITERS), "write", chat=day.group, text=text))["message"])
        if kind == ABUSE:
            abusive[message] = text
    return abusive


async def kill_again_and_again(day: Day, chance: random.Random) -> int:
    """After some calls of the bot's it is killed, wherever it is then, and started again; how often it was busy."""
    busy = 0
    for _ in range(KILLS):
        assert day.process is not None
        since = max((call["n"] for call in await day.rehearsal.calls()), default=0)
        for _ in range(chance.randint(1, 6)):
            try:
                since = (await day.rehearsal.wait_call("sendMessage", since=since, timeout=2))["n"]
            except TimeoutError:
                break
        day.process.send_signal(signal.SIGKILL)
        await day.ended()
        waiting = [kept(day, f"SELECT 1 FROM {table} WHERE status = 'waiting'") for table in ("inbox", "outbox")]  # noqa: S608 - two fixed names
        busy += bool(any(waiting) or day.rehearsal.world.updates.pending)
        await day.start_bot()
    return busy


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_moment_it_dies_at_nothing_is_lost_and_no_case_opened_twice(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    async with killable(tmp_path) as day:
        await begun(day)
        abusive, busy = await asyncio.gather(write(day, chance), kill_again_and_again(day, chance))
        await day.settled()
        assert busy >= KILLS / 4, "it was killed while it had nothing to do"
        cases = Counter(message for (message,) in kept(day, 'SELECT message_id FROM "case"'))
        assert cases == Counter(dict.fromkeys(abusive, 1))
        assert kept(day, "SELECT count(*) FROM inbox WHERE status != 'done'") == [(0,)]
        assert kept(day, "SELECT count(*) FROM outbox WHERE status != 'sent'") == [(0,)]
        shown = [text for alert in await alerts(day, HEAD) for text in abusive.values() if text in alert["text"]]
        assert set(shown) == set(abusive.values())
        sent = kept(day, "SELECT count(*) FROM outbox WHERE kind IN ('Tell', 'Alert')")[0][0]
        letters = [letter for name in (HEAD, *WRITERS) for letter in await day.letters(name)]
        from_bot = len([letter for letter in letters if letter["from"]["is_bot"]])
        assert sent <= from_bot <= sent + KILLS
