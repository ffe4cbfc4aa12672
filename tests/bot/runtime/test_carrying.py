"""From the outbox to Telegram: in order within a chat, as often as it takes, and once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from telegram.error import NetworkError, TimedOut

from bot.runtime import carrying
from bot.runtime.backoff import Backoff
from bot.runtime.carrying import Carrier
from bot.runtime.performing import perform
from bot.services import Services
from moderation.effects import DeleteMessage, Effect, Pin, Revise, SetPermissions, Tell, TellGroup
from moderation.records import Group, Person
from storage.errors import DatabaseUnavailable
from storage.outbox import REFUSED, SENT, WAITING
from storage.store import Store, Transaction
from tests.support.scripted_telegram import Answer, ScriptedTelegram
from tests.support.services import StandingClock

HELLO = Tell(7, "help.staff")


async def queue(services: Services, *effects: Effect) -> None:
    """Queue effects under the keys "0", "1" and so on."""
    async with services.transaction("queue") as tx:
        for key, effect in enumerate(effects):
            await tx.outbox.put(effect, key=str(key))


async def status(services: Services, key: str = "0") -> str:
    async with services.store.transaction("look", services.clock.now()) as tx:
        outcome = await tx.outbox.outcome(key)
    assert outcome is not None
    return outcome.status


@asynccontextmanager
async def carrying_out(services: Services) -> AsyncIterator[Carrier]:
    carrier = Carrier(services)
    task = asyncio.create_task(carrier.run())
    try:
        yield carrier
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await carrier.finish()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await true():  # noqa: ASYNC110 - the state is in the database
            await asyncio.sleep(0.01)


async def carried(services: Services, *keys: str, as_: str = SENT) -> None:
    """Carry out until these keys have that status."""
    async with carrying_out(services):
        await settled(services, *keys, as_=as_)


async def settled(services: Services, *keys: str, as_: str = SENT) -> None:
    """Wait until these keys have that status."""

    async def all_are() -> bool:
        return all([await status(services, key) == as_ for key in keys])

    await until(all_are)


async def test_a_message_is_sent_once_and_its_id_kept(services: Services, telegram: ScriptedTelegram) -> None:
    await queue(services, HELLO)
    await carried(services, "0")
    assert len(telegram.named("sendMessage")) == 1
    async with services.transaction("look") as tx:
        outcome = await tx.outbox.outcome("0")
    assert outcome is not None
    assert outcome.sent_message_id == 55


async def test_effects_of_one_chat_go_in_order(services: Services, telegram: ScriptedTelegram) -> None:
    await queue(services, *(DeleteMessage(-1001, number) for number in range(20)))
    await carried(services, "19")
    assert [call["message_id"] for call in telegram.named("deleteMessage")] == list(range(20))


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(code=429, description="Too Many Requests: retry after 3", parameters={"retry_after": 3}),
        Answer(code=502, description="Bad Gateway"),
        Answer(code=500, description="Internal Server Error"),
        Answer(code=401, description="Unauthorized"),
        Answer(code=404, description="Not Found"),
        TimedOut(),
        NetworkError("the connection was dropped"),
    ],
    ids=["429", "502", "500", "401", "404", "timeout", "dropped"],
)
async def test_trouble_on_telegrams_side_is_waited_for(
    services: Services, telegram: ScriptedTelegram, clock: StandingClock, trouble: Answer | Exception
) -> None:
    telegram.next("sendMessage", trouble)
    await queue(services, HELLO, replace(HELLO, text="help.headteacher"))
    async with carrying_out(services):

        async def tried() -> bool:
            async with services.store.transaction("look", clock.now()) as tx:
                return not await tx.outbox.due()

        # Neither the one that failed nor the one behind it is due now.
        await until(tried)
        assert len(telegram.named("sendMessage")) == 1
        clock.advance(seconds=4)
        await settled(services, "0", "1")
    assert ["For you" in call["text"] for call in telegram.named("sendMessage")] == [False, False, True]


async def test_a_chat_that_has_to_wait_delays_no_other(services: Services, telegram: ScriptedTelegram) -> None:
    telegram.next("sendMessage", TimedOut())
    await queue(services, HELLO)
    async with carrying_out(services):
        await until(lambda: _called(telegram, "sendMessage"))
        await queue(services, HELLO, DeleteMessage(-1001, 5))
        await settled(services, "1")
    assert await status(services) == WAITING


async def _called(telegram: ScriptedTelegram, method: str) -> bool:
    return bool(telegram.named(method))


async def test_a_person_who_blocked_the_bot_is_marked_and_the_effect_refused(
    services: Services, telegram: ScriptedTelegram, head: Person
) -> None:
    telegram.next("sendMessage", Answer(code=403, description="Forbidden: bot was blocked by the user"))
    await queue(services, HELLO)
    await carried(services, "0", as_=REFUSED)
    async with services.transaction("look") as tx:
        assert (await tx.people.get(head.id)).bot_blocked


@pytest.mark.parametrize(
    ("effect", "method", "description"),
    [
        (DeleteMessage(-1001, 5), "deleteMessage", "Bad Request: message to delete not found"),
        (SetPermissions(-1001, {}), "setChatPermissions", "Bad Request: CHAT_NOT_MODIFIED message is not modified"),
    ],
)
async def test_what_has_happened_already_counts_as_done(
    services: Services, telegram: ScriptedTelegram, effect: Effect, method: str, description: str
) -> None:
    telegram.next(method, Answer(code=400, description=description))
    await queue(services, effect)
    await carried(services, "0")


async def test_a_refusal_is_kept_with_telegrams_words(services: Services, telegram: ScriptedTelegram) -> None:
    telegram.next("setChatPermissions", Answer(code=400, description="Bad Request: not enough rights"))
    await queue(services, SetPermissions(-1001, {}))
    await carried(services, "0", as_=REFUSED)
    async with services.transaction("look") as tx:
        outcome = await tx.outbox.outcome("0")
    assert outcome is not None
    assert outcome.refusal.lower() == "not enough rights"


async def test_a_group_that_moved_is_followed(services: Services, telegram: ScriptedTelegram, group: Group) -> None:
    moved = Answer(code=400, description="Bad Request: group chat was upgraded", parameters={"migrate_to_chat_id": -55})
    telegram.next("deleteMessage", moved)
    await queue(services, DeleteMessage(group.chat_id, 5))
    await carried(services, "0")
    assert [call["chat_id"] for call in telegram.named("deleteMessage")] == [group.chat_id, -55]
    async with services.transaction("look") as tx:
        assert (await tx.groups.get(group.id)).chat_id == -55


async def test_a_group_that_nobody_knows_moves_its_effects_too(services: Services, telegram: ScriptedTelegram) -> None:
    moved = Answer(code=400, description="Bad Request: group chat was upgraded", parameters={"migrate_to_chat_id": -55})
    telegram.next("sendMessage", moved)
    await queue(services, TellGroup(-9, "help.staff"))
    await carried(services, "0")
    assert telegram.named("sendMessage")[-1]["chat_id"] == -55


async def test_what_cannot_be_rendered_is_given_up_in_the_end_and_its_words_not_logged(
    services: Services, clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    await queue(services, Tell(7, "no.such_text", {"name": "private words"}))

    async def given_up() -> bool:
        clock.advance(minutes=1)
        return await status(services) == REFUSED

    async with carrying_out(services):
        await until(given_up)
    assert "private words" not in caplog.text


@pytest.mark.parametrize("effect", [Pin(-1001, sent="never"), Revise("never", 7, "help.staff")])
async def test_a_message_that_was_never_sent_cannot_be_pinned_or_edited(services: Services, effect: Effect) -> None:
    await queue(services, effect)
    await carried(services, "0", as_=REFUSED)


class FullDisk:
    """A store in which transactions of one name fail for a while."""

    def __init__(self, store: Store, name: str, times: int) -> None:
        self.store, self.name, self.times = store, name, times

    @asynccontextmanager
    async def transaction(self, name: str, now: datetime) -> AsyncIterator[Transaction]:
        if name == self.name and self.times:
            self.times -= 1
            raise DatabaseUnavailable("database or disk is full")
        async with self.store.transaction(name, now) as tx:
            yield tx


@pytest.mark.parametrize("name", ["carried", "carry", "postpone"])
async def test_a_full_disk_repeats_no_message_and_ends_nothing(
    services: Services,
    telegram: ScriptedTelegram,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(Backoff, "next", lambda _self: 0.01)
    full = replace(services, store=FullDisk(services.store, name, 2))  # type: ignore[arg-type]  # what is used of a store
    if name == "postpone":
        telegram.next("sendMessage", Answer(code=502, description="Bad Gateway"))
    await queue(services, HELLO)

    async def sent() -> bool:
        clock.advance(seconds=1)
        return await status(services) == SENT

    async with carrying_out(full):
        await until(sent)
    assert len(telegram.named("sendMessage")) == (2 if name == "postpone" else 1)


async def test_a_database_that_is_away_while_an_alert_is_rendered_costs_no_try(
    services: Services, clock: StandingClock
) -> None:
    away = replace(services, store=FullDisk(services.store, "sent id", 2))  # type: ignore[arg-type]  # what is used of a store
    await queue(services, HELLO, Revise("0", 7, "help.headteacher"))
    async with services.transaction("after a long outage") as tx:
        for _ in range(10):
            await tx.outbox.postpone(2, timedelta())
    async with carrying_out(away):
        await settled(services, "0", "1")


async def test_a_follow_up_that_fails_does_not_send_again(
    services: Services, telegram: ScriptedTelegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing(*_: object, **__: object) -> None:
        raise KeyError("private words")

    monkeypatch.setattr(carrying, "follow_up", failing)
    await queue(services, HELLO)
    await carried(services, "0")
    assert len(telegram.named("sendMessage")) == 1
    assert "private words" not in caplog.text


async def test_a_clean_stop_waits_for_telegrams_answer(services: Services) -> None:
    answered, asked = asyncio.Event(), asyncio.Event()

    async def slow(*_: object, **__: object) -> object:
        asked.set()
        await answered.wait()
        return await perform(*_, **__)  # type: ignore[arg-type]  # handed on as it came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carrying, "perform", slow)
        await queue(services, HELLO, replace(HELLO, text="help.parent"))
        carrier = Carrier(services)
        task = asyncio.create_task(carrier.run())
        await asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        finishing = asyncio.create_task(carrier.finish())
        await asyncio.sleep(0)
        assert not finishing.done()
        answered.set()
        await finishing
    assert await status(services, "0") == SENT
    assert await status(services, "1") == WAITING


async def test_a_stop_does_not_wait_for_ever(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def never(*_: object) -> object:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(carrying, "perform", never)
    monkeypatch.setattr(carrying, "_LAST_SECONDS", 0.05)
    await queue(services, HELLO)
    async with carrying_out(services):
        await asked.wait()
    assert await status(services) == WAITING
