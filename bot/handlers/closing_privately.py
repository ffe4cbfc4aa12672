"""/close in private: the headteacher chooses the group, sees what will happen, gives a reason and confirms."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.handlers.answering import Answer
from bot.handlers.closing import order_for
from bot.handlers.looking import GroupSeen, look_at_group
from bot.handlers.pressing import Action
from bot.services import Services, services_of
from moderation.effects import Press, Revise, Rows, Tell
from moderation.records import ClosureStatus, Group, GroupMode, GroupStatus, Person
from moderation.usecases.closing import close
from moderation.usecases.rights import governs
from moderation.vocabulary import Role
from storage.buttons import Pressed
from storage.errors import NotFound
from storage.prompts import Prompt
from storage.store import Transaction

REASONS = ("closing.reason_continuing", "closing.reason_urgent", "closing.reason_pause")
REASON_CHARACTERS = 500


async def close_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer /close in private."""
    user = update.effective_user
    if user is None:
        return
    async with services_of(context).handling(update, "close") as tx:
        person = await tx.people.by_telegram(user.id)
        await offer_groups(person, user.id, mark=str(update.update_id), tx=tx)


async def offer_groups(person: Person | None, to: int, *, mark: str, tx: Transaction) -> None:
    """Offer the school's groups to whoever may close them; tell anybody else kindly what they can do."""
    key = f"close:{mark}:{to}"
    if person is None or not governs(person):
        rep = person is not None and Role.CLASS_REP in person.roles
        await tx.outbox.put(Tell(to, "closing.rep_where" if rep else "closing.not_for_you"), key=key)
        return
    groups = await tx.groups.of_school(person.school_id, GroupStatus.SANCTIONED)
    rows: Rows = tuple(
        (Press("closing.group_button", "close_choose", {"group": group.id}, {"title": group.title}),)
        for group in groups
    )
    text = "closing.choose" if groups else "closing.no_groups"
    await tx.outbox.put(Tell(to, text, rows=rows), key=key, school_id=person.school_id)


async def _look(pressed: Pressed, services: Services) -> GroupSeen:
    async with services.store.transaction("peek", services.clock.now()) as tx:
        group = await tx.groups.get(pressed.args["group"])
    return await look_at_group(group.chat_id, services)


async def _choose(pressed: Pressed, *, tx: Transaction, services: Services, seen: GroupSeen) -> str:
    """Show exactly what will happen to the group, and ask for the reason."""
    group, person = await _governed(pressed, tx)
    if person is None or group.status is not GroupStatus.SANCTIONED:
        return "closing.gone"
    closed = await tx.closures.open_for_group(group.id) is not None
    args = {"group": group.id}
    reasons: Rows = tuple((Press(reason, "close_reason", {**args, "reason": reason}),) for reason in REASONS)
    rows: Rows = (
        *reasons,
        (Press("closing.type_button", "close_type", args), Press("closing.cancel_button", "close_cancel", args)),
    )
    lines = (*(("closing.closed_already",) if closed else ()), *preview(group, seen), "closing.ask_reason")
    await _show(pressed, Revise(pressed.bundle, pressed.telegram_id, "closing.preview", _title(group), rows, lines), tx)
    return ""


def preview(group: Group, seen: GroupSeen) -> tuple[str, ...]:
    """The steps as text keys: what the bot can do by its rights, and what only people can."""
    if not seen.reachable:
        return ("closing.unseen",)
    can = [("permissions", "can_restrict_members")]
    if group.mode is GroupMode.GATED:
        can.append(("link", "can_invite_users"))
    if seen.is_forum:
        can.append(("topics", "can_manage_topics"))
    can.append(("pin", "can_pin_messages"))
    steps = [f"closing.{'will' if right in seen.rights else 'cannot'}_{step}" for step, right in can]
    return (*steps, "closing.limits")


