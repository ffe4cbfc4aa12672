"""From the inbox to the handlers: in order within a chat, chats side by side, and nothing stops the loop."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.runtime.dispatch import GIVE_UP, Dispatcher, PerChatProcessor, lane_of
from bot.services import AlreadyHandled, Services
from storage.inbox import Figures, Received
from tests.support.full_disk import FullDisk
from tests.support.scripted_telegram import ScriptedTelegram
from tests.support.services import StandingClock


def message(number: int, chat: int = 7, **more: Any) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1767268800, "chat": {"id": chat, "type": "private"}, **more},
    }


@dataclass
class Desk:
    """The dispatcher at work, with one handler that a test sets."""

    services: Services
    application: "Application[Any, Any, Any, Any, Any, Any]"
    handled: list[int] = field(default_factory=list)
    handle: Callable[[Update], Any] | None = None

    async def receive(self, *updates: dict[str, Any]) -> None:
        """Put updates into the inbox as the poll loop does."""
        async with self.services.transaction("receive") as tx:
            await tx.inbox.put(
                [Received(raw["update_id"], 7, "message", raw, self.services.clock.now()) for raw in updates]
            )
        self.services.inbox_ready.set()

    async def figures(self) -> Figures:
        """How the inbox stands."""
        async with self.services.store.transaction("look", self.services.clock.now()) as tx:
            return await tx.inbox.figures()

    async def emptied(self) -> None:
        """Wait until nothing waits any more."""
        async with asyncio.timeout(20):
            while (await self.figures()).waiting:  # noqa: ASYNC110 - the state is in the database
                await asyncio.sleep(0.01)


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[Desk]:
    application = (
        Application.builder()
        .token("1:test")
        .request(ScriptedTelegram())
        .get_updates_request(ScriptedTelegram())
        .updater(None)
        .concurrent_updates(PerChatProcessor())
        .build()
    )
    desk = Desk(services, application)

    async def handle(update: Update, _: object) -> None:
        if desk.handle is not None:
            await desk.handle(update)
        desk.handled.append(update.update_id)

    application.add_handler(TypeHandler(Update, handle))
    dispatcher = Dispatcher(services, application)
    application.add_error_handler(dispatcher.note_failure)
    async with application:
        task = asyncio.create_task(dispatcher.run())
        try:
            yield desk
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await dispatcher.finish()


async def test_updates_of_one_chat_stay_in_order_while_chats_run_side_by_side(services: Services) -> None:
    seen: defaultdict[int, list[int]] = defaultdict(list)
    running: set[int] = set()
    most = 0

    async def handle(update: Update) -> None:
        nonlocal most
        chat = lane_of(update)
        assert chat not in running
        running.add(chat)
        most = max(most, len(running))
        # The later ones would overtake if they could: each gives way fewer times than the one before.
        for _ in range(300 - update.update_id):
            await asyncio.sleep(0)
        seen[chat].append(update.update_id)
        running.discard(chat)

    async with working(services) as desk:
        desk.handle = handle
        await desk.receive(*(message(number, chat=number % 5 + 1) for number in range(1, 201)))
        await desk.emptied()
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert sum(map(len, seen.values())) == 200
    assert most > 1


async def test_an_update_that_fails_waits_and_is_tried_again(services: Services, clock: StandingClock) -> None:
    failures = 2

    async def handle(_: Update) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("private words")

    async with working(services) as desk:
        desk.handle = handle
        await desk.receive(message(1))
        async with asyncio.timeout(20):
            while not desk.handled:
                await asyncio.sleep(0.01)
                clock.advance(seconds=1)
        await desk.emptied()
    assert desk.handled == [1]
    assert failures == 0


async def test_an_update_that_fails_for_a_day_is_dropped_and_its_words_never_logged(
    services: Services, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def handle(_: Update) -> None:
        clock.time += GIVE_UP
        raise RuntimeError("private words")

    async with working(services) as desk:
        desk.handle = handle
        await desk.receive(message(1, text="private words"))
        await desk.emptied()
        assert (await desk.figures()).dropped == 1
    assert "private words" not in caplog.text
    assert "error=RuntimeError" in caplog.text


async def test_an_update_that_was_handled_before_is_no_failure(services: Services) -> None:
    async def handle(_: Update) -> None:
        raise AlreadyHandled

    async with working(services) as desk:
        desk.handle = handle
        await desk.receive(message(1))
        await desk.emptied()
        assert await desk.figures() == Figures(0, 0)


async def test_a_handler_commits_its_state_and_the_update_together(services: Services) -> None:
    async def handle(update: Update) -> None:
        async with services.handling(update, "test") as tx:
            await tx.meta.put("state", "changed")
        async with services.handling(update, "again"):
            pytest.fail("handled twice")

    async with working(services) as desk:
        desk.handle = handle
        await desk.receive(message(1))
        await desk.emptied()
    async with services.transaction("look") as tx:
        assert await tx.meta.get("state") == "changed"


@pytest.mark.parametrize(
    "poison",
    [
        {"update_id": 1},
        {"update_id": 1, "message": {"text": "no chat"}},
        {"update_id": 1, "message": {"message_id": 1, "date": "yesterday", "chat": {"id": 7, "type": "private"}}},
        {"update_id": 1, "message": []},
        {"update_id": 1, "something_new": {"deep": {"er": 1}}},
        {"update_id": 1, "callback_query": {"id": 5}},
    ],
    ids=lambda raw: json.dumps(raw)[:40],
)
async def test_a_poisonous_update_does_not_stop_the_next(
    services: Services, clock: StandingClock, poison: dict[str, Any]
) -> None:
    async with working(services) as desk:
        await desk.receive(poison, message(2))
        async with asyncio.timeout(20):
            while 2 not in desk.handled:  # noqa: ASYNC110 - the handler is run by the library
                await asyncio.sleep(0.01)
        clock.time += GIVE_UP
        await desk.emptied()


@pytest.mark.parametrize("name", ["dispatch", "settle"])
async def test_a_full_disk_loses_no_update(services: Services, name: str) -> None:
    full = replace(services, store=FullDisk(services.store, name, 2))  # type: ignore[arg-type]  # what is used of a store
    async with working(full) as desk:
        await desk.receive(message(1))
        await desk.emptied()
    assert 1 in desk.handled


def test_an_update_without_a_chat_belongs_to_who_sent_it() -> None:
    query = {"id": "1", "from": {"id": 9, "is_bot": False, "first_name": "x"}, "chat_instance": "1", "data": "h:1"}
    assert lane_of(Update.de_json({"update_id": 1, "callback_query": query}, None)) == 9
    assert lane_of(Update.de_json({"update_id": 1}, None)) == 0
    assert lane_of(Update.de_json(message(1, chat=4), None)) == 4
