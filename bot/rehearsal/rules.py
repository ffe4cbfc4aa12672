"""What Telegram lets the bot do: every rule here raises Refused with Telegram's own description."""

import math

from bot.rehearsal.membership import is_admin, is_in
from bot.rehearsal.permissions import SENDING
from bot.rehearsal.refused import Refused, bad, forbidden
from bot.rehearsal.world import Chat, Json, Person, Post, World

#: The bot may write to somebody who asked to join for this long, in seconds (Bot API, ChatJoinRequest).
REQUEST_WINDOW = 300
#: Messages older than this cannot be deleted, in seconds (Bot API, deleteMessage).
DELETE_WINDOW = 48 * 3600
#: A press of a button can be answered for about this long, in seconds.
QUERY_WINDOW = 60
NAMES = {"group": "group", "supergroup": "supergroup", "channel": "channel"}


def chat_of(world: World, chat_id: int | str) -> Chat:
    """The chat that a call names; a group that became a supergroup is refused with its new id."""
    if isinstance(chat_id, str):
        raise bad("chat not found")
    if chat_id in world.people and chat_id not in world.chats:
        if world.people[chat_id].is_bot:
            raise forbidden("bots can't send messages to bots")
        return world.private(chat_id)
    chat = world.chats.get(chat_id)
    if chat is None:
        raise bad("chat not found")
    if chat.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    return chat


def inside(world: World, chat_id: int | str) -> Chat:
    """The chat, which the bot must be in."""
    chat = chat_of(world, chat_id)
    if chat.type == "private":
        return chat
    if world.member(chat, world.bot.id).status == "kicked":
        raise forbidden(f"bot was kicked from the {NAMES[chat.type]} chat")
    if not is_in(world, chat, world.bot.id):
        raise forbidden(f"bot is not a member of the {NAMES[chat.type]} chat")
    return chat


def group_with(world: World, chat_id: int | str, right: str, to_do: str) -> Chat:
    """The group, in which the bot must hold an administrator's ``right``."""
    chat = inside(world, chat_id)
    if chat.type == "private":
        raise bad("method is available only for groups, supergroups and channels")
    if not is_admin(world, chat, world.bot.id, right):
        raise bad(f"not enough rights to {to_do}")
    return chat


def supergroup_with(world: World, chat_id: int | str, right: str, to_do: str) -> Chat:
    """The same, for what exists in supergroups only."""
    if inside(world, chat_id).type != "supergroup":
        raise bad("method is available for supergroup and channel chats only")
    return group_with(world, chat_id, right, to_do)


def person_of(world: World, user_id: int) -> Person:
    """The account that a call names."""
    person = world.people.get(user_id)
    if person is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return person


def writable(world: World, chat_id: int | str, permission: str = "can_send_messages") -> Chat:
    """The chat, to which the bot may send this kind of content now."""
    chat = inside(world, chat_id)
    if chat.type == "private":
        _private_open(world, chat)
    elif not is_admin(world, chat, world.bot.id):
        own = world.member(chat, world.bot.id)
        allowed = chat.permissions | (own.permissions if own.status == "restricted" else {})
        if not (allowed.get(permission) and chat.permissions.get(permission)):
            raise bad(f"not enough rights to send {SENDING.get(permission, 'messages')} to the chat")
    return chat


def _private_open(world: World, chat: Chat) -> None:
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.started:
        return
    oldest = world.clock.timestamp() - REQUEST_WINDOW
    for other in world.chats.values():
        request = other.requests.get(chat.id)
        if request and request.date >= oldest and is_admin(world, other, world.bot.id, "can_invite_users"):
            return
    raise forbidden("bot can't initiate conversation with a user")


def topic_open(world: World, chat: Chat, thread: int | None) -> None:
    """A topic that is named must exist; a closed one is for those who manage topics."""
    if thread is None:
        return
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and not is_admin(world, chat, world.bot.id, "can_manage_topics"):
        raise bad("TOPIC_CLOSED")


def within_limits(world: World, chat: Chat) -> None:
    """Count one message sent: about 20 a minute to a group and 30 a second overall, else 429."""
    now = world.clock.precise()
    world.sent = [(at, where) for at, where in world.sent if now - at < 60]
    in_group = [at for at, where in world.sent if where == chat.id]
    last_second = [at for at, _ in world.sent if now - at < 1]
    group, overall = world.limits.group_per_minute, world.limits.overall_per_second
    wait = 0.0
    if group and chat.type != "private" and len(in_group) >= group:
        wait = in_group[-group] + 60 - now
    if overall and len(last_second) >= overall:
        wait = max(wait, last_second[-overall] + 1 - now)
    if wait > 0:
        seconds = math.ceil(wait)
        raise Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
    world.sent.append((now, chat.id))


def own_post(world: World, chat: Chat, message_id: int) -> Post:
    """A message that the bot may edit: its own."""
    post = chat.posts.get(message_id)
    if post is None:
        raise bad("message to edit not found")
    if post.sender != world.bot.id or post.service:
        raise bad("message can't be edited")
    return post


def deletable(world: World, chat: Chat, message_id: int) -> Post:
    """A message that the bot may delete now."""
    post = chat.posts.get(message_id)
    if post is None:
        raise bad("message to delete not found")
    mine = post.sender == world.bot.id
    if not (mine or chat.type == "private" or is_admin(world, chat, world.bot.id, "can_delete_messages")):
        raise bad("message can't be deleted")
    if world.clock.timestamp() - post.date > DELETE_WINDOW:
        raise bad("message can't be deleted for everyone")
    return post


def keyboard(markup: Json | None) -> Json | None:
    """The inline keyboard, if it keeps the limits: callback_data is 1 to 64 bytes."""
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
            if not button.get("text"):
                raise bad("can't parse inline keyboard button: the text is empty")
            if len(set(button) - {"text", "style", "icon_custom_emoji_id"}) != 1:
                raise bad("can't parse inline keyboard button: exactly one action is needed")
    return markup
