"""What the carrier does when the disk is full, when what follows fails, and when it is told to stop."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.runtime import carrying
from bot.runtime.backoff import Backoff
from bot.runtime.carrying import Carrier
from bot.runtime.performing import perform
from bot.services import Services
from moderation.effects import Revise
from storage.outbox import SENT, WAITING
from tests.support.full_disk import FullDisk
from tests.support.outbox_at_work import HELLO, carried, carrying_out, queue, settled, status, until
from tests.support.scripted_telegram import Answer, ScriptedTelegram
from tests.support.services import StandingClock


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
