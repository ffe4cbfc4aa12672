"""Telegram's own objects, as a bot gets them."""

from typing import Any

from telegram import ChatMemberAdministrator, User

BOT = User(7, "Schoolgate", is_bot=True, username="schoolgate_bot")
_NEEDED = (
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_OTHER = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_manage_video_chats",
    "can_promote_members",
    "can_change_info",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def admin(*without: str) -> ChatMemberAdministrator:
    """The bot as an admin with every right it needs but these."""
    rights: dict[str, Any] = {**dict.fromkeys(_OTHER, False), **{right: right not in without for right in _NEEDED}}
    return ChatMemberAdministrator(BOT, **rights)
