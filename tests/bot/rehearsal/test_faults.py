"""Faults: refusals, broken connections, calls that are held."""

import asyncio

import httpx
import pytest

from tests.support.raw_bot import Town


async def texts(town: Town) -> list[str]:
    return [message["text"] for message in await town.server.private_messages(town.parent)]


async def last(town: Town) -> int:
    return len(await town.server.calls())


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("400", "400 Bad Request: a rehearsed fault"),
        ("403", "403 Forbidden: a rehearsed fault"),
        ("500", "500 Internal Server Error"),
        ("502", "502 Bad Gateway"),
    ],
)
async def test_an_error_is_answered_and_nothing_happens(town: Town, kind: str, answer: str) -> None:
    await town.server.act(town.parent, "start")
    await town.server.fault("sendMessage", kind, times=2)
    for _ in range(2):
        assert await town.bot.refused("sendMessage", chat_id=town.parent, text="Hello") == answer
    assert await texts(town) == ["/start"]
    await town.bot.do("sendMessage", chat_id=town.parent, text="Hello")


async def test_a_429_says_when_to_try_again(town: Town) -> None:
    await town.server.fault("getMe", "429", retry_after=7)
    body = await town.bot.call("getMe")
    assert body["parameters"] == {"retry_after": 7}
    assert body["description"] == "Too Many Requests: retry after 7"


async def test_a_fault_can_be_for_one_chat_or_any_method(town: Town) -> None:
    await town.server.act(town.parent, "start")
    await town.server.act(town.other, "start")
    await town.server.fault("sendMessage", "403", chat_id=town.other, description="Forbidden: no")
    await town.bot.do("sendMessage", chat_id=town.parent, text="Hello")
    assert await town.bot.refused("sendMessage", chat_id=town.other, text="Hello") == "403 Forbidden: no"
    await town.server.fault("*", "500")
    await town.bot.do("getUpdates")
    assert (await town.bot.refused("getMe")).startswith("500")


@pytest.mark.parametrize(("kind", "carried_out"), [("drop", False), ("drop_after", True)])
async def test_a_dropped_connection_takes_effect_only_if_dropped_after(
    town: Town, kind: str, carried_out: bool
) -> None:
    await town.server.act(town.parent, "start")
    await town.server.fault("sendMessage", kind)
    with pytest.raises(httpx.TransportError):
        await town.bot.call("sendMessage", chat_id=town.parent, text="Hello")
    assert await texts(town) == ["/start", "Hello"][: 1 + carried_out]
    call = (await town.server.calls())[-1]
    assert (call["status"], call["description"]) == (0, "the connection was dropped")


@pytest.mark.parametrize(("kind", "carried_out"), [("hold", False), ("hold_after", True)])
async def test_a_held_call_waits_for_the_release(town: Town, kind: str, carried_out: bool) -> None:
    await town.server.act(town.parent, "start")
    await town.server.fault("sendMessage", kind)
    since = await last(town)
    call = asyncio.create_task(town.bot.do("sendMessage", chat_id=town.parent, text="Hello"))
    held = await town.server.wait_call("sendMessage", since=since)
    assert (held["held"], held["status"]) == (True, None)
    assert await texts(town) == ["/start", "Hello"][: 1 + carried_out]
    await town.server.release()
    assert (await call)["text"] == "Hello"
    assert await texts(town) == ["/start", "Hello"]


async def test_a_timeout_holds_the_answer_until_the_faults_are_cleared(town: Town) -> None:
    await town.server.fault("getMe", "timeout")
    call = asyncio.create_task(town.bot.do("getMe"))
    assert (await town.server.wait_call("getMe"))["held"]
    await town.server.release()
    assert not call.done()
    await town.server.clear_faults()
    assert (await call)["is_bot"]


async def test_a_call_whose_client_goes_away_ends_without_effect(town: Town) -> None:
    await town.server.act(town.parent, "start")
    await town.server.fault("sendMessage", "timeout")
    address = f"{town.server.base_url}{town.server.token}/sendMessage"
    with pytest.raises(httpx.ReadTimeout):
        await town.bot.http.post(address, json={"chat_id": town.parent, "text": "Hello"}, timeout=0.1)
    ended = await town.server.wait_call("sendMessage", finished=True)
    assert (ended["status"], ended["description"]) == (0, "the connection was closed")
    assert await texts(town) == ["/start"]


async def test_cleared_faults_do_nothing(town: Town) -> None:
    await town.server.fault("getMe", "500", times=5)
    await town.server.clear_faults()
    await town.bot.do("getMe")
