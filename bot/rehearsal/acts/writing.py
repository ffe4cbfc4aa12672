"""People write: messages of every kind, edits, deletions, forwards and pins."""

from typing import Any

from bot.rehearsal import media
from bot.rehearsal.entities import units
from bot.rehearsal.manners import chat_seen, is_mine, post_seen, require
from bot.rehearsal.membership import is_admin
from bot.rehearsal.methods.edits import pin as pin_post
from bot.rehearsal.methods.messages import remove
from bot.rehearsal.permissions import needed_for
from bot.rehearsal.posting import captioned, edited, origin, publish, quoted, touched, written
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Chat, Json, World


def _content(world: World, kind: str, params: Json) -> Json:
    if kind == "write":
        return written(params["text"])
    if kind == "poll":
        return {"poll": _poll(world, params)}
    if kind == "dice":
        return {"dice": {"emoji": "🎲", "value": 4}}
    if kind == "contact":
        return {"contact": {"phone_number": params.get("phone_number", "01632960000"), "first_name": params["name"]}}
    if kind == "location":
        return {"location": {"latitude": 51.75, "longitude": -1.25}}
    stored = _upload(world, kind)
    shape = {"photo": media.photo, "video": media.video, "document": media.document, "voice": media.voice}[kind]
    return captioned(shape(stored), params.get("caption"))


def _upload(world: World, kind: str) -> Any:
    mime, name = {
        "photo": ("image/png", "photo.png"),
        "video": ("video/mp4", "video.mp4"),
        "document": ("text/plain", "document.txt"),
        "voice": ("audio/ogg", "voice.ogg"),
    }[kind]
    data = media.picture(len(world.files)) if kind == "photo" else b"rehearsal"
    return media.store(world, data, mime, name)


def _poll(world: World, params: Json) -> Json:
    options = params["options"]
    if not 1 <= len(params["question"]) <= 300 or not 2 <= len(options) <= 12:
        raise NotAllowed("A poll has a question of at most 300 characters and 2 to 12 options.", 400)
    return {
        "id": str(5000000000 + next(world.serial)),
        "question": params["question"],
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(options, 1)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


def send(kind: str) -> Any:
    """The act of sending one kind of content: `{chat, text|caption|question..., reply_to?, quote?, topic?}`."""

    def act(world: World, user: int, params: Json) -> Json:
        chat = chat_seen(world, params.get("chat"), user)
        starting = chat.type == "private" and kind == "write" and str(params["text"]).startswith("/start")
        if not (starting and not chat.blocked):
            require(world, chat, user, {"contact": "write", "location": "write"}.get(kind, kind))
        content = _content(world, kind, params)
        _fits(content)
        if chat.type == "private":
            chat.started = True
        return {"message": publish(world, chat, user, content, **_placing(world, chat, user, params)).id}

    return act


def _fits(content: Json) -> None:
    if content.get("text") == "":
        raise NotAllowed("There is nothing to send.", 400)
    if units(content.get("text", "")) > 4096 or units(content.get("caption", "")) > 1024:
        raise NotAllowed("The text is too long for one message.", 400)


def _placing(world: World, chat: Chat, user: int, params: Json) -> Json:
    placing: Json = {}
    topic = params.get("topic")
    if topic is not None:
        if topic not in chat.topics:
            raise NotAllowed("There is no such topic.", 404)
        if chat.topics[topic].closed and not is_admin(world, chat, user, "can_manage_topics"):
            raise NotAllowed("This topic is closed.")
        placing["topic"] = topic
    reply = params.get("reply_to")
    if reply is not None:
        placing["reply_to"] = post_seen(world, chat, user, reply).id
        if params.get("quote"):
            placing["quote"] = quoted(world, chat, reply, params["quote"])
            if placing["quote"] is None:
                raise NotAllowed("The message does not hold the words quoted.", 400)
    return placing


def edit(world: World, user: int, params: Json) -> Json:
    """`{chat, message, text}`: one's own message, within 48 hours."""
    chat = chat_seen(world, params.get("chat"), user)
    post = post_seen(world, chat, user, params.get("message"))
    if not is_mine(world, post, user) or post.service or post.origin:
        raise NotAllowed("You can edit your own messages only.")
    if world.clock.timestamp() - post.date > 48 * 3600:
        raise NotAllowed("This message is too old to edit.")
    require(world, chat, user, "write")
    if "text" in post.content:
        content = written(params["text"])
    else:
        bare = {key: value for key, value in post.content.items() if not key.startswith("caption")}
        content = captioned(bare, params["text"])
    _fits(content)
    if content == post.content:
        raise NotAllowed("Nothing was changed.", 400)
    post.content = content
    edited(world, post)
    return {"message": post.id}


def touch(world: World, user: int, params: Json) -> Json:
    """`{chat, message}`: an `edited_message` without a change, which Telegram sends now and then."""
    chat = chat_seen(world, params.get("chat"), user)
    post = post_seen(world, chat, user, params.get("message"))
    touched(world, post)
    return {"message": post.id}


def delete(world: World, user: int, params: Json) -> Json:
    """`{chat, message}`: one's own, or with the right another's. The bot hears nothing of it."""
    chat = chat_seen(world, params.get("chat"), user)
    post = post_seen(world, chat, user, params.get("message"))
    if chat.type != "private" and not is_mine(world, post, user):
        require(world, chat, user, "delete")
    remove(world, chat, post.id)
    return {}


def forward(world: World, user: int, params: Json) -> Json:
    """`{from_chat, message, to_chat}`: not what is protected."""
    source = chat_seen(world, params.get("from_chat"), user)
    post = post_seen(world, source, user, params.get("message"))
    if post.protected:
        raise NotAllowed("This message is protected: it cannot be forwarded or saved.")
    if post.service:
        raise NotAllowed("This cannot be forwarded.")
    chat = chat_seen(world, params.get("to_chat"), user)
    needed = needed_for(post.content)
    what = {"can_send_messages": "write", "can_send_other_messages": "dice"}.get(needed)
    what = what or needed.removeprefix("can_send_").removesuffix("s").removesuffix("_note")
    require(world, chat, user, what)
    if chat.type == "private":
        chat.started = True
    return {"message": publish(world, chat, user, dict(post.content), origin=origin(world, post)).id}


def pin(world: World, user: int, params: Json) -> Json:
    """`{chat, message}`."""
    chat = chat_seen(world, params.get("chat"), user)
    post = post_seen(world, chat, user, params.get("message"))
    if chat.type != "private":
        require(world, chat, user, "pin")
    pin_post(world, chat, user, post.id)
    return {}


def read(world: World, user: int, params: Json) -> Json:
    """`{chat}`: everything here has been seen."""
    chat = chat_seen(world, params.get("chat"), user)
    newest = max(chat.posts, default=0)
    if chat.read.get(user, 0) < newest:
        chat.read[user] = newest
        world.changes.bump()
    return {}


ACTS: dict[str, Any] = {
    **{kind: send(kind) for kind in ("write", "photo", "video", "document", "voice", "poll")},
    **{f"send_{kind}": send(kind) for kind in ("dice", "contact", "location")},
    "edit": edit,
    "touch": touch,
    "delete": delete,
    "forward": forward,
    "pin": pin,
    "read": read,
}
