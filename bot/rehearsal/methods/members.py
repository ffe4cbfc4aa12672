"""Members of a group: https://core.telegram.org/bots/api#getchatmember and its kin."""

from typing import Any

from bot.rehearsal import render
from bot.rehearsal.membership import PRESENT, change, depart, enter, is_admin, is_in
from bot.rehearsal.methods.messages import remove
from bot.rehearsal.permissions import complete
from bot.rehearsal.refused import bad
from bot.rehearsal.rules import group_with, inside, person_of, supergroup_with
from bot.rehearsal.world import Chat, Json, Member, Status, World

#: A ban or restriction shorter than this or longer than that, in seconds, is for ever.
SHORTEST, LONGEST = 30, 366 * 86400


def get_chat_member(world: World, params: Json) -> Json:
    """What one person is in the chat."""
    chat = inside(world, params["chat_id"])
    return render.member(world, chat, person_of(world, params["user_id"]).id)


def get_chat_administrators(world: World, params: Json) -> list[Json]:
    """The administrators; other bots are left out."""
    chat = inside(world, params["chat_id"])
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    admins = [user for user in list(chat.members) if is_admin(world, chat, user)]
    return [
        render.member(world, chat, user) for user in admins if user == world.bot.id or not world.people[user].is_bot
    ]


def restrict_chat_member(world: World, params: Json) -> bool:
    """Other permissions for one member of a supergroup."""
    chat = supergroup_with(world, params["chat_id"], "can_restrict_members", "restrict/unrestrict chat member")
    user = _ordinary(world, chat, params["user_id"])
    independent = bool(params.get("use_independent_chat_permissions"))
    permissions = complete(params["permissions"], independent=independent)
    present = is_in(world, chat, user)
    if all(permissions.get(name) or not allowed for name, allowed in chat.permissions.items()):
        # Who may do all that everybody may is an ordinary member again.
        new = Member("member" if present else "left")
    else:
        new = Member("restricted", permissions=permissions, until=_until(world, params), present=present)
    change(world, chat, user, new, actor=world.bot.id)
    return True


def ban_chat_member(world: World, params: Json) -> bool:
    """Remove somebody, who cannot come back by a link until unbanned."""
    chat = group_with(world, params["chat_id"], "can_restrict_members", "restrict/unrestrict chat member")
    user = _ordinary(world, chat, params["user_id"])
    chat.requests.pop(user, None)
    depart(world, chat, user, actor=world.bot.id, new=Member("kicked", until=_until(world, params)))
    if params.get("revoke_messages"):
        for number in [post.id for post in chat.posts.values() if post.sender == user]:
            remove(world, chat, number)
    return True


def unban_chat_member(world: World, params: Json) -> bool:
    """Let somebody banned come back; a member is removed unless `only_if_banned`."""
    chat = supergroup_with(world, params["chat_id"], "can_restrict_members", "restrict/unrestrict chat member")
    user = _ordinary(world, chat, params["user_id"])
    if world.member(chat, user).status == "kicked":
        change(world, chat, user, Member("left"), actor=world.bot.id)
    elif not params.get("only_if_banned") and is_in(world, chat, user):
        depart(world, chat, user, actor=world.bot.id)
    return True


def _ordinary(world: World, chat: Chat, user_id: int) -> int:
    user = person_of(world, user_id).id
    status: Status = world.member(chat, user).status
    if status == "creator":
        raise bad("can't remove chat owner")
    if status == "administrator":
        raise bad("user is an administrator of the chat")
    return user


def _until(world: World, params: Json) -> int:
    until = int(params.get("until_date", 0))
    distance = until - world.clock.timestamp()
    return until if SHORTEST <= distance <= LONGEST else 0


def approve_chat_join_request(world: World, params: Json) -> bool:
    """Let somebody in who asked."""
    chat, user = _requested(world, params)
    request = chat.requests[user]
    enter(world, chat, user, actor=world.bot.id, link=request.link, requested=True)
    return True


def decline_chat_join_request(world: World, params: Json) -> bool:
    """Turn down somebody who asked."""
    chat, user = _requested(world, params)
    del chat.requests[user]
    world.changes.bump()
    return True


def _requested(world: World, params: Json) -> tuple[Chat, int]:
    chat = group_with(world, params["chat_id"], "can_invite_users", "manage chat join requests")
    user = person_of(world, params["user_id"]).id
    if world.member(chat, user).status in PRESENT and is_in(world, chat, user):
        raise bad("USER_ALREADY_PARTICIPANT")
    if user not in chat.requests:
        raise bad("HIDE_REQUESTER_MISSING")
    return chat, user


METHODS: dict[str, Any] = {
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "restrictChatMember": restrict_chat_member,
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "approveChatJoinRequest": approve_chat_join_request,
    "declineChatJoinRequest": decline_chat_join_request,
}
