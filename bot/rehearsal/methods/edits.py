"""Changing messages that are there: edits, pins, answers to presses of buttons."""

from typing import Any

from bot.rehearsal import render
from bot.rehearsal.membership import is_admin
from bot.rehearsal.methods.messages import text_content
from bot.rehearsal.posting import announce
from bot.rehearsal.refused import bad, forbidden
from bot.rehearsal.rules import QUERY_WINDOW, inside, keyboard, own_post
from bot.rehearsal.world import Chat, Json, Post, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(world: World, params: Json) -> Json:
    """Another text and keyboard for one of the bot's own messages; no keyboard given means none."""
    chat, post = _target(world, params)
    if "text" not in post.content:
        raise bad("there is no text in the message to edit")
    return _apply(world, chat, post, text_content(params), keyboard(params.get("reply_markup")))


def edit_message_reply_markup(world: World, params: Json) -> Json:
    """Another keyboard, or none."""
    chat, post = _target(world, params)
    return _apply(world, chat, post, post.content, keyboard(params.get("reply_markup")))


def _target(world: World, params: Json) -> tuple[Chat, Post]:
    if "chat_id" not in params or "message_id" not in params:
        raise bad("message identifier is not specified")
    chat = inside(world, params["chat_id"])
    if chat.type == "private" and chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat, own_post(world, chat, params["message_id"])


def _apply(world: World, chat: Chat, post: Post, content: Json, markup: Json | None) -> Json:
    markup = markup if markup and markup.get("inline_keyboard") else None
    if content == post.content and markup == post.markup:
        raise bad(NOT_MODIFIED)
    if content != post.content:
        post.edited = world.clock.timestamp()
    post.content, post.markup = content, markup
    world.changes.bump()
    return render.post(world, chat.posts[post.id])


def pin_chat_message(world: World, params: Json) -> bool:
    """Pin a message; in groups the bot needs `can_pin_messages`."""
    chat = _pinnable(world, params)
    message = params["message_id"]
    if message not in chat.posts:
        raise bad("message to pin not found")
    pin(world, chat, world.bot.id, message)
    return True


def pin(world: World, chat: Chat, actor: int, message: int) -> None:
    """Put a message at the top of the pinned ones, with the service message."""
    if message in chat.pinned:
        chat.pinned.remove(message)
    chat.pinned.append(message)
    announce(world, chat, actor, pinned_message=message)


def unpin_chat_message(world: World, params: Json) -> bool:
    """Unpin a message, or the latest pinned one."""
    chat = _pinnable(world, params)
    message = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(message)
    world.changes.bump()
    return True


def _pinnable(world: World, params: Json) -> Chat:
    chat = inside(world, params["chat_id"])
    if chat.type != "private" and not is_admin(world, chat, world.bot.id, "can_pin_messages"):
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat


def answer_callback_query(world: World, params: Json) -> bool:
    """Answer a press of a button: once, within about a minute, with at most 200 characters."""
    query = world.queries.get(params["callback_query_id"])
    late = query is None or query.answer is not None or world.clock.timestamp() - query.date > QUERY_WINDOW
    if query is None or late:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = params.get("text", "")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": bool(params.get("show_alert"))}
    world.changes.bump()
    return True


METHODS: dict[str, Any] = {
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "answerCallbackQuery": answer_callback_query,
}
