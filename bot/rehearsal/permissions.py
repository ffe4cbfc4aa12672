"""The names of what Telegram lets members and administrators do (Bot API: ChatPermissions, ChatMember*)."""

MEDIA = (
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
)
#: What these imply when `use_independent_chat_permissions` is not set (setChatPermissions, restrictChatMember).
EXTRAS = ("can_send_other_messages", "can_add_web_page_previews")
PERMISSIONS = (
    "can_send_messages",
    *MEDIA,
    "can_send_polls",
    *EXTRAS,
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
#: What a new group lets everybody do.
ALL_PERMISSIONS = dict.fromkeys(PERMISSIONS, True) | {"can_manage_topics": False}
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
)
#: What the creator of a group has.
ALL_RIGHTS = dict.fromkeys(RIGHTS, True)

#: Which permission each kind of content needs, by the field of the Message that carries it.
NEEDED = {
    "text": "can_send_messages",
    "photo": "can_send_photos",
    "video": "can_send_videos",
    "document": "can_send_documents",
    "voice": "can_send_voice_notes",
    "poll": "can_send_polls",
    "dice": "can_send_other_messages",
    "contact": "can_send_messages",
    "location": "can_send_messages",
}
#: The words of Telegram's refusals, by permission.
SENDING = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_videos": "videos",
    "can_send_documents": "documents",
    "can_send_voice_notes": "voice notes",
    "can_send_polls": "polls",
    "can_send_other_messages": "other messages",
}


def complete(given: dict[str, bool], *, independent: bool) -> dict[str, bool]:
    """All permissions from those given; the rest are off.

    Unless ``independent``, the older meaning holds: other messages and link previews imply text, media;
    polls imply text (Bot API, setChatPermissions).
    """
    full = {name: bool(given.get(name, False)) for name in PERMISSIONS}
    if not independent:
        if any(full[name] for name in EXTRAS):
            full.update(dict.fromkeys(("can_send_messages", *MEDIA), True))
        if full["can_send_polls"] or any(full[name] for name in MEDIA):
            full["can_send_messages"] = True
    return full


def needed_for(content: dict[str, object]) -> str:
    """The permission that a message of this content needs."""
    return next((NEEDED[key] for key in NEEDED if key in content), "can_send_other_messages")
