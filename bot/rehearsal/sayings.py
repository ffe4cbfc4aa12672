"""Service messages in the words that Telegram's apps show."""

from bot.rehearsal.world import Chat, Json, Post, World


def service_text(world: World, chat: Chat, post: Post) -> str:
    """One line for a service message."""
    content = post.content
    who = world.chats[post.sender_chat].title if post.sender_chat is not None else world.people[post.sender].name
    if "new_chat_members" in content:
        names = ", ".join(_name(member) for member in content["new_chat_members"])
        joined = [member["id"] for member in content["new_chat_members"]] == [post.sender]
        return f"{who} joined the group" if joined else f"{who} added {names}"
    if "left_chat_member" in content:
        left = content["left_chat_member"]
        return f"{who} left the group" if left["id"] == post.sender else f"{who} removed {_name(left)}"
    if "pinned_message" in content:
        pinned = chat.posts.get(content["pinned_message"])
        words = (pinned.content.get("text") or "a message") if pinned else "a message"
        return f"{who} pinned “{words[:40]}{'…' if len(words) > 40 else ''}”"
    if "forum_topic_created" in content:
        return f"{who} opened the topic “{content['forum_topic_created']['name']}”"
    return next((f"{who} {words}" for key, words in _PLAIN.items() if key in content), "Service message")


_PLAIN = {
    "group_chat_created": "created the group",
    "supergroup_chat_created": "created the group",
    "migrate_to_chat_id": "upgraded the group to a supergroup",
    "migrate_from_chat_id": "upgraded the group to a supergroup",
    "forum_topic_closed": "closed the topic",
    "forum_topic_reopened": "reopened the topic",
}


def _name(user: Json) -> str:
    return " ".join(part for part in (user["first_name"], user.get("last_name")) if part)
