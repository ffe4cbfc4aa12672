"""People come and go: invite links, requests to join, and leaving."""

from typing import Any

from bot.rehearsal.manners import chat_seen, require
from bot.rehearsal.membership import ask_to_join, depart, enter, is_in
from bot.rehearsal.methods.links import new_link
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Chat, Json, Link, World


def open_invite(world: World, user: int, url: str) -> Json:
    """Follow an invite link: in, or a request to be let in."""
    tail = url.rpartition("/")[2]
    for chat in list(world.chats.values()):
        for link in chat.links:
            if link.url.rpartition("/")[2] == tail and chat.migrated_to is None:
                return _through(world, chat, user, link)
    raise NotAllowed("This invite link does not lead anywhere.", 404)


def _usable(world: World, link: Link) -> bool:
    expired = bool(link.expires) and link.expires <= world.clock.timestamp()
    full = bool(link.member_limit) and link.joined >= link.member_limit
    return not (link.revoked or expired or full)


def _through(world: World, chat: Chat, user: int, link: Link) -> Json:
    if is_in(world, chat, user):
        return {"chat": chat.id, "joined": True, "requested": False}
    if world.member(chat, user).status == "kicked":
        raise NotAllowed("You were removed from this group and cannot come back by a link.")
    if not _usable(world, link):
        raise NotAllowed("This invite link has expired.")
    if link.requests or chat.approve_new:
        if user in chat.requests:
            raise NotAllowed("You have asked to join already. An administrator has to approve it.", 400)
        ask_to_join(world, chat, user, link)
        return {"chat": chat.id, "joined": False, "requested": True}
    enter(world, chat, user, actor=user, link=link)
    return {"chat": chat.id, "joined": True, "requested": False}


def join(world: World, user: int, params: Json) -> Json:
    """`{chat}`: by the newest invite link of the group that works."""
    chat = chat_seen(world, params.get("chat"), user)
    usable = [link for link in chat.links if _usable(world, link)]
    if not usable:
        raise NotAllowed("There is no invite link to this group.")
    return _through(world, chat, user, usable[-1])


def leave(world: World, user: int, params: Json) -> Json:
    """`{chat}`."""
    chat = chat_seen(world, params.get("chat"), user)
    if chat.type == "private" or not is_in(world, chat, user):
        raise NotAllowed("You are not in this group.", 400)
    depart(world, chat, user, actor=user)
    return {}


def cancel_request(world: World, user: int, params: Json) -> Json:
    """`{chat}`: withdraw one's request to join; the bot hears nothing of it."""
    chat = chat_seen(world, params.get("chat"), user)
    if chat.requests.pop(user, None) is None:
        raise NotAllowed("You have not asked to join.", 400)
    world.changes.bump()
    return {}


def _requested(world: World, user: int, params: Json) -> tuple[Chat, int, Link | None]:
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "invite")
    request = chat.requests.get(params.get("user", 0))
    if request is None:
        raise NotAllowed("This person has not asked to join.", 404)
    return chat, request.user, request.link


def approve_request(world: World, user: int, params: Json) -> Json:
    """`{chat, user}`: a human administrator lets somebody in."""
    chat, who, link = _requested(world, user, params)
    enter(world, chat, who, actor=user, link=link, requested=True)
    return {}


def decline_request(world: World, user: int, params: Json) -> Json:
    """`{chat, user}`: a human administrator turns somebody down."""
    chat, who, _ = _requested(world, user, params)
    del chat.requests[who]
    world.changes.bump()
    return {}


def create_link(world: World, user: int, params: Json) -> Json:
    """`{chat, requests?, name?}` -> `{link}`: a person's own invite link."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "invite")
    link = new_link(world, chat, user, requests=bool(params.get("requests")), name=params.get("name"))
    return {"link": link.url}


def revoke_link(world: World, user: int, params: Json) -> Json:
    """`{chat, link}`: one's own invite link leads nowhere any more."""
    chat = chat_seen(world, params.get("chat"), user)
    require(world, chat, user, "invite")
    for link in chat.links:
        if link.url == params.get("link") and link.creator == user:
            link.revoked = True
            world.changes.bump()
            return {}
    raise NotAllowed("You have no such link here.", 404)


ACTS: dict[str, Any] = {
    "join": join,
    "leave": leave,
    "cancel_request": cancel_request,
    "approve_request": approve_request,
    "decline_request": decline_request,
    "create_link": create_link,
    "revoke_link": revoke_link,
}
