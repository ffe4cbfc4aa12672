"""/reopen, and the buttons under what is told of a closure: close again, leave open, keep it closed."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.handlers.closing import order_for
from bot.handlers.looking import GroupSeen, is_human_admin, look_at_group
from bot.handlers.pressing import Action
from bot.services import Services, services_of
from moderation.effects import Press, Revise, Rows, Tell
from moderation.records import Closure, ClosureStatus, Group, GroupStatus, Person
from moderation.usecases import rep_closing
from moderation.usecases.closing import close
from moderation.usecases.reopening import may_reopen, reopen
from moderation.usecases.rights import governs
from moderation.vocabulary import Role
from storage.buttons import Pressed
from storage.store import Transaction

_IN_FORCE = frozenset({ClosureStatus.CLOSING, ClosureStatus.CLOSED})


async def reopen_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer /reopen in private: the headteacher chooses a group, a class rep opens what she closed."""
    services, user = services_of(context), update.effective_user
    if user is None:
        return
    async with services.store.transaction("peek", services.clock.now()) as tx:
        person = await tx.people.by_telegram(user.id)
        closed = await _closed_groups(person, tx) if person is not None else []
    own = [(closure, group) for closure, group in closed if person is not None and closure.closed_by == person.id]
    is_admin = bool(own) and not governs(person) and await is_human_admin(own[0][1].chat_id, user.id, services)
    async with services.handling(update, "reopen") as tx:
        key = f"reopen:{update.update_id}"
        if person is not None and governs(person):
            await _offer(person, user.id, closed, key, tx)
        elif person is not None and own:
            closure = await tx.closures.get(own[0][0].id)
            await reopen_by_rep(closure, own[0][1], person, user.id, is_admin=is_admin, key=key, tx=tx)
        else:
            rep = person is not None and Role.CLASS_REP in person.roles
            await tx.outbox.put(Tell(user.id, "reopening.none" if rep else "closing.not_for_you"), key=key)


async def reopen_by_rep(
    closure: Closure, group: Group, rep: Person, to: int, *, is_admin: bool, key: str, tx: Transaction
) -> None:
    """A class rep opens again what she closed, as long as nobody has confirmed it."""
    refused = may_reopen(rep, closure) or ("" if is_admin else "closing.rep_not_admin")
    if refused:
        await tx.outbox.put(Tell(to, refused, {"title": group.title}), key=key, school_id=group.school_id)
        return
    if await reopen(closure, group, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now):
        await tx.outbox.put(Tell(to, "reopening.under_way", {"title": group.title}), key=key, school_id=group.school_id)
        await rep_closing.settle(closure, group, "closing.rep_reopened", people=tx.people, outbox=tx.outbox)


async def _closed_groups(person: Person, tx: Transaction) -> list[tuple[Closure, Group]]:
    found = []
    for group in await tx.groups.of_school(person.school_id, GroupStatus.SANCTIONED):
        closure = await tx.closures.open_for_group(group.id)
        if closure is not None:
            found.append((closure, group))
    return found


async def _offer(person: Person, to: int, closed: list[tuple[Closure, Group]], key: str, tx: Transaction) -> None:
    rows: Rows = tuple(
        (Press("reopening.group_button", "reopen_group", {"closure": closure.id}, {"title": group.title}),)
        for closure, group in closed
    )
    text = "reopening.choose" if closed else "reopening.none"
    await tx.outbox.put(Tell(to, text, rows=rows), key=key, school_id=person.school_id)


async def reopen_as_headteacher(closure: Closure, group: Group, tx: Transaction) -> bool:
    """Open a group again by the headteacher's word; a class rep whose closure it was is told."""
    if not await reopen(closure, group, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now):
        return False
    await rep_closing.settle(closure, group, "closing.rep_lifted", people=tx.people, outbox=tx.outbox)
    if not governs(await tx.people.get(closure.closed_by)):
        await rep_closing.tell_rep(closure, group, "closing.rep_lifted_word", people=tx.people, outbox=tx.outbox)
    return True


async def _reopen(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    closure, group, person = await governed_closure(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    opened = await reopen_as_headteacher(closure, group, tx)
    text = "reopening.under_way" if opened else "reopening.open_already"
    await show(pressed, text, group, tx)
    return "reopening.toast" if opened else "buttons.used"


async def look_at_closed(pressed: Pressed, services: Services) -> GroupSeen:
    """What Telegram says of the group of a closure."""
    async with services.store.transaction("peek", services.clock.now()) as tx:
        group = await tx.groups.get((await tx.closures.get(pressed.args["closure"])).group_id)
    return await look_at_group(group.chat_id, services)


async def _close_again(pressed: Pressed, *, tx: Transaction, services: Services, seen: GroupSeen) -> str:
    closure, group, person = await governed_closure(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    if closure.status not in _IN_FORCE:
        await show(pressed, "reopening.open_already", group, tx)
        return "buttons.used"
    order = order_for(group, person, seen, services)
    await close(order, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now)
    await show(pressed, "closing.under_way", group, tx)
    return "closing.toast"


async def _keep(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    _, group, person = await governed_closure(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    await show(pressed, "watch.kept", group, tx)
    return "watch.kept_toast"


async def governed_closure(pressed: Pressed, tx: Transaction) -> tuple[Closure, Group, Person | None]:
    """The closure of a button and its group, and the presser if they (still) may decide about it."""
    closure = await tx.closures.get(pressed.args["closure"])
    group = await tx.groups.get(closure.group_id)
    person = await tx.people.by_telegram(pressed.telegram_id, group.school_id)
    return closure, group, person if governs(person) else None


async def show(pressed: Pressed, text: str, group: Group, tx: Transaction) -> None:
    """Say in place of the question what was chosen; its buttons go."""
    revised = Revise(pressed.bundle, pressed.telegram_id, text, {"title": group.title})
    key = f"{pressed.bundle}:{text}:{tx.now.timestamp()}"
    await tx.outbox.put(revised, key=key, school_id=pressed.school_id)


ACTIONS: Mapping[str, Action] = {
    "reopen_group": Action(_reopen),
    "watch_open": Action(_reopen),
    "watch_keep": Action(_keep),
    "close_again": Action(_close_again, look_at_closed),
}
