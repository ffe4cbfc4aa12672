"""Sweeps come round again, whatever one of them does."""

import asyncio

import pytest

from bot.runtime.scheduling import scheduler
from bot.services import Services
from bot.sweeps import SWEEPS
from bot.sweeps.purging import delete_what_is_overdue
from moderation.effects import Tell
from storage.retention import EFFECTS
from tests.support.services import StandingClock


async def test_a_sweep_that_fails_is_tried_again_and_does_not_stop_the_others(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    tries, others = 0, asyncio.Event()

    async def failing(_: Services) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("private words")

    async def well(_: Services) -> None:
        if tries >= 2:
            others.set()

    running = scheduler(services, (failing, well))
    running.start()
    try:
        async with asyncio.timeout(20):
            await others.wait()
    finally:
        running.shutdown(wait=False)
    assert "sweep=failing error=RuntimeError" in caplog.text
    assert "private words" not in caplog.text


def test_every_sweep_has_a_name_of_its_own() -> None:
    assert len({sweep.__name__ for sweep in SWEEPS}) == len(SWEEPS)


async def test_what_is_overdue_is_deleted_once_an_hour(services: Services, clock: StandingClock) -> None:
    async def effects() -> int:
        async with services.transaction("look") as tx:
            return len(await tx.outbox.due())

    await delete_what_is_overdue(services)
    async with services.transaction("queue") as tx:
        await tx.outbox.put(Tell(7, "help.parent"), key="a")
    clock.advance(minutes=59)
    await delete_what_is_overdue(services)
    clock.time += EFFECTS
    await delete_what_is_overdue(services)
    assert await effects() == 0
    async with services.transaction("queue") as tx:
        await tx.outbox.put(Tell(7, "help.parent"), key="b")
    await delete_what_is_overdue(services)
    assert await effects() == 1
