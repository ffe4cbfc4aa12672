"""Chats and their permissions, topics and files: https://core.telegram.org/bots/api#getchat and its kin."""

from typing import Any

from bot.rehearsal import media, render
from bot.rehearsal.membership import PRESENT, depart, is_admin
from bot.rehearsal.permissions import complete
from bot.rehearsal.posting import publish
from bot.rehearsal.refused import bad
from bot.rehearsal.rules import group_with, inside, supergroup_with
from bot.rehearsal.world import GENERAL_TOPIC, Json, World

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(world: World, params: Json) -> Json:
    """A ChatFullInfo; the bot's own primary link only if it may invite users."""
    chat = inside(world, params["chat_id"])
    if chat.type == "private" and not (chat.started or chat.posts):
        raise bad("chat not found")
    full = render.chat(world, chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.pinned:
        full["pinned_message"] = render.post(world, chat.posts[chat.pinned[-1]], nested=True)
    if chat.type == "private":
        return full
    full["permissions"] = dict(chat.permissions)
    if chat.approve_new:
        full["join_by_request"] = True
    if chat.linked_channel is not None:
        full["linked_chat_id"] = chat.linked_channel
    own = [link for link in chat.links if link.creator == world.bot.id and link.primary and not link.revoked]
    if own and is_admin(world, chat, world.bot.id, "can_invite_users"):
        full["invite_link"] = own[0].url
    return full


def set_chat_permissions(world: World, params: Json) -> bool:
    """Default permissions of a group or supergroup."""
    chat = group_with(world, params["chat_id"], "can_restrict_members", "change chat permissions")
    independent = bool(params.get("use_independent_chat_permissions"))
    chat.permissions = complete(params["permissions"], independent=independent)
    world.changes.bump()
    return True


def leave_chat(world: World, params: Json) -> bool:
    """The bot leaves a group."""
    chat = inside(world, params["chat_id"])
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    depart(world, chat, world.bot.id, actor=world.bot.id)
    return True


def get_chat_member_count(world: World, params: Json) -> int:
    """How many take part, the bot included."""
    chat = inside(world, params["chat_id"])
    if chat.type == "private":
        return 2
    return sum(world.member(chat, user).status in PRESENT for user in list(chat.members))


def _topic(world: World, params: Json, thread: int, *, close: bool) -> bool:
    chat = supergroup_with(world, params["chat_id"], "can_manage_topics", "manage topics")
    if not chat.forum:
        raise bad("the chat is not a forum")
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed == close:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = close
    kind = "forum_topic_closed" if close else "forum_topic_reopened"
    where = None if thread == GENERAL_TOPIC else thread
    publish(world, chat, world.bot.id, {kind: {}}, service=True, topic=where)
    return True


def close_forum_topic(world: World, params: Json) -> bool:
    """Close a topic of a forum."""
    return _topic(world, params, params["message_thread_id"], close=True)


def reopen_forum_topic(world: World, params: Json) -> bool:
    """Open a closed topic of a forum."""
    return _topic(world, params, params["message_thread_id"], close=False)


def close_general_forum_topic(world: World, params: Json) -> bool:
    """Close the topic that every forum has."""
    return _topic(world, params, GENERAL_TOPIC, close=True)


def reopen_general_forum_topic(world: World, params: Json) -> bool:
    """Open the topic that every forum has."""
    return _topic(world, params, GENERAL_TOPIC, close=False)


def get_file(world: World, params: Json) -> Json:
    """Where a file can be downloaded, relative to `/file/bot<token>/`."""
    return media.file(media.find(world, params["file_id"]))


METHODS: dict[str, Any] = {
    "getChat": get_chat,
    "setChatPermissions": set_chat_permissions,
    "leaveChat": leave_chat,
    "getChatMemberCount": get_chat_member_count,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "closeGeneralForumTopic": close_general_forum_topic,
    "reopenGeneralForumTopic": reopen_general_forum_topic,
    "getFile": get_file,
}
