"""What one person sees on the phone, and what Telegram would now let them and the bot do."""

from typing import Any

from bot.rehearsal.escape import to_html
from bot.rehearsal.manners import SENDS, abilities, is_mine
from bot.rehearsal.membership import PRESENT, is_admin, is_in
from bot.rehearsal.menus import menu
from bot.rehearsal.sayings import service_text
from bot.rehearsal.world import ANONYMOUS_ID, Chat, Json, Post, World


def state(world: World, user: int | None) -> Json:
    """Everything that the page shows while one plays ``user`` (None: the people only)."""
    known = user in world.people and user is not None
    return {
        "now": world.clock.timestamp(),
        "offset": world.clock.offset,
        "seq": world.changes.seq,
        "bot": {
            "id": world.bot.id,
            "name": world.bot.name,
            "username": world.bot.username,
            "running": world.updates.running,
            "privacy_mode": world.privacy_mode,
            "pending_updates": len(world.updates.pending),
            "commands": world.commands.get("default///", []),
        },
        "people": [_person(world, person.id) for person in world.humans()],
        "me": _me(world, user) if known and user is not None else None,
    }


def _person(world: World, user: int) -> Json:
    person = world.people[user]
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "role_label": person.role_label,
        "note": person.note,
        "letter": person.letter,
        "letter_note": person.letter_note,
        "unread": sum(_unread(world, chat, user) for chat in _chats(world, user)),
    }


def _me(world: World, user: int) -> Json:
    return {"id": user, "name": world.people[user].name, "chats": [_chat(world, c, user) for c in _chats(world, user)]}


def _chats(world: World, user: int) -> list[Chat]:
    """The private chat with the bot first, then the groups that the person is, was or wants to be in."""
    groups = [
        chat
        for chat in world.chats.values()
        if chat.type in ("group", "supergroup")
        and chat.migrated_to is None
        and (user in chat.members or user in chat.requests)
    ]
    return [world.private(user), *groups]


def _unread(world: World, chat: Chat, user: int) -> int:
    if chat.type != "private" and not is_in(world, chat, user):
        return 0
    last = chat.read.get(user, 0)
    return sum(post.id > last and not is_mine(world, post, user) for post in chat.posts.values())


def _chat(world: World, chat: Chat, user: int) -> Json:
    private = chat.type == "private"
    inside = private or is_in(world, chat, user)
    member = world.member(chat, user)
    shown: Json = {
        "id": chat.id,
        "type": chat.type,
        "title": world.bot.name if private else chat.title,
        "unread": _unread(world, chat, user),
        "can": abilities(world, chat, user),
        "commands": menu(world, chat, user),
        "membership": "member" if private else member.status,
        "in_chat": inside,
        "rights": member.rights if member.status in ("creator", "administrator") else {},
        "anonymous": member.anonymous,
        "join_request_pending": user in chat.requests,
        "started": chat.started,
        "blocked": chat.blocked,
        "pinned": [number for number in chat.pinned if number in chat.posts],
        "messages": [_post(world, chat, post, user) for post in chat.posts.values()] if inside else [],
    }
    return shown if private else shown | _group(world, chat, user, inside=inside)


def _group(world: World, chat: Chat, user: int, *, inside: bool) -> Json:
    bot = world.member(chat, world.bot.id)
    admin = is_admin(world, chat, user)
    return {
        "permissions": dict(chat.permissions),
        "is_closed": not any(chat.permissions.get(name) for name in SENDS.values()),
        "forum": chat.forum,
        "approve_new": chat.approve_new,
        "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in chat.topics.values()],
        "bot": {
            "status": bot.status,
            "rights": dict(bot.rights) if bot.status == "administrator" else {},
        },
        "members": _members(world, chat) if inside else [],
        "invite_links": _links(world, chat) if admin else [],
        "join_requests": [
            {"user": r.user, "name": world.people[r.user].name, "date": r.date} for r in chat.requests.values()
        ]
        if admin
        else [],
    }


def _members(world: World, chat: Chat) -> list[Json]:
    shown = []
    for user in list(chat.members):
        member = world.member(chat, user)
        if member.status in PRESENT and is_in(world, chat, user):
            person = world.people[user]
            shown.append(
                {
                    "id": user,
                    "name": person.name,
                    "status": member.status,
                    "is_bot": person.is_bot,
                    "anonymous": member.anonymous,
                    "rights": member.rights if member.status == "administrator" else {},
                }
            )
    return shown


def _links(world: World, chat: Chat) -> list[Json]:
    return [
        {
            "link": link.url,
            "by": world.people[link.creator].name,
            "requests": link.requests or chat.approve_new,
            "primary": link.primary,
            "revoked": link.revoked,
            "name": link.name,
        }
        for link in chat.links
    ]


def sender(world: World, chat: Chat, post: Post) -> Json:
    """Who a message is from, as others see it."""
    if post.sender_chat is not None:
        name = world.chats[post.sender_chat].title
        return {"id": post.sender_chat, "name": name, "is_bot": False, "anonymous": post.sender == ANONYMOUS_ID}
    person = world.people[post.sender]
    return {"id": person.id, "name": person.name, "is_bot": person.is_bot, "anonymous": False}


def _post(world: World, chat: Chat, post: Post, user: int) -> Json:
    content = post.content
    text = content.get("text", "")
    caption = content.get("caption")
    return {
        "id": post.id,
        "from": sender(world, chat, post),
        "mine": is_mine(world, post, user),
        "date": post.date,
        "text": text,
        "html": to_html(text, content.get("entities", [])),
        "caption": caption,
        "caption_html": to_html(caption or "", content.get("caption_entities", [])),
        "kind": next((k for k in (*SENDS, "contact", "location") if k in content), "text"),
        "photo": f"/control/file/{content['photo'][-1]['file_id']}" if "photo" in content else None,
        "poll": content.get("poll"),
        "reply_to": _snippet(world, chat, post.reply_to),
        "quote": (post.quote or {}).get("text"),
        "forwarded_from": _origin(post.origin),
        "edited": post.edited is not None,
        "protected": post.protected,
        "pinned": post.id in chat.pinned,
        "topic": post.topic,
        "service": service_text(world, chat, post) if post.service else None,
        "buttons": _buttons(post),
    }


def _snippet(world: World, chat: Chat, number: int | None) -> Json | None:
    answered = chat.posts.get(number or 0)
    if answered is None:
        return None
    words = answered.content.get("text") or answered.content.get("caption") or ""
    return {"id": answered.id, "name": sender(world, chat, answered)["name"], "text": words[:120]}


def _origin(origin: Json | None) -> str | None:
    if origin is None:
        return None
    if origin["type"] == "user":
        who = origin["sender_user"]
        return " ".join(part for part in (who["first_name"], who.get("last_name")) if part)
    return str((origin.get("chat") or origin.get("sender_chat") or {}).get("title", ""))


def _buttons(post: Post) -> list[list[dict[str, Any]]]:
    rows = (post.markup or {}).get("inline_keyboard", [])
    return [[{"text": b["text"], "data": b.get("callback_data"), "url": b.get("url")} for b in row] for row in rows]