async def _reason(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """A reason in one tap."""
    group, person = await _governed(pressed, tx)
    if person is None:
        return "closing.gone"
    values, rows = await _draft(group, person, services.texts.plain(f"{pressed.args['reason']}_full"), tx)
    await _show(pressed, Revise(pressed.bundle, pressed.telegram_id, "closing.confirm", values, rows), tx)
    return ""


async def _type(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Wait for a typed reason."""
    group, person = await _governed(pressed, tx)
    if person is None:
        return "closing.gone"
    await tx.prompts.ask(pressed.telegram_id, "close_reason", {"group": group.id}, school_id=group.school_id)
    rows: Rows = ((Press("closing.cancel_button", "close_cancel", {"group": group.id}),),)
    await _show(pressed, Revise(pressed.bundle, pressed.telegram_id, "closing.type_reason", _title(group), rows), tx)
    return ""


async def _typed(prompt: Prompt, text: str, *, tx: Transaction, services: Services, seen: object) -> None:
    group, to = await tx.groups.get(prompt.args["group"]), prompt.telegram_id
    person = await tx.people.by_telegram(to, group.school_id)
    reason, key = text.strip(), f"close-typed:{group.id}:{to}:{tx.now.timestamp()}"
    if person is None or not governs(person):
        return
    if not reason or len(reason) > REASON_CHARACTERS:
        await tx.prompts.ask(to, prompt.kind, dict(prompt.args), school_id=group.school_id)
        values = {"most": str(REASON_CHARACTERS)}
        await tx.outbox.put(Tell(to, "closing.reason_too_long", values), key=key, school_id=group.school_id)
        return
    values, rows = await _draft(group, person, reason, tx)
    await tx.outbox.put(Tell(to, "closing.confirm", values, rows), key=key, school_id=group.school_id)


async def _draft(group: Group, person: Person, reason: str, tx: Transaction) -> tuple[dict[str, str], Rows]:
    """Keep the reason, sealed, until it is confirmed; the message that asks for that."""
    draft = await tx.closures.add(
        school_id=group.school_id, group_id=group.id, closed_by=person.id, status=ClosureStatus.DRAFT, reason=reason
    )
    args = {"closure": draft.id, "group": group.id}
    rows: Rows = (
        (Press("closing.confirm_button", "close_confirm", args), Press("closing.cancel_button", "close_cancel", args)),
    )
    return {**_title(group), "reason": reason}, rows


async def _confirm(pressed: Pressed, *, tx: Transaction, services: Services, seen: GroupSeen) -> str:
    group, person = await _governed(pressed, tx)
    try:
        draft = await tx.closures.get(pressed.args["closure"])
    except NotFound:
        return "buttons.used"
    if person is None or draft.status is not ClosureStatus.DRAFT or group.status is not GroupStatus.SANCTIONED:
        return "closing.gone"
    await tx.closures.remove_draft(draft.id)
    order = order_for(group, person, seen, services, reason=draft.reason)
    await close(order, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now)
    await _show(pressed, Revise(pressed.bundle, pressed.telegram_id, "closing.under_way", _title(group)), tx)
    return "closing.toast"


async def _cancel(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    await tx.prompts.close(pressed.telegram_id)
    group, _ = await _governed(pressed, tx)
    if "closure" in pressed.args:
        await tx.closures.remove_draft(pressed.args["closure"])
    await _show(pressed, Revise(pressed.bundle, pressed.telegram_id, "closing.cancelled", _title(group)), tx)
    return "closing.cancelled_toast"


async def _governed(pressed: Pressed, tx: Transaction) -> tuple[Group, Person | None]:
    """The group of a button, and the presser if they (still) may decide about it."""
    group = await tx.groups.get(pressed.args["group"])
    person = await tx.people.by_telegram(pressed.telegram_id, group.school_id)
    return group, person if governs(person) else None


def _title(group: Group) -> dict[str, str]:
    return {"title": group.title}


async def _show(pressed: Pressed, revised: Revise, tx: Transaction) -> None:
    key = f"{pressed.bundle}:{revised.text}:{tx.now.timestamp()}"
    await tx.outbox.put(revised, key=key, school_id=pressed.school_id)


ACTIONS: Mapping[str, Action] = {
    "close_choose": Action(_choose, _look),
    "close_reason": Action(_reason),
    "close_type": Action(_type),
    "close_confirm": Action(_confirm, _look),
    "close_cancel": Action(_cancel),
}
ANSWERS: Mapping[str, Answer] = {"close_reason": Answer(_typed)}
