"""Messages that were given up: one notice, with a count, when the failing is over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sweeps.unread import tell_of_what_was_given_up
from tests.support.any_update import AGREEING, CONSENTED, SANCTIONED
from tests.support.doorstep import HEAD, Doorstep, doorstep


@pytest.fixture
async def door(tmp_path: Path) -> Any:
    async with doorstep(tmp_path) as found:
        yield found


async def receive(door: Doorstep, *numbers: int, kind: str = "message", chat: int = SANCTIONED) -> None:
    for number in numbers:
        author = {"id": AGREEING[0], "is_bot": False, "first_name": "x"}
        place = {"id": chat, "type": "supergroup", "title": "Willow"}
        said = {"message_id": number, "date": CONSENTED, "chat": place, "from": author, "text": "hello"}
        await door.receive({"update_id": number, kind: said})


async def drop(door: Doorstep, *numbers: int) -> None:
    async with door.services.transaction("test") as tx:
        for number in numbers:
            assert await tx.inbox.drop(number, "NotScored")


async def told(door: Doorstep) -> list[tuple[int, str, str]]:
    await tell_of_what_was_given_up(door.services)
    queued = await door.do(lambda tx: tx.outbox.due())
    return [(one.effect.to, one.effect.text, one.effect.values["count"]) for one in queued]


async def test_nobody_is_told_while_all_is_well(door: Doorstep) -> None:
    await receive(door, 1)
    await door.do(lambda tx: tx.inbox.done(1))
    assert await told(door) == []


async def test_one_notice_tells_how_many(door: Doorstep) -> None:
    await receive(door, 1, 2)
    await receive(door, 3, kind="edited_message")
    await drop(door, 1, 2, 3)
    assert await told(door) == [(HEAD, "unread.many", "3")]
    assert await told(door) == [(HEAD, "unread.many", "3")], "and it is not told again"


async def test_one_message_is_told_as_one(door: Doorstep) -> None:
    await receive(door, 1)
    await drop(door, 1)
    assert await told(door) == [(HEAD, "unread.one", "1")]


async def test_the_notice_waits_for_what_still_fails_but_not_for_ever(door: Doorstep) -> None:
    await receive(door, 1, 2)
    await drop(door, 1)
    await door.do(lambda tx: tx.inbox.postpone(2, "NotScored", timedelta(minutes=15)))
    assert await told(door) == []
    door.clock.advance(hours=24)
    assert await told(door) == [(HEAD, "unread.one", "1")]


async def test_when_the_rest_was_read_after_all_the_notice_goes_out(door: Doorstep) -> None:
    await receive(door, 1, 2)
    await drop(door, 1)
    await door.do(lambda tx: tx.inbox.postpone(2, "NotScored", timedelta(minutes=15)))
    await door.do(lambda tx: tx.inbox.done(2))
    assert await told(door) == [(HEAD, "unread.one", "1")]


async def test_what_was_given_up_outside_the_groups_is_not_counted(door: Doorstep) -> None:
    await receive(door, 1, chat=-4242)
    await drop(door, 1)
    assert await told(door) == []
