"""Which fields of a message the bot reads, keeps as structure, or knowingly leaves alone; any other is unknown.

The names are the Bot API's (https://core.telegram.org/bots/api#message), as far as python-telegram-bot 22.8 knows
them (Bot API 10.0), with the ones that forwards had before Bot API 7.0. A server may speak a newer version: words
in a field that is in none of these lists would slip by unread, so the door reports the field's name.
"""

import re
from collections.abc import Mapping
from typing import Any


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Words that are read where their author consents.
WORDS = _names("text entities caption caption_entities poll checklist quote")

#: What says who, when and where, and what happened to the group; kept in part (bot/door/redaction.py).
STRUCTURE = _names(
    """
    message_id message_thread_id is_topic_message from sender_chat date edit_date chat forward_origin reply_to_message
    external_reply via_bot is_automatic_forward new_chat_members left_chat_member group_chat_created
    supergroup_chat_created channel_chat_created migrate_to_chat_id migrate_from_chat_id pinned_message
    forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden new_chat_title delete_chat_photo
    """
)

#: Media, payments, gifts, signatures and the like: dropped without a word.
LEFT_ALONE = _names(
    """
    animation audio author_signature boost_added business_connection_id chat_background_set chat_owner_changed
    chat_owner_left chat_shared checklist_tasks_added checklist_tasks_done connected_website contact dice
    direct_message_price_changed direct_messages_topic document effect_id forward_date forward_from
    forward_from_chat forward_from_message_id forward_sender_name forward_signature game gift gift_upgrade_sent
    giveaway giveaway_completed giveaway_created giveaway_winners guest_bot_caller_chat guest_bot_caller_user
    guest_query_id has_media_spoiler has_protected_content invoice is_from_offline is_paid_post
    link_preview_options live_photo location managed_bot_created media_group_id message_auto_delete_timer_changed
    new_chat_photo paid_media paid_message_price_changed paid_star_count passport_data photo poll_option_added
    poll_option_deleted proximity_alert_triggered refunded_payment reply_markup reply_to_checklist_task_id
    reply_to_poll_option_id reply_to_story sender_boost_count sender_business_bot sender_tag
    show_caption_above_media sticker story successful_payment suggested_post_approval_failed
    suggested_post_approved suggested_post_declined suggested_post_info suggested_post_paid
    suggested_post_refunded unique_gift user_shared users_shared venue video video_chat_ended
    video_chat_participants_invited video_chat_scheduled video_chat_started video_note voice web_app_data
    write_access_allowed
    """
)

KNOWN = WORDS | STRUCTURE | LEFT_ALONE

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def unknown_fields(message: Mapping[str, Any]) -> frozenset[str]:
    """Names of the fields of a message that are in no list and have text somewhere in them."""
    return frozenset(safe_name(name) for name, value in message.items() if name not in KNOWN and _has_text(value))


def safe_name(name: object) -> str:
    """A field's name as it may be logged; what does not look like one could be anything."""
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "unnamed"


def _has_text(value: object) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one:
            return True
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return False
