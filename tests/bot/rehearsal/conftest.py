"""A server with a small town in it: a headteacher, two parents, and the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.world import World
from tests.support.raw_bot import RawBot, Town
from tests.support.rehearsal import rehearsal


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with rehearsal(tmp_path) as server, httpx.AsyncClient(timeout=20) as http:
        await server.add_users((101, "Helen Marsh"), (102, "Priya Shah"), (103, "Tom Wicks"))
        yield Town(server, RawBot(server, http))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(RehearsalClock(tmp_path / "clock"))
