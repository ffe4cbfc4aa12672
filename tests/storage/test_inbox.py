"""The durable inbox: each update once, in order, until it is handled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from storage.inbox import Figures, Received
from storage.store import Store


def update(number: int, now: datetime, **payload: Any) -> Received:
    return Received(number, lane=-1001, kind="message", payload={"update_id": number, **payload}, received_at=now)


async def test_updates_come_out_in_telegrams_order_with_what_they_said(store: Store, now: datetime) -> None:
    async with store.transaction("receive", now) as tx:
        await tx.inbox.put([update(3, now, text="c"), update(1, now, text="a"), update(2, now, text="b")])
    async with store.transaction("due", now) as tx:
        due = await tx.inbox.due()
    assert [(one.update_id, one.payload["text"]) for one in due] == [(1, "a"), (2, "b"), (3, "c")]


async def test_an_update_that_comes_again_is_left_as_it_stands(store: Store, now: datetime) -> None:
    async with store.transaction("receive", now) as tx:
        await tx.inbox.put([update(1, now, text="first")])
        assert await tx.inbox.done(1)
    async with store.transaction("again", now) as tx:
        await tx.inbox.put([update(1, now, text="second")])
        assert await tx.inbox.due() == []


async def test_an_update_is_done_once_and_its_words_are_gone(store: Store, now: datetime) -> None:
    async with store.transaction("receive", now) as tx:
        await tx.inbox.put([update(1, now, text="a")])
        assert await tx.inbox.is_waiting(1)
        assert await tx.inbox.done(1)
        assert not await tx.inbox.done(1)
        assert not await tx.inbox.is_waiting(1)
        assert not await tx.inbox.is_waiting(2)
    async with store._engine.connect() as connection:
        assert (await connection.execute(text("SELECT payload_sealed FROM inbox"))).all() == [(None,)]


async def test_a_postponed_update_waits_and_counts_its_tries(store: Store, now: datetime) -> None:
    async with store.transaction("receive", now) as tx:
        await tx.inbox.put([update(1, now)])
        await tx.inbox.postpone(1, "EngineFailed", timedelta(seconds=30))
        assert await tx.inbox.due() == []
    async with store.transaction("later", now + timedelta(seconds=30)) as tx:
        assert [one.attempts for one in await tx.inbox.due()] == [1]


async def test_figures_tell_what_waits_and_what_was_given_up(store: Store, now: datetime) -> None:
    async with store.transaction("receive", now) as tx:
        assert await tx.inbox.figures() == Figures(0, 0)
        await tx.inbox.put([update(1, now), update(2, now - timedelta(hours=1)), update(3, now), update(4, now)])
        await tx.inbox.drop(3, "EngineFailed")
        await tx.inbox.done(4)
        assert await tx.inbox.figures() == Figures(2, 1, now - timedelta(hours=1))
        assert await tx.inbox.count_waiting() == 2
