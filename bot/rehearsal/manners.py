"""What Telegram lets a person do in a chat, each with the reason if not: for the page and for the acts."""

from bot.rehearsal.membership import is_admin, is_in
from bot.rehearsal.permissions import SENDING
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Chat, Post, World

#: What one can send, and the permission it needs.
SENDS = {
    "write": "can_send_messages",
    "photo": "can_send_photos",
    "video": "can_send_videos",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "poll": "can_send_polls",
    "dice": "can_send_other_messages",
}
#: What members may do if the group permits it, and administrators if they hold the right of that name.
SHARED = {
    "invite": ("can_invite_users", "invite people"),
    "pin": ("can_pin_messages", "pin messages"),
    "info": ("can_change_info", "change the group's name and details"),
}
#: What only administrators may do.
ADMIN = {
    "delete": ("can_delete_messages", "delete other people's messages"),
    "restrict": ("can_restrict_members", "remove people or change what members may do"),
    "promote": ("can_promote_members", "make people administrators"),
    "topics": ("can_manage_topics", "manage topics"),
}


def whynot(world: World, chat: Chat, user: int, what: str) -> str | None:
    """None if Telegram lets ``user`` do ``what`` in ``chat`` now, else the reason in plain English."""
    if chat.type == "private":
        return _whynot_private(chat, what)
    if not is_in(world, chat, user):
        return "You are not in this group."
    if what in SENDS:
        return _whynot_send(world, chat, user, SENDS[what])
    if what in SHARED:
        right, words = SHARED[what]
        permitted = _permitted(world, chat, user, right)
    else:
        right, words = ADMIN[what]
        permitted = False
    admin = is_admin(world, chat, user)
    if is_admin(world, chat, user, right) or (permitted and not admin):
        return None
    return f"You do not have the right to {words} here." if admin else f"Members may not {words} here."


def _whynot_private(chat: Chat, what: str) -> str | None:
    if what not in SENDS:
        return "This is a private chat."
    if chat.blocked:
        return "You have blocked the bot. Unblock it to write."
    if not chat.started and not chat.posts:
        return "Press Start first."
    return None


def _permitted(world: World, chat: Chat, user: int, permission: str) -> bool:
    member = world.member(chat, user)
    own = member.permissions.get(permission, False) if member.status == "restricted" else True
    return bool(own and chat.permissions.get(permission))


def _whynot_send(world: World, chat: Chat, user: int, permission: str) -> str | None:
    if is_admin(world, chat, user) or _permitted(world, chat, user, permission):
        return None
    if not chat.permissions.get(permission):
        if not chat.permissions.get("can_send_messages"):
            return "This group is closed: only administrators can write."
        return f"Members may not send {SENDING[permission]} in this group."
    return f"An administrator has restricted you: you may not send {SENDING[permission]} here."


def require(world: World, chat: Chat, user: int, what: str) -> None:
    """NotAllowed, with the reason, unless ``user`` may do ``what``."""
    reason = whynot(world, chat, user, what)
    if reason is not None:
        raise NotAllowed(reason)


def abilities(world: World, chat: Chat, user: int) -> dict[str, dict[str, object]]:
    """Everything that one might do here: name to ``{"ok": bool, "why": reason or ""}``."""
    found = {}
    for what in (*SENDS, *SHARED, *ADMIN):
        reason = whynot(world, chat, user, what)
        found[what] = {"ok": reason is None, "why": reason or ""}
    return found


def chat_seen(world: World, chat_id: object, user: int) -> Chat:
    """The chat, if ``user`` has it on the phone. NotAllowed (404) if not; an upgraded group leads on."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is not None and chat.migrated_to is not None:
        chat = world.chats[chat.migrated_to]
    if chat_id == user and chat is None:
        return world.private(user)
    if chat is None or (chat.type == "private" and chat.id != user):
        raise NotAllowed("There is no such chat on this person's phone.", 404)
    return chat


def post_seen(world: World, chat: Chat, user: int, message: object) -> Post:
    """A message that ``user`` can see. NotAllowed if it is gone or they are outside."""
    if chat.type != "private" and not is_in(world, chat, user):
        raise NotAllowed("You are not in this group.")
    post = chat.posts.get(message) if isinstance(message, int) else None
    if post is None:
        raise NotAllowed("That message is not there any more.", 404)
    return post


def is_mine(world: World, post: Post, user: int) -> bool:
    """Whether ``user`` wrote it; what an anonymous administrator wrote belongs to the anonymous ones."""
    if post.sender == user:
        return True
    chat = world.chats[post.chat]
    member = world.member(chat, user)
    return post.sender_chat == post.chat and member.anonymous and is_admin(world, chat, user)
