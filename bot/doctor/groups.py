"""Checks of each sanctioned group: what Telegram lets the bot do there, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator
from telegram.error import TelegramError

from bot.doctor.findings import Finding, fine, wrong
from moderation.records import Group

#: The admin rights that the bot needs: how Telegram's own page of rights calls them, and what for.
RIGHTS: Mapping[str, str] = {
    "can_delete_messages": "Delete messages (for commands)",
    "can_restrict_members": "Ban users (for closing the group)",
    "can_invite_users": "Invite users via link (for letting parents in)",
    "can_pin_messages": "Pin messages (for notices)",
}
#: In a group with topics, also this one.
TOPIC_RIGHTS: Mapping[str, str] = {"can_manage_topics": "Manage topics (for closing them)"}


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group as storage knows it, and as Telegram shows it; `chat` is None where Telegram refuses."""

    group: Group
    chat: ChatFullInfo | None = None
    member: ChatMember | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the bot is an admin there."""
        return isinstance(self.member, ChatMemberAdministrator)


async def ask_group(bot: Bot, me: int, group: Group) -> GroupSeen:
    """Ask Telegram for a group and for the bot's own rights in it (getChat, getChatMember)."""
    try:
        return GroupSeen(group, await bot.get_chat(group.chat_id), await bot.get_chat_member(group.chat_id, me))
    except TelegramError:
        return GroupSeen(group)


def check_group(seen: GroupSeen) -> Finding:
    """Whether the group is a supergroup in which the bot has every right it needs."""
    check = f"group {seen.group.title}"
    if seen.chat is None or seen.member is None or seen.member.status in ("left", "kicked"):
        return wrong(check, "The bot is not in this group.", "Add it to the group again, as an admin.")
    if seen.chat.type != "supergroup":
        return wrong(
            check,
            "This is a basic group; most of what the bot does needs a supergroup.",
            "In the group's settings set Chat history for new members to Visible: Telegram then makes it one.",
        )
    if not isinstance(seen.member, ChatMemberAdministrator):
        return wrong(check, "The bot is no admin here.", "Make it an admin with: " + _named(_needed(seen)) + ".")
    missing = {right: words for right, words in _needed(seen).items() if not getattr(seen.member, right)}
    if missing:
        return wrong(
            check,
            "The bot lacks rights: " + ", ".join(missing) + ".",
            "In the group: Administrators, the bot, then switch on " + _named(missing) + ".",
        )
    return fine(check, "The bot has every right it needs.")


def _needed(seen: GroupSeen) -> Mapping[str, str]:
    is_forum = seen.chat is not None and bool(seen.chat.is_forum)
    return {**RIGHTS, **TOPIC_RIGHTS} if is_forum else RIGHTS


def _named(rights: Mapping[str, str]) -> str:
    return ", ".join(rights.values())
