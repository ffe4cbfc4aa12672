"""One instance runs."""

import asyncio
import os
import socket
from dataclasses import replace

import pytest

from bot.runtime.instance import Instance, holder_is_dead
from bot.services import Services
from storage.errors import AlreadyRunning
from storage.lock import SILENCE
from tests.support.full_disk import FullDisk
from tests.support.services import StandingClock

HOST = socket.gethostname()


async def test_a_second_instance_is_refused_and_the_first_goes_on(services: Services) -> None:
    async with Instance(services, "elsewhere:1:a").running():
        with pytest.raises(AlreadyRunning, match="already runs"):
            async with Instance(services, "elsewhere:2:b").running():
                pytest.fail("the second one runs")
        async with services.transaction("look") as tx:
            await tx.lock.take("elsewhere:1:a")


async def test_the_lock_is_given_back_at_the_end_even_after_a_failure(services: Services) -> None:
    async def fail() -> None:
        async with Instance(services, "elsewhere:1:a").running():
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await fail()
    async with services.transaction("look") as tx:
        assert await tx.lock.last_beat() is None


async def test_after_a_silence_another_takes_over(services: Services, clock: StandingClock) -> None:
    async with services.transaction("lock") as tx:
        await tx.lock.take("elsewhere:1:a")
    clock.advance(seconds=SILENCE.total_seconds())
    async with Instance(services, "elsewhere:2:b").running(), services.transaction("look") as tx:
        with pytest.raises(AlreadyRunning):
            await tx.lock.take("elsewhere:1:a")


async def test_an_instance_that_lost_its_lock_learns_it(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.instance._BEAT_SECONDS", 0.01)
    async with Instance(services, "elsewhere:1:a").running() as heartbeat:
        async with services.transaction("another") as tx:
            await tx.lock.take("elsewhere:2:b", is_dead=lambda _: True)
        async with asyncio.timeout(20):
            await asyncio.wait([heartbeat])
        assert isinstance(heartbeat.exception(), AlreadyRunning)
    async with services.transaction("look") as tx:
        assert await tx.lock.last_beat() is not None, "the other one's lock is left alone"


async def test_a_heartbeat_that_is_missed_is_made_good_by_the_next(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.instance._BEAT_SECONDS", 0.01)
    async with Instance(services, "elsewhere:1:a").running() as heartbeat:
        full = FullDisk(services.store, "lock", 3)
        beating = Instance(replace(services, store=full), "elsewhere:1:a")  # type: ignore[arg-type]  # what is used of a store
        task = asyncio.create_task(beating._keep())
        clock.advance(seconds=20)
        async with asyncio.timeout(20):
            while full.times or not await _beat_at(services, clock):  # noqa: ASYNC110 - the state is in the database
                await asyncio.sleep(0.01)
        task.cancel()
        assert not heartbeat.done()


async def _beat_at(services: Services, clock: StandingClock) -> bool:
    async with services.store.transaction("look", clock.now()) as tx:
        return await tx.lock.last_beat() == clock.now()


async def test_a_process_of_this_computer_that_is_gone_holds_nothing(services: Services) -> None:
    # No system has a process of this number: Linux allows 2**22 of them.
    async with services.transaction("lock") as tx:
        await tx.lock.take(f"{HOST}:99999999:a")
    async with Instance(services, f"{HOST}:{os.getpid()}:b").running():
        pass


def test_of_another_computer_nobody_can_tell() -> None:
    assert not holder_is_dead("another-computer:99999999:x")


def test_a_living_process_is_not_dead_and_ones_own_number_is_an_earlier_life() -> None:
    assert not holder_is_dead(f"{HOST}:{os.getppid()}:x")
    assert not holder_is_dead(f"{HOST}:1:x")
    assert holder_is_dead(f"{HOST}:{os.getpid()}:x")
