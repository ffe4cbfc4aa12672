"""Invite links: https://core.telegram.org/bots/api#createchatinvitelink and its kin."""

import hashlib
from typing import Any

from bot.rehearsal import render
from bot.rehearsal.refused import bad
from bot.rehearsal.rules import group_with
from bot.rehearsal.world import Chat, Json, Link, World


def new_link(world: World, chat: Chat, creator: int, **about: Any) -> Link:
    """Add a link to ``chat``; ``about`` are fields of Link."""
    digest = hashlib.sha256(f"{chat.id}/{next(world.serial)}".encode()).hexdigest()
    link = Link(f"https://t.me/+{digest[:16]}", creator, **about)
    chat.links.append(link)
    world.changes.bump()
    return link


def create_chat_invite_link(world: World, params: Json) -> Json:
    """Another link of the bot's own."""
    chat = _may_invite(world, params)
    return render.link(world, new_link(world, chat, world.bot.id, **_wishes(params)), reader=world.bot.id)


def edit_chat_invite_link(world: World, params: Json) -> Json:
    """Change one of the bot's own links, not its primary one."""
    link = _own(world, _may_invite(world, params), params["invite_link"])
    if link.primary or link.revoked:
        raise bad("INVITE_HASH_EXPIRED")
    for name, value in _wishes(params).items():
        setattr(link, name, value)
    world.changes.bump()
    return render.link(world, link, reader=world.bot.id)


def revoke_chat_invite_link(world: World, params: Json) -> Json:
    """Make one of the bot's own links useless; a primary one is replaced."""
    chat = _may_invite(world, params)
    link = _own(world, chat, params["invite_link"])
    link.revoked = True
    if link.primary:
        new_link(world, chat, world.bot.id, primary=True)
    world.changes.bump()
    return render.link(world, link, reader=world.bot.id)


def export_chat_invite_link(world: World, params: Json) -> str:
    """A new primary link of the bot's own; the earlier one, its own alone, is revoked."""
    chat = _may_invite(world, params)
    for link in chat.links:
        if link.creator == world.bot.id and link.primary:
            link.revoked = True
    return new_link(world, chat, world.bot.id, primary=True).url


def _may_invite(world: World, params: Json) -> Chat:
    return group_with(world, params["chat_id"], "can_invite_users", "manage chat invite link")


def _own(world: World, chat: Chat, url: str) -> Link:
    for link in chat.links:
        if link.url == url and link.creator == world.bot.id:
            return link
    raise bad("INVITE_HASH_INVALID")


def _wishes(params: Json) -> Json:
    if params.get("creates_join_request") and params.get("member_limit"):
        raise bad("member limit can't be specified for links requiring administrator approval")
    name = params.get("name")
    if name is not None and len(name) > 32:
        raise bad("INVITE_LINK_NAME_TOO_LONG")
    return {
        "name": name,
        "expires": int(params.get("expire_date", 0)),
        "member_limit": params.get("member_limit", 0),
        "requests": bool(params.get("creates_join_request")),
    }


METHODS: dict[str, Any] = {
    "createChatInviteLink": create_chat_invite_link,
    "editChatInviteLink": edit_chat_invite_link,
    "revokeChatInviteLink": revoke_chat_invite_link,
    "exportChatInviteLink": export_chat_invite_link,
}
