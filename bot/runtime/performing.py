"""One effect, one call to Telegram."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import ChatPermissions
from telegram.error import BadRequest

from bot.rendering.alerts import render_alert
from bot.rendering.messages import Outgoing, render
from bot.services import Services
from moderation.effects import (
    Alert,
    AnswerJoin,
    DeleteMessage,
    Effect,
    LeaveChat,
    MakeJoinLink,
    Pin,
    Revise,
    ReviseAlert,
    RevokeLink,
    SetPermissions,
    SwitchTopic,
    Tell,
    TellGroup,
)


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of an effect: Telegram's message id, what it answered, or why it refused."""

    message_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    refusal: str = ""
    blocked: bool = False


async def perform(effect: Effect, services: Services) -> Carried:
    """Carry one effect out.

    Raises:
        telegram.error.TelegramError: Telegram refused, or could not be reached.
    """
    return await _PERFORMERS[type(effect)](effect, services)


async def _tell(effect: Tell | TellGroup, services: Services) -> Carried:
    chat_id = effect.to if isinstance(effect, Tell) else effect.chat_id
    return await _send(chat_id, render(effect, services.texts), services)


async def _alert(effect: Alert, services: Services) -> Carried:
    return await _send(effect.to, await render_alert(effect, services), services)


async def _send(chat_id: int, message: Outgoing, services: Services) -> Carried:
    sent = await services.bot.send_message(
        chat_id,
        message.text,
        parse_mode="HTML",
        reply_markup=message.keyboard,
        protect_content=message.protect,
        disable_web_page_preview=True,
    )
    return Carried(sent.message_id)


async def _revise(effect: Revise, services: Services) -> Carried:
    return await _edit(effect, render(effect, services.texts), services)


async def _revise_alert(effect: ReviseAlert, services: Services) -> Carried:
    return await _edit(effect, await render_alert(effect, services), services)


async def _edit(effect: Revise | ReviseAlert, message: Outgoing, services: Services) -> Carried:
    message_id = await _sent_id(effect.sent, services)
    await services.bot.edit_message_text(
        message.text,
        effect.to,
        message_id,
        parse_mode="HTML",
        reply_markup=message.keyboard,
        disable_web_page_preview=True,
    )
    return Carried(message_id)


async def _pin(effect: Pin, services: Services) -> Carried:
    message_id = await _sent_id(effect.sent, services)
    if effect.pinned:
        await services.bot.pin_chat_message(effect.chat_id, message_id, disable_notification=False)
    else:
        await services.bot.unpin_chat_message(effect.chat_id, message_id)
    return Carried(message_id)


async def _sent_id(key: str, services: Services) -> int:
    async with services.store.transaction("sent id", services.clock.now()) as tx:
        outcome = await tx.outbox.outcome(key)
    if outcome is None or outcome.sent_message_id is None:
        raise BadRequest("message to edit not found")
    return outcome.sent_message_id


async def _delete(effect: DeleteMessage, services: Services) -> Carried:
    await services.bot.delete_message(effect.chat_id, effect.message_id)
    return Carried()


async def _answer_join(effect: AnswerJoin, services: Services) -> Carried:
    answer = services.bot.approve_chat_join_request if effect.approve else services.bot.decline_chat_join_request
    await answer(effect.chat_id, effect.telegram_id)
    return Carried()


async def _set_permissions(effect: SetPermissions, services: Services) -> Carried:
    # A server may speak a newer Bot API: a permission that this library does not know goes through as it is.
    known = {name: allowed for name, allowed in effect.permissions.items() if name in ChatPermissions.__slots__}
    newer = {name: allowed for name, allowed in effect.permissions.items() if name not in known}
    permissions = ChatPermissions(api_kwargs=newer, **known)
    await services.bot.set_chat_permissions(effect.chat_id, permissions, use_independent_chat_permissions=True)
    return Carried()


async def _switch_topic(effect: SwitchTopic, services: Services) -> Carried:
    bot = services.bot
    if effect.thread_id == 0:
        await (bot.reopen_general_forum_topic if effect.open else bot.close_general_forum_topic)(effect.chat_id)
    else:
        switch = bot.reopen_forum_topic if effect.open else bot.close_forum_topic
        await switch(effect.chat_id, effect.thread_id)
    return Carried()


async def _make_join_link(effect: MakeJoinLink, services: Services) -> Carried:
    link = await services.bot.create_chat_invite_link(effect.chat_id, name="Schoolgate", creates_join_request=True)
    return Carried(data={"link": link.invite_link})


async def _revoke_link(effect: RevokeLink, services: Services) -> Carried:
    if effect.link:
        await services.bot.revoke_chat_invite_link(effect.chat_id, effect.link)
        return Carried()
    return Carried(data={"link": await services.bot.export_chat_invite_link(effect.chat_id)})


async def _leave(effect: LeaveChat, services: Services) -> Carried:
    await services.bot.leave_chat(effect.chat_id)
    return Carried()


_PERFORMERS: Mapping[type[Any], Callable[[Any, Services], Awaitable[Carried]]] = {
    Tell: _tell,
    TellGroup: _tell,
    Alert: _alert,
    Revise: _revise,
    ReviseAlert: _revise_alert,
    Pin: _pin,
    DeleteMessage: _delete,
    AnswerJoin: _answer_join,
    SetPermissions: _set_permissions,
    SwitchTopic: _switch_topic,
    MakeJoinLink: _make_join_link,
    RevokeLink: _revoke_link,
    LeaveChat: _leave,
}
