"""Putting a message into a chat, and deciding whether the bot hears of it."""

from typing import Any

from bot.rehearsal import render
from bot.rehearsal.entities import find_entities, units
from bot.rehearsal.models import check_update
from bot.rehearsal.world import ANONYMOUS_ID, Chat, Json, Post, World


def tell_bot(world: World, kind: str, content: Json) -> None:
    """Queue an update for the bot, if it wants its kind; it is checked against the Bot API's model."""
    check_update({"update_id": 0, kind: content})
    world.updates.push(kind, content)


def publish(world: World, chat: Chat, sender: int, content: Json, **about: Any) -> Post:
    """Put a new message into ``chat`` and tell the bot, if Telegram would; ``about`` are fields of Post."""
    post = Post(world.next_message_id(chat), chat.id, world.clock.timestamp(), sender, content, **about)
    member = world.member(chat, sender)
    if member.anonymous and member.status in ("creator", "administrator"):
        post.sender, post.sender_chat = ANONYMOUS_ID, chat.id
    chat.posts[post.id] = post
    chat.read[sender] = post.id
    if bot_sees(world, chat, post):
        tell_bot(world, "message", render.post(world, post))
    world.changes.bump()
    return post


def announce(world: World, chat: Chat, actor: int, **content: Any) -> Post:
    """Put a service message into ``chat``."""
    return publish(world, chat, actor, content, service=True)


def bot_sees(world: World, chat: Chat, post: Post) -> bool:
    """Whether Telegram sends the bot an update of this message.

    Not its own (service messages apart), not other bots', and with privacy mode on, in a group where it is
    no administrator, only commands to it, replies to it and service messages
    (https://core.telegram.org/bots/features#privacy-mode).
    """
    if post.sender == world.bot.id and not post.service:
        return False
    if chat.type == "private":
        return not chat.blocked
    status = world.member(chat, world.bot.id).status
    if status not in ("creator", "administrator", "member", "restricted"):
        return False
    if world.people[post.sender].is_bot and post.sender not in (ANONYMOUS_ID, world.bot.id):
        return False
    free = status in ("creator", "administrator") or not world.privacy_mode
    return free or post.service or _addressed(world, chat, post)


def _addressed(world: World, chat: Chat, post: Post) -> bool:
    answered = chat.posts.get(post.reply_to or 0)
    if answered is not None and answered.sender == world.bot.id:
        return True
    text = post.content.get("text", "")
    encoded = text.encode("utf-16-le")
    for entity in post.content.get("entities", []):
        if entity["type"] == "bot_command":
            end = entity["offset"] + entity["length"]
            command = encoded[entity["offset"] * 2 : end * 2].decode("utf-16-le")
            name = command.partition("@")[2]
            if name.lower() == (world.bot.username or "").lower() or (not name and _spoke(world, chat)):
                return True
    return False


def _spoke(world: World, chat: Chat) -> bool:
    return any(post.sender == world.bot.id and not post.service for post in chat.posts.values())


def written(text: str) -> Json:
    """The content of a text message that a person wrote."""
    text = text.strip()
    entities = find_entities(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def captioned(content: Json, caption: str | None) -> Json:
    """``content`` with what a person wrote below it."""
    if not caption:
        return content
    given = written(caption)
    marks = {"caption_entities": given["entities"]} if "entities" in given else {}
    return content | {"caption": given["text"]} | marks


def quoted(world: World, chat: Chat, reply_to: int, quote: str) -> Json | None:
    """A TextQuote of part of the message answered, or None if it does not hold those words."""
    source = chat.posts[reply_to].content
    text = source.get("text") or source.get("caption") or ""
    at = text.find(quote)
    return None if at < 0 else {"text": quote, "position": units(text[:at]), "is_manual": True}


def edited(world: World, post: Post) -> None:
    """Mark a message as edited now and tell the bot, if it saw the message."""
    post.edited = world.clock.timestamp()
    touched(world, post)


def touched(world: World, post: Post) -> None:
    """Send the bot an `edited_message`, which Telegram does now and then without a change of text."""
    chat = world.chats[post.chat]
    if bot_sees(world, chat, post):
        content = render.post(world, post)
        content.setdefault("edit_date", world.clock.timestamp())
        tell_bot(world, "edited_message", content)
    world.changes.bump()


def origin(world: World, post: Post) -> Json:
    """The MessageOrigin of a forward of ``post``."""
    if post.origin is not None:
        return post.origin
    if post.sender_chat is not None:
        sender_chat = render.chat(world, world.chats[post.sender_chat])
        return {"type": "chat", "date": post.date, "sender_chat": sender_chat}
    return {"type": "user", "date": post.date, "sender_user": render.user(world.people[post.sender])}
