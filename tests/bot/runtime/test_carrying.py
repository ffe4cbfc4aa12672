"""From the outbox to Telegram: in order within a chat, as often as it takes, and once."""

from dataclasses import replace

import pytest
from telegram.error import NetworkError, TimedOut

from bot.services import Services
from moderation.effects import DeleteMessage, Effect, Pin, Revise, SetPermissions, Tell, TellGroup
from moderation.records import Group, Person
from storage.outbox import REFUSED, WAITING
from tests.support.outbox_at_work import HELLO, carried, carrying_out, queue, settled, status, until
from tests.support.scripted_telegram import Answer, ScriptedTelegram
from tests.support.services import StandingClock


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
