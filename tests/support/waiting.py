"""Waiting for the bot to have nothing left to do, seen from outside: its database and the server's queue."""

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.rehearsal.world import World

_LOOK_SECONDS = 0.05


async def until_idle(database: Path, world: World, timeout: float = 90) -> None:  # noqa: ASYNC109 - a deadline over many looks
    """Return once no update is unconfirmed or unhandled and no effect is due. TimeoutError if that never comes."""
    deadline = time.monotonic() + timeout
    while not _is_idle(database, world):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the bot still had something to do after {timeout} s")
        await asyncio.sleep(_LOOK_SECONDS)


async def until_polling(world: World, process: asyncio.subprocess.Process, timeout: float = 60) -> bool:  # noqa: ASYNC109 - as above
    """Return True once the bot polls, False if it ends instead. TimeoutError if neither comes."""
    deadline = time.monotonic() + timeout
    while not world.updates.running:
        if process.returncode is not None:
            return False
        if time.monotonic() > deadline:
            raise TimeoutError(f"the bot did not poll within {timeout} s")
        await asyncio.sleep(_LOOK_SECONDS)
    return True


def _is_idle(database: Path, world: World) -> bool:
    if world.updates.pending:
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        inbox = connection.execute("SELECT count(*) FROM inbox WHERE status = 'waiting'").fetchone()[0]
        # Due by real time is due by world time too: the rehearsal's clock is never behind.
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        outbox = connection.execute(
            "SELECT count(*) FROM outbox WHERE status = 'waiting' AND (attempts = 0 OR due_at <= ?)", (now,)
        ).fetchone()[0]
    return not inbox and not outbox
