"""What Telegram says of a group just now: looked up before a transaction, never inside one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from telegram import ChatMemberAdministrator, ChatMemberOwner
from telegram.error import BadRequest, Forbidden

from bot.services import Services
from moderation.usecases.rights import RIGHTS


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group as the bot finds it. `permissions` are those of ordinary members; empty if it cannot be seen."""

    reachable: bool = False
    permissions: Mapping[str, bool] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    is_admin: bool = False
    is_supergroup: bool = True
    is_forum: bool = False
    has_primary_link: bool = False
    title: str = ""


async def look_at_group(chat_id: int, services: Services) -> GroupSeen:
    """The group's permissions and the bot's own rights in it. What Telegram refuses to show is left out.

    Raises:
        telegram.error.NetworkError: Telegram cannot be reached; the update is tried again later.
    """
    try:
        chat = await services.bot.get_chat(chat_id)
        own = await services.bot.get_chat_member(chat_id, services.bot.id)
    except (BadRequest, Forbidden):
        return GroupSeen()
    permissions = chat.permissions.to_dict() if chat.permissions else {}
    return GroupSeen(
        reachable=True,
        permissions={name: allowed for name, allowed in permissions.items() if isinstance(allowed, bool)},
        rights=rights_of(own),
        is_admin=isinstance(own, ChatMemberAdministrator | ChatMemberOwner),
        is_supergroup=chat.type == "supergroup",
        is_forum=bool(chat.is_forum),
        has_primary_link=bool(chat.invite_link),
        title=chat.title or "",
    )


def rights_of(member: object) -> frozenset[str]:
    """Which of the rights that the bot needs an administrator holds; none for anybody else."""
    if isinstance(member, ChatMemberOwner):
        return frozenset(RIGHTS)
    if not isinstance(member, ChatMemberAdministrator):
        return frozenset()
    return frozenset(right for right in RIGHTS if getattr(member, right, None))


async def is_human_admin(chat_id: int, telegram_id: int, services: Services) -> bool:
    """Whether an account is an administrator of a group at this moment, by its id."""
    try:
        member = await services.bot.get_chat_member(chat_id, telegram_id)
    except (BadRequest, Forbidden):
        return False
    return isinstance(member, ChatMemberAdministrator | ChatMemberOwner) and not member.user.is_bot
