"""The right to run: one holder, known by a heartbeat."""

from datetime import datetime, timedelta

import pytest

from storage.errors import AlreadyRunning
from storage.lock import SILENCE
from storage.store import Store


async def test_a_second_holder_is_refused_while_the_first_lives(store: Store, now: datetime) -> None:
    async with store.transaction("lock", now) as tx:
        await tx.lock.take("a:1:x")
    async with store.transaction("lock", now + SILENCE - timedelta(seconds=1)) as tx:
        with pytest.raises(AlreadyRunning):
            await tx.lock.take("b:2:y")


async def test_the_holder_itself_may_always_beat(store: Store, now: datetime) -> None:
    async with store.transaction("lock", now) as tx:
        assert await tx.lock.last_beat() is None
        await tx.lock.take("a:1:x")
    async with store.transaction("lock", now + timedelta(seconds=20)) as tx:
        await tx.lock.take("a:1:x")
        assert await tx.lock.last_beat() == now + timedelta(seconds=20)


async def test_silence_frees_the_lock(store: Store, now: datetime) -> None:
    async with store.transaction("lock", now) as tx:
        await tx.lock.take("a:1:x")
    async with store.transaction("lock", now + SILENCE) as tx:
        await tx.lock.take("b:2:y")
    async with store.transaction("lock", now + SILENCE) as tx:
        with pytest.raises(AlreadyRunning):
            await tx.lock.take("a:1:x")


async def test_a_holder_that_is_known_to_be_dead_is_replaced_at_once(store: Store, now: datetime) -> None:
    async with store.transaction("lock", now) as tx:
        await tx.lock.take("a:1:x")
        await tx.lock.take("b:2:y", is_dead=lambda holder: holder == "a:1:x")


async def test_giving_back_frees_it_and_only_ones_own(store: Store, now: datetime) -> None:
    async with store.transaction("lock", now) as tx:
        await tx.lock.take("a:1:x")
        await tx.lock.give_back("b:2:y")
        with pytest.raises(AlreadyRunning):
            await tx.lock.take("b:2:y")
        await tx.lock.give_back("a:1:x")
    async with store.transaction("lock", now) as tx:
        await tx.lock.take("b:2:y")
