"""Telegram as a table of answers, and its objects as the door lets them in: no names, no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from telegram import ChatFullInfo, ChatMember, ChatPermissions
from telegram.error import Forbidden, TelegramError

from moderation.usecases.closure_steps import PERMISSIONS
from moderation.usecases.rights import RIGHTS

CHAT, BOT_ID = -1001, 7000000001
TITLE = "Willow (Year 3)"
HEAD, DEPUTY, REP, PARENT, NOBODY, ANONYMOUS = 101, 102, 103, 104, 199, 1087968824
OPEN = {"can_send_messages": True, "can_send_polls": False, "can_invite_users": True}


@dataclass
class FakeTelegram:
    """What Telegram says of a group: its permissions, and who is what in it."""

    id: int = BOT_ID
    permissions: dict[str, bool] = field(default_factory=lambda: dict(OPEN))
    members: dict[int, dict[str, Any]] = field(default_factory=dict)
    rights: set[str] = field(default_factory=lambda: set(RIGHTS))
    forum: bool = False
    kind: str = "supergroup"
    primary_link: str = ""
    gone: bool = False
    failing: TelegramError | None = None

    async def get_chat(self, chat_id: int) -> ChatFullInfo:
        if self.failing is not None:
            raise self.failing
        if self.gone:
            raise Forbidden("bot was kicked from the supergroup chat")
        shown = SimpleNamespace(
            permissions=ChatPermissions.de_json(dict(self.permissions), None) if self.permissions else None,
            type=self.kind,
            title=TITLE,
            is_forum=self.forum,
            invite_link=self.primary_link,
        )
        return cast(ChatFullInfo, shown)

    async def get_chat_member(self, chat_id: int, user_id: int) -> ChatMember:
        if self.gone:
            raise Forbidden("bot was kicked from the supergroup chat")
        return ChatMember.de_json(member(user_id, **self._member(user_id)), None)

    def _member(self, user_id: int) -> dict[str, Any]:
        if user_id == self.id:
            return {"status": "administrator", **dict.fromkeys(self.rights, True)} if self.rights else {}
        return self.members.get(user_id, {"status": "left"})

    async def get_chat_member_count(self, chat_id: int) -> int:
        if self.gone:
            raise Forbidden("bot was kicked from the supergroup chat")
        return 1 + sum(one["status"] not in ("left", "kicked") for one in self.members.values())


def member(user_id: int, *, status: str = "member", **rights: Any) -> dict[str, Any]:
    """A ChatMember as Telegram writes it."""
    needed: dict[str, Any] = {"user": user(user_id), "status": status}
    if status == "administrator":
        names = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_manage_video_chats", "can_promote_members")
        others = ("can_change_info", "can_post_stories", "can_edit_stories", "can_delete_stories", *RIGHTS)
        needed |= dict.fromkeys((*names, *others), False)
    if status == "creator":
        needed["is_anonymous"] = False
    if status == "restricted":
        needed |= {**dict.fromkeys(PERMISSIONS, False), "is_member": True}
    if status in ("kicked", "restricted"):
        needed["until_date"] = 0
    return needed | rights


def user(user_id: int) -> dict[str, Any]:
    """A User as the door lets it in: no name."""
    return {"id": user_id, "is_bot": user_id in (BOT_ID, ANONYMOUS), "first_name": ""}


def moved(
    status: str,
    rights: Mapping[str, bool] | None = None,
    *,
    was: str = "left",
    by: int = REP,
    chat: int = CHAT,
    where: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A `my_chat_member` update: what the bot has become, with an admin's rights by name."""
    return {
        "my_chat_member": {
            "chat": {"id": chat, "type": "supergroup", "title": TITLE, **(where or {})},
            "from": user(by),
            "date": 1,
            "old_chat_member": member(BOT_ID, status=was),
            "new_chat_member": member(BOT_ID, status=status, **(rights or {})),
        }
    }
