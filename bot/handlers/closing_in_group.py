"""/close and /reopen in the class group itself: for its class rep, if she is one of its human admins at that moment.

The command is taken down. Whoever else tries it is answered kindly in private, if they can be reached, and nothing
is said in the group. Anonymous admins write as the group: nobody knows who they are, so nothing is done for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.handlers.answering import Answer
from bot.handlers.closing import order_for
from bot.handlers.closing_privately import REASON_CHARACTERS, offer_groups
from bot.handlers.looking import GroupSeen, is_human_admin, look_at_group
from bot.handlers.pressing import Action, void
from bot.handlers.reopening import governed_closure, reopen_as_headteacher, reopen_by_rep
from bot.services import Services, services_of
from moderation.effects import DeleteMessage, Tell
from moderation.records import Group, GroupStatus, Person
from moderation.usecases import rep_closing
from moderation.usecases.closing import close, may_close
from moderation.usecases.rights import governs
from moderation.vocabulary import Role
from storage.buttons import Pressed
from storage.prompts import Prompt
from storage.store import Transaction

_ANONYMOUS_ADMIN = 1087968824


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command in a sanctioned group, who gave it (None if nobody knows), and what Telegram says just now."""

    group: Group
    person: Person | None
    is_admin: bool = False
    seen: GroupSeen = field(default_factory=GroupSeen)


async def close_in_group(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Close the group at once if its class rep asks for it there."""
    await _command(update, services_of(context), closing=True)


async def reopen_in_group(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Open the group again if the class rep who closed it asks for it there."""
    await _command(update, services_of(context), closing=False)


async def _command(update: Update, services: Services, *, closing: bool) -> None:
    message = update.message
    if message is None:
        return
    found = await _look(message, services)
    async with services.handling(update, "close in group" if closing else "reopen in group") as tx:
        if found is None:
            return
        await tx.outbox.put(
            DeleteMessage(message.chat.id, message.message_id),
            key=f"command:{message.chat.id}:{message.message_id}",
            school_id=found.group.school_id,
        )
        if found.person is None or found.person.telegram_id is None:
            return
        mark = str(update.update_id)
        if governs(found.person) and closing:
            await offer_groups(found.person, found.person.telegram_id, mark=mark, tx=tx)
        elif closing:
            await _close(found, found.person, found.person.telegram_id, mark, services, tx)
        else:
            await _reopen(found, found.person, found.person.telegram_id, mark, tx)


async def _look(message: Message, services: Services) -> Commanded | None:
    """Who commands, by account id alone; None where the group is not sanctioned."""
    user = message.from_user
    nobody = user is None or message.sender_chat is not None or user.id == _ANONYMOUS_ADMIN or user.is_bot
    async with services.store.transaction("peek", services.clock.now()) as tx:
        group = await tx.groups.by_chat(message.chat.id)
        if group is None or group.status is not GroupStatus.SANCTIONED:
            return None
        person = None if nobody or user is None else await tx.people.by_telegram(user.id, group.school_id)
    if person is None or person.telegram_id is None or not may_close(person, group):
        return Commanded(group, person)
    is_admin = await is_human_admin(group.chat_id, person.telegram_id, services)
    return Commanded(group, person, is_admin, await look_at_group(group.chat_id, services))


async def _close(found: Commanded, rep: Person, to: int, mark: str, services: Services, tx: Transaction) -> None:
    group = found.group
    standing = await tx.closures.open_for_group(group.id)
    if not may_close(rep, group):
        other = Role.CLASS_REP in rep.roles
        await _say(to, "closing.rep_other_class" if other else "closing.group_not_for_you", group, mark, tx)
    elif not found.is_admin:
        await _say(to, "closing.rep_not_admin", group, mark, tx)
    elif standing is not None:
        await _say(to, "closing.rep_already", group, mark, tx)
    else:
        order = order_for(group, rep, found.seen, services, confirmed=False)
        closure = await close(order, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now)
        await tx.prompts.ask(to, "rep_reason", {"closure": closure.id}, school_id=group.school_id)
        await _say(to, "closing.rep_closed", group, mark, tx)
        await rep_closing.put_to_headteacher(closure, group, rep, people=tx.people, outbox=tx.outbox)


async def _reopen(found: Commanded, person: Person, to: int, mark: str, tx: Transaction) -> None:
    group = found.group
    closure = await tx.closures.open_for_group(group.id)
    if governs(person):
        await _say(to, "reopening.in_private", group, mark, tx)
    elif not may_close(person, group):
        await _say(to, "closing.group_not_for_you", group, mark, tx)
    elif closure is None:
        await _say(to, "reopening.open_already", group, mark, tx)
    else:
        await reopen_by_rep(closure, group, person, to, is_admin=found.is_admin, key=f"command:{mark}:{to}", tx=tx)


async def _say(to: int, text: str, group: Group, mark: str, tx: Transaction) -> None:
    tell = Tell(to, text, {"title": group.title})
    await tx.outbox.put(tell, key=f"command:{mark}:{to}", school_id=group.school_id)


async def _reason(prompt: Prompt, text: str, *, tx: Transaction, services: Services, seen: object) -> None:
    """The reason that a class rep types afterwards."""
    closure, to, reason = await tx.closures.get(prompt.args["closure"]), prompt.telegram_id, text.strip()
    group, rep = await tx.groups.get(closure.group_id), await tx.people.get(closure.closed_by)
    key = f"rep-reason:{closure.id}:{tx.now.timestamp()}"
    if not reason or len(reason) > REASON_CHARACTERS:
        await tx.prompts.ask(to, prompt.kind, dict(prompt.args), school_id=group.school_id)
        values = {"most": str(REASON_CHARACTERS)}
        await tx.outbox.put(Tell(to, "closing.reason_too_long", values), key=key, school_id=group.school_id)
        return
    await rep_closing.give_reason(closure, group, rep, reason, closures=tx.closures, people=tx.people, outbox=tx.outbox)
    await tx.outbox.put(Tell(to, "closing.rep_thanks"), key=key, school_id=group.school_id)


async def _confirm(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """The headteacher lets a class rep's closure stand."""
    closure, group, person = await governed_closure(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    standing = await tx.closures.open_for_group(group.id)
    if standing is None or standing.id != closure.id or closure.confirmed_by is not None:
        await void(pressed, tx)
        return "buttons.used"
    await rep_closing.confirm(
        closure, group, person, closures=tx.closures, people=tx.people, outbox=tx.outbox, now=tx.now
    )
    return "closing.confirmed_toast"


async def _lift(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """The headteacher opens again what a class rep closed."""
    closure, group, person = await governed_closure(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    if not await reopen_as_headteacher(closure, group, tx):
        await void(pressed, tx)
        return "buttons.used"
    return "reopening.toast"


ACTIONS: Mapping[str, Action] = {"rep_confirm": Action(_confirm), "rep_lift": Action(_lift)}
ANSWERS: Mapping[str, Answer] = {"rep_reason": Answer(_reason)}
