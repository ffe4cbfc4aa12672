"""One-time handles behind buttons: the right person, in time, once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from moderation.effects import Press, Tell
from storage.errors import AlreadyUsed, Expired, NotFound
from storage.retention import HANDLES
from storage.store import Store


@pytest.fixture
async def handles(store: Store, now: datetime) -> list[str]:
    """Two buttons under one message to account 7."""
    rows = ((Press("a.b", action="decide", args={"case": "1"}), Press("a.c", action="leave")),)
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent", rows=rows), key="message", school_id="s")
        (queued,) = await tx.outbox.due()
    assert isinstance(queued.effect, Tell)
    return [press.handle for press in queued.effect.rows[0]]


async def test_its_owner_finds_what_it_does(store: Store, now: datetime, handles: list[str]) -> None:
    async with store.transaction("press", now) as tx:
        found = await tx.buttons.find(handles[0], 7)
    assert (found.action, found.args, found.bundle, found.school_id) == ("decide", {"case": "1"}, "message", "s")


async def test_another_person_finds_nothing(store: Store, now: datetime, handles: list[str]) -> None:
    async with store.transaction("press", now) as tx:
        with pytest.raises(NotFound):
            await tx.buttons.find(handles[0], 8)
        with pytest.raises(NotFound):
            await tx.buttons.find("made up", 7)


async def test_one_press_makes_the_whole_message_stale(store: Store, now: datetime, handles: list[str]) -> None:
    async with store.transaction("press", now) as tx:
        await tx.buttons.void("message")
        for handle in handles:
            with pytest.raises(AlreadyUsed):
                await tx.buttons.find(handle, 7)


async def test_a_button_is_too_old_in_the_end(store: Store, now: datetime, handles: list[str]) -> None:
    async with store.transaction("in time", now + HANDLES - timedelta(seconds=1)) as tx:
        await tx.buttons.find(handles[0], 7)
    async with store.transaction("too late", now + HANDLES) as tx:
        with pytest.raises(Expired):
            await tx.buttons.find(handles[0], 7)


async def test_the_handle_itself_is_nowhere_in_the_clear(store: Store, handles: list[str]) -> None:
    async with store._engine.connect() as connection:
        buttons = (await connection.execute(text("SELECT * FROM button"))).all()
        effects = (await connection.execute(text("SELECT * FROM outbox"))).all()
    kept = [*buttons, *effects]
    assert len(kept) == 3
    assert not [row for row in kept for handle in handles if handle.encode() in repr(tuple(row)).encode()]
