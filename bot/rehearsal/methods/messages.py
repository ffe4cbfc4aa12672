"""Sending and deleting messages: https://core.telegram.org/bots/api#sendmessage and its kin."""

from typing import Any

from bot.rehearsal import media, render
from bot.rehearsal.entities import read_text, units
from bot.rehearsal.posting import publish, quoted
from bot.rehearsal.refused import bad
from bot.rehearsal.rules import deletable, inside, keyboard, topic_open, within_limits, writable
from bot.rehearsal.world import Chat, Json, World

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
#: Parameters that the rehearsal takes, although nothing here looks different for them.
QUIET = frozenset({"disable_notification", "link_preview_options", "disable_content_type_detection"})
SENDING = frozenset(
    {
        "chat_id",
        "message_thread_id",
        "parse_mode",
        "protect_content",
        "reply_parameters",
        "reply_markup",
        *QUIET,
    }
)


def send_message(world: World, params: Json) -> Json:
    """A text of 1 to 4,096 UTF-16 units after its markup is read."""
    _only(params, SENDING | {"text", "entities"})
    chat = writable(world, params["chat_id"])
    return _send(world, chat, params, text_content(params))


def text_content(params: Json) -> Json:
    """Text and entities of a call. Refused (400) if there is no text or too much."""
    text, entities = read_text(params["text"], params.get("parse_mode"), params.get("entities"))
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(params: Json) -> Json:
    """Caption and its entities, at most 1,024 UTF-16 units."""
    text, entities = read_text(params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities"))
    if units(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    given: Json = {"caption": text} if text else {}
    return given | ({"caption_entities": entities} if entities else {})


def send_photo(world: World, params: Json) -> Json:
    """A photo that was uploaded with the call, or sent before (file_id)."""
    _only(params, SENDING | {"photo", "caption", "caption_entities"})
    chat = writable(world, params["chat_id"], "can_send_photos")
    stored = media.find(world, params["photo"])
    return _send(world, chat, params, media.photo(stored) | caption_content(params))


def send_document(world: World, params: Json) -> Json:
    """A document that was uploaded with the call, or sent before (file_id)."""
    _only(params, SENDING | {"document", "caption", "caption_entities"})
    chat = writable(world, params["chat_id"], "can_send_documents")
    stored = media.find(world, params["document"])
    return _send(world, chat, params, media.document(stored) | caption_content(params))


def _only(params: Json, known: frozenset[str]) -> None:
    # Silence would let a test pass that Telegram would answer otherwise.
    for name in params.keys() - known:
        raise bad(f"the rehearsal does not carry out parameter {name}")


def _send(world: World, chat: Chat, params: Json, content: Json) -> Json:
    thread = params.get("message_thread_id")
    topic_open(world, chat, thread)
    reply = _reply(world, chat, params.get("reply_parameters"))
    markup = keyboard(params.get("reply_markup"))
    within_limits(world, chat)
    inline = markup if markup and "inline_keyboard" in markup else None
    post = publish(
        world,
        chat,
        world.bot.id,
        content,
        markup=inline,
        topic=thread,
        protected=bool(params.get("protect_content")),
        **reply,
    )
    return render.post(world, post)


def _reply(world: World, chat: Chat, asked: Json | None) -> Json:
    if asked is None:
        return {}
    if asked.get("chat_id", chat.id) != chat.id:
        raise bad("the rehearsal does not carry out replies across chats")
    target = asked["message_id"]
    if target not in chat.posts:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    given: Json = {"reply_to": target}
    if "quote" in asked:
        text, _ = read_text(asked["quote"], asked.get("quote_parse_mode"), asked.get("quote_entities"))
        given["quote"] = quoted(world, chat, target, text)
        if given["quote"] is None:
            raise bad("QUOTE_TEXT_INVALID")
    return given


def delete_message(world: World, params: Json) -> bool:
    """Delete one message less than 48 hours old."""
    chat = inside(world, params["chat_id"])
    post = deletable(world, chat, params["message_id"])
    remove(world, chat, post.id)
    return True


def delete_messages(world: World, params: Json) -> bool:
    """Delete up to 100 messages; those that are not there are skipped."""
    chat = inside(world, params["chat_id"])
    wanted = params["message_ids"]
    if not 1 <= len(wanted) <= 100:
        raise bad("wrong number of message identifiers specified")
    found = [deletable(world, chat, number) for number in wanted if number in chat.posts]
    for post in found:
        remove(world, chat, post.id)
    return True


def remove(world: World, chat: Chat, message_id: int) -> None:
    """Take a message away; Telegram tells no bot of it."""
    del chat.posts[message_id]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    world.changes.bump()


def send_chat_action(world: World, params: Json) -> bool:
    """Shows "typing..."; not drawn here, but refused where a message would be."""
    writable(world, params["chat_id"])
    return True


METHODS: dict[str, Any] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
