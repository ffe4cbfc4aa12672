"""What a person does with the bot alone: start it, press its buttons, follow its links, block it."""

import re
from typing import Any

from bot.rehearsal import render
from bot.rehearsal.acts.joining import open_invite
from bot.rehearsal.manners import chat_seen, post_seen
from bot.rehearsal.membership import is_in
from bot.rehearsal.posting import publish, tell_bot, written
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Chat, Json, Member, Post, Query, World

_LINK = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/(?P<path>[^?#]+)(?:\?(?P<query>[^#]*))?")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def start(world: World, user: int, params: Json) -> Json:
    """`{payload?}`: press Start, which sends `/start` with the payload of the link."""
    payload = params.get("payload")
    if payload is not None and not _PAYLOAD.fullmatch(payload):
        raise NotAllowed("A start link carries 1 to 64 letters, digits, _ and -.", 400)
    chat = world.private(user)
    if chat.blocked:
        # Telegram shows Restart, which unblocks.
        unblock_bot(world, user, {})
    chat.started = True
    text = f"/start {payload}" if payload else "/start"
    return {"chat": user, "message": publish(world, chat, user, written(text)).id}


def open_link(world: World, user: int, params: Json) -> Json:
    """`{link}`: a start link of the bot (`?start=`), or an invite link (`t.me/+`)."""
    match = _LINK.fullmatch(str(params.get("link", "")).strip())
    if match is None:
        raise NotAllowed("This is not a link that Telegram opens.", 400)
    path, query = match["path"].rstrip("/"), match["query"] or ""
    if path.startswith(("+", "joinchat/")):
        return open_invite(world, user, match.group())
    if path.lower() != (world.bot.username or "").lower():
        raise NotAllowed("Nobody has this name.", 404)
    payload = next((part[6:] for part in query.split("&") if part.startswith("start=")), None)
    return start(world, user, {"payload": payload} if payload is not None else {})


def block_bot(world: World, user: int, _: Json) -> Json:
    """The bot can write no more, and is told so."""
    chat = world.private(user)
    if chat.blocked:
        raise NotAllowed("You have blocked the bot already.", 400)
    _my_status(world, chat, Member("member"), Member("kicked"))
    chat.blocked = True
    world.changes.bump()
    return {}


def unblock_bot(world: World, user: int, _: Json) -> Json:
    """The bot can write again, if it could before."""
    chat = world.private(user)
    if not chat.blocked:
        raise NotAllowed("You have not blocked the bot.", 400)
    chat.blocked = False
    _my_status(world, chat, Member("kicked"), Member("member"))
    world.changes.bump()
    return {}


def _my_status(world: World, chat: Chat, old: Member, new: Member) -> None:
    content = {
        "chat": render.chat(world, chat),
        "from": render.user(world.people[chat.id]),
        "date": world.clock.timestamp(),
        "old_chat_member": render.member_as(world.bot, old),
        "new_chat_member": render.member_as(world.bot, new),
    }
    tell_bot(world, "my_chat_member", content)


def press(world: World, user: int, params: Json) -> Json:
    """`{chat, message, data|label, stale?}` -> `{query}`; waits for nothing.

    With ``stale`` the button need not be there any more, nor the message: the phone shows what was there
    when it last looked.
    """
    chat = chat_seen(world, params.get("chat"), user)
    stale = bool(params.get("stale"))
    if stale and params.get("message") not in chat.posts and (chat.id == user or is_in(world, chat, user)):
        message = render.inaccessible(world, chat, params["message"])
        data = params.get("data")
    else:
        post = post_seen(world, chat, user, params.get("message"))
        message = render.post(world, post)
        data = params.get("data") if stale else _button(post, params)
    if not isinstance(data, str):
        raise NotAllowed("There is no such button on this message.", 404)
    query = Query(str(4000000000000000 + next(world.serial)), user, world.clock.timestamp())
    world.queries[query.id] = query
    content = {
        "id": query.id,
        "from": render.user(world.people[user]),
        "message": message,
        "chat_instance": str(abs(chat.id) * 31),
        "data": data,
    }
    tell_bot(world, "callback_query", content)
    world.changes.bump()
    return {"query": query.id}


def _button(post: Post, params: Json) -> str | None:
    for row in (post.markup or {}).get("inline_keyboard", []):
        for button in row:
            wanted = params.get("data") is None or button.get("callback_data") == params["data"]
            named = params.get("label") is None or button["text"] == params["label"]
            if wanted and named and "callback_data" in button:
                return str(button["callback_data"])
    return None


def query_answer(world: World, user: int, params: Json) -> Json | None:
    """`{id}` -> the bot's answer to a press (`text`, `show_alert`), or None if there is none yet."""
    query = world.queries.get(params.get("id", ""))
    if query is None or query.user != user:
        raise NotAllowed("There is no such press.", 404)
    return query.answer


ACTS: dict[str, Any] = {
    "start": start,
    "open": open_link,
    "block_bot": block_bot,
    "unblock_bot": unblock_bot,
    "press": press,
    "query": query_answer,
}
