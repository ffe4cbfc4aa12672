"""The bot as a process: it waits for Telegram, survives what Telegram does, repeats nothing, and ends cleanly."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.support.journey import HEAD, PARENT, TEACHER, Day, journey, pattern
from tests.support.rehearsal import Rehearsal


async def once(day: Day, *words: str, **extra: str) -> tuple[int, str]:
    """Run a command of its own beside the bot; its exit status and what it said."""
    done = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli.main",
        *words,
        cwd=day.folder,
        env={**day.environment, **extra},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await done.communicate()
    assert done.returncode is not None
    return done.returncode, said.decode()


async def helps(day: Day, name: str) -> int:
    """How many times a person has been shown the help for staff."""
    looks = pattern("help.staff")
    return sum(bool(looks.search(message["text"] or "")) for message in await day.letters(name))


def rows(day: Day, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{day.folder / 'schoolgate.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


async def test_it_waits_for_telegram_says_so_and_a_stop_ends_it_without_a_trace(tmp_path: Path) -> None:
    async with journey(tmp_path, start=False) as day:
        await day.rehearsal.fault("getMe", "drop", times=2)
        await day.start_bot()
        assert "Telegram cannot be reached" in day.log()
        await day.enrol(HEAD)
        await day.told(HEAD, "welcome.headteacher")
        await day.settled()
        assert rows(day, "SELECT count(*) FROM lock") == [(1,)]
        assert await day.stop_bot() == 0
        assert rows(day, "SELECT count(*) FROM lock") == [(0,)]
        log = day.log()
        assert "the bot has stopped" in log
        assert "Traceback" not in log
        assert "Warning" not in log
        assert day.rehearsal.token not in log
        # While it waits for Telegram it can be stopped as well.
        await day.rehearsal.fault("getMe", "502", times=50)
        status, said = await _stopped_while_waiting(day)
        assert status == 0, said
        assert "Traceback" not in said


async def _stopped_while_waiting(day: Day) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *day.command,
        cwd=day.folder,
        env=day.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = b""
    while b"cannot be reached" not in said:
        line = await process.stdout.readline()
        assert line, said.decode()
        said += line
    process.terminate()
    rest, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (said + rest).decode()


async def test_a_wrong_token_and_a_second_instance_are_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        status, said = await once(day, "run", SCHOOLGATE_TELEGRAM_TOKEN="7000000009:another-token")
        assert status == 1
        assert "Traceback" not in said
        assert "Telegram does not know this token" in said
        assert "another-token" not in said
        status, said = await once(day, "run")
        assert status == 1
        assert "Schoolgate already runs on this database" in said
        assert "Traceback" not in said
        await day.enrol(HEAD)
        await day.told(HEAD, "welcome.headteacher")
        status, said = await once(day, "doctor")
        assert "The bot is running." in said
        assert status == 1, "nobody who could stand in for the safeguarding lead has opened the bot yet"


async def test_another_poller_is_backed_off_from_and_the_headteacher_told_once(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.told(HEAD, "welcome.headteacher")
        await day.settled()
        for _ in range(2):
            since = (await day.rehearsal.calls())[-1]["n"]
            await _poll_beside(day)
            await day.rehearsal.wait_call("getUpdates", since=since)
        await day.told(HEAD, "running.conflict")
        await day.write_privately(HEAD, "/help")
        await day.told(HEAD, "help.headteacher")
        await day.settled()
        told = [m for m in await day.letters(HEAD) if pattern("running.conflict").search(m["text"] or "")]
        assert len(told) == 1
        assert "another program polls" in day.log()


async def _poll_beside(day: Day) -> None:
    """Poll once with the bot's token: Telegram ends the poll that was there first."""
    await day.rehearsal.wait_until(lambda state: state["bot"]["running"], day.id_of(HEAD))
    async with httpx.AsyncClient(timeout=10) as other:
        await other.get(f"{day.rehearsal.base_url}{day.rehearsal.token}/getUpdates", params={"offset": 0})


async def test_whatever_telegram_does_to_a_message_it_arrives_once(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(TEACHER)
        await day.told(TEACHER, "welcome.staff")
        await day.settled()
        for expected, (kind, more) in enumerate(
            (("429", {"retry_after": 1}), ("502", {"times": 2}), ("500", {}), ("drop", {}), ("timeout", {})), 1
        ):
            await day.rehearsal.fault("sendMessage", kind, chat_id=day.id_of(TEACHER), **more)
            await day.write_privately(TEACHER, "/help")
            await _helped(day, expected)
            await day.rehearsal.clear_faults()
            await day.settled()
            assert await helps(day, TEACHER) == expected, kind
        # Here Telegram gives no way to know whether the message went out: it may come twice, but never not at all.
        await day.rehearsal.fault("sendMessage", "drop_after", chat_id=day.id_of(TEACHER))
        await day.write_privately(TEACHER, "/help")
        await _helped(day, 7)
        await day.settled()
        assert await helps(day, TEACHER) == 7


async def _helped(day: Day, times: int) -> None:
    looks = pattern("help.staff")

    def shown(state: dict[str, Any]) -> bool:
        messages = next(chat for chat in state["me"]["chats"] if chat["id"] == day.id_of(TEACHER))["messages"]
        return sum(bool(looks.search(message["text"] or "")) for message in messages) >= times

    await day.rehearsal.wait_until(shown, day.id_of(TEACHER), timeout=60)


async def test_who_blocked_the_bot_is_remembered_and_poison_stops_nobody(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(TEACHER, PARENT)
        await day.told(TEACHER, "welcome.staff")
        await day.settled()
        refusal = "Forbidden: bot was blocked by the user"
        await day.rehearsal.fault("sendMessage", "403", chat_id=day.id_of(PARENT), description=refusal)
        await day.write_privately(PARENT, "/help")
        await day.rehearsal.wait_call("sendMessage")
        await day.settled()
        assert rows(day, "SELECT count(*) FROM outbox WHERE status = 'refused'") == [(1,)]
        assert rows(day, "SELECT telegram_id FROM person WHERE bot_blocked") == [(day.id_of(PARENT),)]
        await _poison(day.rehearsal, day.id_of(TEACHER))
        await day.write_privately(TEACHER, "/help")
        await day.told(TEACHER, "help.staff")
        assert "Traceback" not in day.log()
        assert "a poisonous word" not in day.log()


async def _poison(rehearsal: Rehearsal, user: int) -> None:
    """Updates of kinds, and with fields, that nobody knows, and some that are broken."""
    word = "a poisonous word"
    chat = {"id": user, "type": "private", "first_name": word}
    for update in (
        {},
        {"message": {"text": word}},
        {"message": {"message_id": "x", "date": word, "chat": chat, "text": word}},
        {"message": [word]},
        {"message": {"message_id": 5, "date": 1, "chat": {"id": word}, "text": word}},
        {"brand_new_kind": {"text": word, "deep": [{"er": word}]}},
        {"message": {"message_id": 6, "date": 1, "chat": chat, "brand_new_field": {"text": word}}},
        {"callback_query": {"id": word, "data": word}},
        {"my_chat_member": {"chat": chat}},
        {"chat_member": word},
        {"chat_join_request": {"chat": chat, "from": {"id": user}}},
        {"edited_message": None},
    ):
        await rehearsal.act(user, "raw_update", update=update)
