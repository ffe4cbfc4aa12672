"""One effect, one call to Telegram."""

from typing import Any

import pytest

from bot.runtime.performing import Carried, perform
from bot.services import Services
from moderation.effects import (
    KINDS,
    AnswerJoin,
    DeleteMessage,
    Effect,
    LeaveChat,
    MakeJoinLink,
    Pin,
    Press,
    Revise,
    RevokeLink,
    SetPermissions,
    SwitchTopic,
    Tell,
    TellGroup,
)
from tests.support.scripted_telegram import ScriptedTelegram

CASES: list[tuple[Effect, str, dict[str, Any]]] = [
    (Tell(7, "help.staff", protect=True), "sendMessage", {"chat_id": 7, "protect_content": True}),
    (TellGroup(-1001, "help.staff"), "sendMessage", {"chat_id": -1001, "protect_content": False}),
    (Revise("sent", 7, "help.staff"), "editMessageText", {"chat_id": 7, "message_id": 55}),
    (Pin(-1001, "sent"), "pinChatMessage", {"chat_id": -1001, "message_id": 55}),
    (Pin(-1001, "sent", pinned=False), "unpinChatMessage", {"chat_id": -1001, "message_id": 55}),
    (DeleteMessage(-1001, 9), "deleteMessage", {"chat_id": -1001, "message_id": 9}),
    (AnswerJoin(-1001, 7, approve=True), "approveChatJoinRequest", {"chat_id": -1001, "user_id": 7}),
    (AnswerJoin(-1001, 7, approve=False), "declineChatJoinRequest", {"chat_id": -1001, "user_id": 7}),
    (
        SetPermissions(-1001, {"can_send_messages": False}),
        "setChatPermissions",
        {"use_independent_chat_permissions": True, "permissions": {"can_send_messages": False}},
    ),
    (SwitchTopic(-1001, 3, open=False), "closeForumTopic", {"message_thread_id": 3}),
    (SwitchTopic(-1001, 3, open=True), "reopenForumTopic", {"message_thread_id": 3}),
    (SwitchTopic(-1001, 0, open=False), "closeGeneralForumTopic", {"chat_id": -1001}),
    (SwitchTopic(-1001, 0, open=True), "reopenGeneralForumTopic", {"chat_id": -1001}),
    (MakeJoinLink(-1001, "g"), "createChatInviteLink", {"creates_join_request": True}),
    (RevokeLink(-1001), "exportChatInviteLink", {"chat_id": -1001}),
    (LeaveChat(-1001), "leaveChat", {"chat_id": -1001}),
]


@pytest.mark.parametrize(("effect", "method", "params"), CASES, ids=lambda value: getattr(value, "__name__", None))
async def test_an_effect_becomes_one_call(
    services: Services, telegram: ScriptedTelegram, effect: Effect, method: str, params: dict[str, Any]
) -> None:
    async with services.transaction("sent before") as tx:
        await tx.outbox.put(Tell(7, "help.staff"), key="sent")
        await tx.outbox.sent((await tx.outbox.due())[0].id, 55)
    await perform(effect, services)
    ((name, given),) = telegram.calls
    assert name == method
    for key, value in params.items():
        assert given.get(key, False) == value


async def test_links_that_telegram_made_come_back(services: Services) -> None:
    assert await perform(MakeJoinLink(-1001, "g"), services) == Carried(data={"link": "https://t.me/+made"})
    assert await perform(RevokeLink(-1001), services) == Carried(data={"link": "https://t.me/+renewed"})


async def test_a_link_of_ours_is_ended_by_its_address(services: Services, telegram: ScriptedTelegram) -> None:
    telegram.next("revokeChatInviteLink", _answer_of_a_link())
    await perform(RevokeLink(-1001, "https://t.me/+ours"), services)
    assert telegram.named("revokeChatInviteLink")[0]["invite_link"] == "https://t.me/+ours"


async def test_buttons_carry_their_handle(services: Services, telegram: ScriptedTelegram) -> None:
    async with services.transaction("queue") as tx:
        rows = ((Press("buttons.used", action="decide"), Press("buttons.used", url="https://oakfield.example")),)
        await tx.outbox.put(Tell(7, "help.staff", rows=rows), key="a")
        (queued,) = await tx.outbox.due()
    await perform(queued.effect, services)
    ((first, second),) = telegram.named("sendMessage")[0]["reply_markup"]["inline_keyboard"]
    assert len(first["callback_data"]) <= 64
    assert first["callback_data"].startswith("h:")
    assert second["url"] == "https://oakfield.example"


def test_every_kind_of_effect_can_be_carried_out() -> None:
    from bot.runtime.performing import _PERFORMERS

    assert set(_PERFORMERS) == set(KINDS.values())


def _answer_of_a_link() -> Any:
    from tests.support.scripted_telegram import Answer

    return Answer(
        {
            "invite_link": "https://t.me/+ours",
            "creator": {"id": 1, "is_bot": True, "first_name": "Bot"},
            "creates_join_request": True,
            "is_primary": False,
            "is_revoked": True,
        }
    )
