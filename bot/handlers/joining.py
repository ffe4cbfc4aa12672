"""At the gate of a group: requests to join, people who came in another way, and the button of those with no link."""

from collections.abc import Mapping

from telegram import ChatMember, Update
from telegram.ext import ContextTypes

from bot.gate import gate_of
from bot.handlers.people import JOIN
from bot.handlers.pressing import Action, void
from bot.services import Services, services_of
from moderation.usecases import joining
from storage.buttons import Pressed
from storage.store import Transaction

_IN = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})


async def requested(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody asks to join (`chat_join_request`). In a group that the bot does not gate, that is for its admins."""
    request = update.chat_join_request
    if request is None:
        return
    services = services_of(context)
    async with services.handling(update, "join request") as tx:
        group = await tx.groups.by_chat(request.chat.id)
        if group is not None and joining.is_gated(group):
            await joining.ask_to_join(
                group,
                request.from_user.id,
                request.user_chat_id,
                wait=services.settings.join_wait,
                join_url=services.deep_link(JOIN),
                gate=gate_of(tx, services),
            )


async def came_in(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody's membership changed (`chat_member`); those who have just come in are looked at."""
    changed = update.chat_member
    if changed is None:
        return
    services, user = services_of(context), changed.new_chat_member.user
    if user.is_bot or _is_in(changed.old_chat_member) or not _is_in(changed.new_chat_member):
        return
    async with services.handling(update, "came in") as tx:
        group = await tx.groups.by_chat(changed.chat.id)
        if group is not None and joining.is_gated(group):
            await joining.came_in(group, user.id, gate=gate_of(tx, services))


def _is_in(member: ChatMember) -> bool:
    return member.status in _IN or (member.status == ChatMember.RESTRICTED and bool(getattr(member, "is_member", True)))


async def _no_link(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    del seen
    request = await tx.joining.get(pressed.args["request"])
    done = await joining.turn_away(request, "no_link", gate=gate_of(tx, services), under=pressed.bundle)
    if not done:
        await void(pressed, tx)
    return "join.noted" if done else "buttons.used"


ACTIONS: Mapping[str, Action] = {"join.no_link": Action(_no_link)}
