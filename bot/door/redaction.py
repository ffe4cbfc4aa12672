"""Every kind of update rebuilt from an allow-list: what is not named here does not get in.

Pure. People keep their id, groups their id, type and title; words stay only where `bot/door/words.py` allows it. An
update of a kind that the bot does not handle keeps its number alone.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.door.words import (
    Grants,
    Json,
    command_words,
    hides_words,
    may_read,
    may_read_answered,
    may_read_quote,
    number,
    own_words,
    private_words,
    quoted_words,
    table,
    text,
)
from bot.rendering.messages import HANDLE_PREFIX

_CHAT_TYPES = frozenset({"private", "group", "supergroup", "channel"})
_MEMBER_STATUSES = frozenset({"creator", "administrator", "member", "restricted", "left", "kicked"})
_RIGHT = re.compile(r"(?:can|is)_[a-z_]{1,60}")
_PRESSED = re.compile(re.escape(HANDLE_PREFIX) + r"[A-Za-z0-9_-]{1,62}")
_NUMBERS = ("message_thread_id", "edit_date", "migrate_to_chat_id", "migrate_from_chat_id")
_TRUTHS = (
    "is_topic_message",
    "is_automatic_forward",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "delete_chat_photo",
)
_EVENTS = (
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
)


def kind_of(raw: Json) -> str:
    """The kind of an update: the name of its one field beside its number, or an empty string."""
    return next((name for name in raw if name != "update_id"), "")


def redact(raw: Json, grants: Grants) -> dict[str, Any]:
    """What may be kept of an update, in the form in which Telegram sent it."""
    kind = kind_of(raw)
    rebuild = _KINDS.get(kind)
    number_alone = {"update_id": raw["update_id"]}
    return number_alone | {kind: rebuild(table(raw[kind]), grants)} if rebuild else number_alone


def lane_of(raw: Json) -> int:
    """The chat that an update belongs to (or, without one, the account): its order is kept there."""
    what = table(raw.get(kind_of(raw)))
    chat = table(what.get("chat")) or table(table(what.get("message")).get("chat"))
    for place in (chat, table(what.get("from"))):
        found = number(place.get("id"))
        if found is not None:
            return found
    return 0


def _message(message: Json, grants: Grants) -> dict[str, Any]:
    kept = _structure(message)
    if table(message.get("chat")).get("type") == "private":
        return kept | private_words(message, grants)
    command = command_words(message, grants.username)
    if command and not (hides_words(message) and may_read(message, grants)):
        return kept | command
    return kept | _readable(message, grants)


def _edited(message: Json, grants: Grants) -> dict[str, Any]:
    kept = _structure(message)
    # A command or an answer counts as it was sent first; only what a group reads is read again.
    if table(message.get("chat")).get("type") == "private":
        return kept
    return kept | _readable(message, grants)


def _readable(message: Json, grants: Grants) -> dict[str, Any]:
    """The words of a consenting author; what they answer is needed only then, and by its own author's consent."""
    if not may_read(message, grants):
        return {}
    kept = own_words(message)
    if may_read_answered(message, grants):
        answered = message["reply_to_message"]
        kept["reply_to_message"] = _outline(answered) | own_words(answered)
    if may_read_quote(message, grants):
        kept |= quoted_words(message)
    return kept


def _outline(message: Json) -> dict[str, Any]:
    """Which message, whose, when and where; nothing of what it says."""
    kept: dict[str, Any] = {
        "message_id": number(message.get("message_id")) or 0,
        "date": number(message.get("date")) or 0,
        "chat": _nameless_chat(message.get("chat")),
    }
    if table(message.get("from")):
        kept["from"] = _user(message["from"])
    if table(message.get("sender_chat")):
        kept["sender_chat"] = _nameless_chat(message["sender_chat"])
    if table(message.get("forward_origin")):
        kept["forward_origin"] = _origin(message["forward_origin"])
    return kept


def _structure(message: Json) -> dict[str, Any]:
    kept = _outline(message) | {"chat": _chat(message.get("chat"))}
    kept |= {name: message[name] for name in _NUMBERS if number(message.get(name)) is not None}
    kept |= {name: True for name in _TRUTHS if message.get(name) is True}
    kept |= {name: {} for name in _EVENTS if name in message}
    kept |= {name: _user(message[name]) for name in ("left_chat_member", "via_bot") if table(message.get(name))}
    if isinstance(message.get("new_chat_members"), list):
        kept["new_chat_members"] = [_user(member) for member in message["new_chat_members"]]
    if "forum_topic_created" in message:
        kept["forum_topic_created"] = {"name": "", "icon_color": 0}
    for name in ("reply_to_message", "pinned_message"):
        if table(message.get(name)):
            kept[name] = _outline(message[name])
    if table(message.get("external_reply")):
        kept["external_reply"] = _external_reply(message["external_reply"])
    return kept


