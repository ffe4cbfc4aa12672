"""Who is in a chat and as what: each change with the updates and service messages that Telegram sends."""

from dataclasses import replace

from bot.rehearsal import render
from bot.rehearsal.posting import announce, tell_bot
from bot.rehearsal.world import ANONYMOUS_ID, Chat, JoinRequest, Json, Link, Member, World

PRESENT = ("creator", "administrator", "member", "restricted")


def is_in(world: World, chat: Chat, user: int) -> bool:
    """Whether the account takes part in the chat now."""
    member = world.member(chat, user)
    return member.status in PRESENT and (member.status != "restricted" or member.present)


def is_admin(world: World, chat: Chat, user: int, right: str | None = None) -> bool:
    """Whether the account is an administrator there, and holds ``right`` if one is named."""
    member = world.member(chat, user)
    if member.status == "creator":
        return True
    return member.status == "administrator" and (right is None or bool(member.rights.get(right)))


def face(world: World, chat: Chat, user: int) -> int:
    """Whom others see acting: an anonymous administrator appears as the group."""
    member = world.member(chat, user)
    return ANONYMOUS_ID if member.anonymous and member.status in ("creator", "administrator") else user


def change(
    world: World, chat: Chat, user: int, new: Member, *, actor: int, link: Link | None = None, requested: bool = False
) -> None:
    """Set what ``user`` is in ``chat``; the bot hears of its own changes, and of others' if it is an admin."""
    old = replace(world.member(chat, user))
    was_admin = is_admin(world, chat, world.bot.id)
    chat.members[user] = new
    person = world.people[user]
    content: Json = {
        "chat": render.chat(world, chat),
        "from": render.user(world.people[face(world, chat, actor)]),
        "date": world.clock.timestamp(),
        "old_chat_member": render.member_as(person, old),
        "new_chat_member": render.member_as(person, new),
    }
    if link is not None:
        content["invite_link"] = render.link(world, link, reader=world.bot.id)
    if requested:
        content["via_join_request"] = True
    if user == world.bot.id:
        tell_bot(world, "my_chat_member", content)
    elif was_admin:
        tell_bot(world, "chat_member", content)
    world.changes.bump()


def enter(
    world: World, chat: Chat, user: int, *, actor: int, link: Link | None = None, requested: bool = False
) -> None:
    """Let ``user`` in, with the service message; a restriction set earlier holds on."""
    chat.requests.pop(user, None)
    old = world.member(chat, user)
    new = replace(old, present=True) if old.status == "restricted" else Member("member")
    change(world, chat, user, new, actor=actor, link=link, requested=requested)
    if link is not None:
        link.joined += 1
    added = user if link is not None else actor
    announce(world, chat, added, new_chat_members=[render.user(world.people[user])])


def depart(world: World, chat: Chat, user: int, *, actor: int, new: Member | None = None) -> None:
    """Take ``user`` out (left by default, or kicked), with the service message."""
    left = render.user(world.people[user])
    was_in = is_in(world, chat, user)
    old = world.member(chat, user)
    if new is None and old.status == "restricted":
        new = replace(old, present=False)
    if was_in and user != world.bot.id:
        announce(world, chat, actor, left_chat_member=left)
    change(world, chat, user, new or Member("left"), actor=actor)
    if was_in and user == world.bot.id:
        # The bot is out already, so it hears of this by `my_chat_member` only.
        announce(world, chat, actor, left_chat_member=left)


def ask_to_join(world: World, chat: Chat, user: int, link: Link | None) -> JoinRequest:
    """Record a request; the bot hears of it if it may invite users."""
    request = JoinRequest(user, world.clock.timestamp(), link)
    chat.requests[user] = request
    if is_admin(world, chat, world.bot.id, "can_invite_users"):
        tell_bot(world, "chat_join_request", render.join_request(world, chat, request))
    world.changes.bump()
    return request
