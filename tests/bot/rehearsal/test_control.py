"""The control interface itself: clock, waiting, events, the bot's process, the page."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.server import serve
from bot.rehearsal.world import World
from tests.support.raw_bot import Town
from tests.support.rehearsal import TOKEN, chat_in


async def test_the_clock_moves_forward_and_is_written_for_the_bot(town: Town) -> None:
    before = (await town.bot.http.get(f"{town.server.url}/control/clock")).json()
    assert before["offset"] == 0
    await town.server.advance(3600)
    after = (await town.bot.http.get(f"{town.server.url}/control/clock")).json()
    assert after["offset"] == 3600
    assert after["now"] >= before["now"] + 3600
    assert float(town.server.clock_path.read_text("ascii")) == 3600


@pytest.mark.parametrize("seconds", [-1, "soon", None, 1e12])
async def test_the_clock_does_not_go_back(town: Town, seconds: object) -> None:
    answer = await town.bot.http.post(f"{town.server.url}/control/clock", json={"advance": seconds})
    assert answer.status_code == 400
    assert "forward only" in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("act", "{", "not JSON"),
        ("act", "[]", "JSON object"),
        ("act", '{"as": "head", "do": "start"}', "An act needs"),
        ("world", '{"weather": 1}', "no weather"),
        ("world", '{"users": [{"id": "x", "name": "y"}]}', "A user has"),
        ("world", '{"limits": {"height": 1}}', "no limit called height"),
        ("letters", '{"letters": {"5": {}}}', "nobody of that number"),
        ("faults", '{"method": "getMe"}', "A fault has"),
        ("faults", '{"method": "getMe", "kind": "flood"}', "no kind of fault"),
        ("bot", '{"do": "stop"}', "not started from here"),
    ],
)
async def test_unsound_requests_are_refused_in_plain_english(town: Town, path: str, body: str, reason: str) -> None:
    answer = await town.bot.http.post(f"{town.server.url}/control/{path}", content=body)
    assert 400 <= answer.status_code < 500
    assert reason in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "status"), [("state?as=5", 404), ("state?as=x", 400), ("wait?seq=x", 400), ("file/none", 404)]
)
async def test_unsound_addresses_are_refused(town: Town, path: str, status: int) -> None:
    answer = await town.bot.http.get(f"{town.server.url}/control/{path}")
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_the_state_without_a_person_shows_the_people(town: Town) -> None:
    state = (await town.bot.http.get(f"{town.server.url}/control/state")).json()
    assert [person["name"] for person in state["people"]] == ["Helen Marsh", "Priya Shah", "Tom Wicks"]
    assert state["me"] is None
    assert state["bot"]["process"] is None


async def test_letters_are_shown_to_whom_they_were_sent(town: Town) -> None:
    letter = {"link": "https://t.me/schoolgate_rehearsal_bot?start=abc", "note": "From the office"}
    await town.bot.http.post(f"{town.server.url}/control/letters", json={"letters": {str(town.head): letter}})
    person = (await town.server.state(town.head))["people"][0]
    assert (person["letter"], person["letter_note"]) == (letter["link"], letter["note"])
    with pytest.raises(LookupError):
        chat_in(await town.server.state(town.head), -1)


async def test_waiting_ends_with_the_next_change(town: Town) -> None:
    seq = (await town.server.state(town.parent))["seq"]
    waiting = asyncio.create_task(town.bot.http.get(f"{town.server.url}/control/wait?seq={seq}&timeout=20"))
    await town.server.act(town.parent, "start")
    assert (await waiting).json()["seq"] > seq
    now = (await town.server.state(town.parent))["seq"]
    idle = await town.bot.http.get(f"{town.server.url}/control/wait?seq={now}&timeout=0.05")
    assert idle.json()["seq"] == now


async def test_events_tell_of_each_change(town: Town) -> None:
    async with town.bot.http.stream("GET", f"{town.server.url}/control/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        lines = stream.aiter_lines()
        first = int((await anext(lines)).removeprefix("data: "))
        assert await anext(lines) == ""
        await town.server.act(town.parent, "start")
        assert int((await anext(lines)).removeprefix("data: ")) > first


async def test_a_press_or_a_state_that_never_comes_times_out(town: Town) -> None:
    chat = await town.group()
    keyboard = {"inline_keyboard": [[{"text": "Ok", "callback_data": "ok"}]]}
    sent = await town.bot.do("sendMessage", chat_id=chat, text="?", reply_markup=keyboard)
    query = await town.server.press(town.parent, chat, sent["message_id"], "Ok")
    with pytest.raises(TimeoutError):
        await town.server.answer_to(town.parent, query, timeout=0.05)
    with pytest.raises(TimeoutError):
        await town.server.wait_until(lambda state: False, town.parent, timeout=0.05)
    with pytest.raises(TimeoutError):
        await town.server.wait_call("sendPhoto", timeout=0.05)


async def test_the_journal_shows_calls_with_their_answers(town: Town) -> None:
    await town.bot.do("getMe")
    await town.bot.refused("sendMessage", chat_id=town.parent, text="Hello")
    first, second = await town.server.calls()
    assert (first["n"], first["method"], first["status"]) == (1, "getMe", 200)
    assert second["params"] == {"chat_id": town.parent, "text": "Hello"}
    assert second["description"] == "Forbidden: bot can't initiate conversation with a user"
    assert await town.server.calls(since=1, method="getMe") == []


class Process:
    """A bot's process that only remembers what was asked of it."""

    running = True

    async def start(self) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False


async def test_the_bots_process_can_be_stopped_and_started(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    serving = await serve(World(clock), clock=clock, token=TOKEN, process=Process())
    assert serving.base_url == f"http://127.0.0.1:{serving.port}/bot"
    async with httpx.AsyncClient(base_url=serving.url) as http:
        for do, running in (("stop", False), ("start", True)):
            assert (await http.post("/control/bot", json={"do": do})).json() == {"running": running}
            assert (await http.get("/control/state")).json()["bot"]["process"] is running
        assert (await http.post("/control/bot", json={"do": "dance"})).status_code == 400
    await serving.close()


async def test_the_page_is_served_and_may_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Oakfield</h1>", "utf-8")
    (tmp_path / "app.js").write_text("1;", "utf-8")
    clock = RehearsalClock(tmp_path / "clock")
    serving = await serve(World(clock), clock=clock, token=TOKEN, page=tmp_path)
    async with httpx.AsyncClient(base_url=serving.url) as http:
        front = await http.get("/")
        assert front.text == "<h1>Oakfield</h1>"
        assert front.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert (await http.get("/static/app.js")).text == "1;"
    await serving.close()


async def test_the_server_listens_on_loopback_only(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    with pytest.raises(ValueError, match="loopback"):
        await serve(World(clock), host="192.0.2.1", clock=clock, token=TOKEN)


async def test_a_port_that_is_taken_is_an_error(tmp_path: Path, town: Town) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    taken = int(town.server.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        await serve(World(clock), port=taken, clock=clock, token=TOKEN)


async def test_a_world_can_be_joined_by_people_with_roles(town: Town) -> None:
    who = {"id": 104, "name": "Ann Lee", "username": "annlee", "role_label": "Chair", "note": "Hears appeals"}
    await town.bot.http.post(f"{town.server.url}/control/world", json={"users": [who]})
    shown = (await town.server.state(104))["people"][-1]
    assert {key: shown[key] for key in who} == who
    await town.server.act(104, "start")
    assert json.dumps(await town.bot.updates()).count('"annlee"') == 2