def _external_reply(reply: Json) -> dict[str, Any]:
    kept: dict[str, Any] = {"origin": _origin(reply.get("origin"))}
    if table(reply.get("chat")):
        kept["chat"] = _nameless_chat(reply["chat"])
    if number(reply.get("message_id")) is not None:
        kept["message_id"] = reply["message_id"]
    return kept


def _origin(value: object) -> dict[str, Any]:
    """Where a forward comes from, as far as ids tell; anything but a known account counts as hidden."""
    origin = table(value)
    kept: dict[str, Any] = {"date": number(origin.get("date")) or 0}
    if origin.get("type") == "user":
        return kept | {"type": "user", "sender_user": _user(origin.get("sender_user"))}
    return kept | {"type": "hidden_user", "sender_user_name": ""}


def _user(value: object) -> dict[str, Any]:
    user = table(value)
    return {"id": number(user.get("id")) or 0, "is_bot": user.get("is_bot") is True, "first_name": ""}


def _chat(value: object) -> dict[str, Any]:
    kept = _nameless_chat(value)
    title = text(table(value).get("title"))
    if title and kept["type"] in {"group", "supergroup"}:
        kept["title"] = title
    return kept


def _nameless_chat(value: object) -> dict[str, Any]:
    """A chat by its id and type: the title of one that somebody writes as may be a person's name or words."""
    chat = table(value)
    kind = chat.get("type")
    kept: dict[str, Any] = {"id": number(chat.get("id")) or 0, "type": kind if kind in _CHAT_TYPES else "private"}
    return kept | ({"is_forum": True} if chat.get("is_forum") is True else {})


def _callback_query(query: Json, _grants: Grants) -> dict[str, Any]:
    kept: dict[str, Any] = {
        # Digits, and needed as they are to answer the press.
        "id": query["id"] if text(query.get("id")).isdecimal() else "",
        "from": _user(query.get("from")),
        "chat_instance": "",
    }
    if table(query.get("message")):
        kept["message"] = _outline(query["message"])
    if _PRESSED.fullmatch(text(query.get("data"))):
        kept["data"] = query["data"]
    return kept


def _member_update(update: Json, _grants: Grants) -> dict[str, Any]:
    return {
        "chat": _chat(update.get("chat")),
        "from": _user(update.get("from")),
        "date": number(update.get("date")) or 0,
        "old_chat_member": _member(update.get("old_chat_member")),
        "new_chat_member": _member(update.get("new_chat_member")),
        **{name: True for name in ("via_join_request", "via_chat_folder_invite_link") if update.get(name) is True},
        **_invite_link(update.get("invite_link")),
    }


def _member(value: object) -> dict[str, Any]:
    member = table(value)
    status = member.get("status")
    return {
        "user": _user(member.get("user")),
        "status": status if status in _MEMBER_STATUSES else "left",
        **{name: held for name, held in member.items() if isinstance(held, bool) and _RIGHT.fullmatch(name)},
        **({"until_date": member["until_date"]} if number(member.get("until_date")) is not None else {}),
    }


def _join_request(request: Json, _grants: Grants) -> dict[str, Any]:
    return {
        "chat": _chat(request.get("chat")),
        "from": _user(request.get("from")),
        "user_chat_id": number(request.get("user_chat_id")) or 0,
        "date": number(request.get("date")) or 0,
        **_invite_link(request.get("invite_link")),
    }


def _invite_link(value: object) -> dict[str, Any]:
    """Who made the link and what kind it is; the link itself and its name are not needed."""
    link = table(value)
    if not link:
        return {}
    kinds = ("creates_join_request", "is_primary", "is_revoked")
    return {
        "invite_link": {
            "invite_link": "",
            "creator": _user(link.get("creator")),
            **{name: link.get(name) is True for name in kinds},
        }
    }


_KINDS: Mapping[str, Callable[[Json, Grants], dict[str, Any]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _callback_query,
    "my_chat_member": _member_update,
    "chat_member": _member_update,
    "chat_join_request": _join_request,
}
