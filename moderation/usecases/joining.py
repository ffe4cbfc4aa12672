"""Into a gated group: only people the school knows, who have acknowledged the code of conduct.

Everybody else is told in private what to do, and waits. Who has no letter is declined and the office told, without
any name. Consenting to be read is no condition. While a group is closed nobody gets in.
"""

from datetime import timedelta

from moderation.effects import AnswerJoin, Press, Revise, Tell
from moderation.records import Group, GroupMode, GroupStatus, JoinRequest, Person
from moderation.usecases.agreeing import has_acknowledged, next_step
from moderation.usecases.gate import Gate
from moderation.vocabulary import Role

#: How many codes that do not fit a request survives.
TRIES_WHILE_WAITING = 3

#: `about` of the message after which a request is declined: Telegram lets the bot write only before that.
DECLINE_AFTER = "join-decline:"
#: `about` of the answer to a request.
ANSWERED = "join-answer:"


def is_gated(group: Group | None) -> bool:
    """Whether the bot keeps the gate of a group."""
    return group is not None and group.status is GroupStatus.SANCTIONED and group.mode is GroupMode.GATED


async def ask_to_join(
    group: Group, telegram_id: int, user_chat_id: int, *, wait: timedelta, join_url: str, gate: Gate
) -> JoinRequest:
    """Somebody asks to come into a gated group: approve, decline while it is closed, or tell them what is missing.

    Args:
        user_chat_id: where they may be written to until the request is answered, for 5 minutes at most.
        wait: how long the request waits.
        join_url: a link that opens the bot; only that lets the bot write to them later.
    """
    person = await gate.people.by_telegram(telegram_id, group.school_id)
    closed = await gate.closures.open_for_group(group.id) is not None
    known = person is not None and await has_acknowledged(person, papers=gate.papers, consents=gate.consents)
    request = await gate.joining.add(
        school_id=group.school_id,
        group_id=group.id,
        telegram_id=telegram_id,
        user_chat_id=user_chat_id,
        status="declined" if closed else "approved" if known else "waiting",
        wait=wait,
    )
    if closed:
        await _tell_then_decline(request, "join.closed", group.title, gate=gate)
    elif known:
        await _answer(request, approve=True, gate=gate)
    elif person is not None:
        await _put(Tell(user_chat_id, "join.read_first", {"title": group.title}), request, "ask", gate=gate)
        key = f"join:{request.id}"
        await next_step(person, papers=gate.papers, consents=gate.consents, outbox=gate.outbox, key=key)
    else:
        open_bot = Press("join.open_bot", url=join_url)
        no_link = Press("join.no_link", action="join.no_link", args={"request": request.id})
        tell = Tell(user_chat_id, "join.who_are_you", {"title": group.title}, ((open_bot,), (no_link,)))
        await _put(tell, request, "ask", gate=gate)
    return request


async def admit(person: Person, *, gate: Gate) -> None:
    """Let a person in wherever they wait, once nothing about the code stands in the way."""
    if person.telegram_id is None:
        return
    if not await has_acknowledged(person, papers=gate.papers, consents=gate.consents):
        return
    for request in await gate.joining.waiting_of(person.telegram_id):
        if request.school_id != person.school_id:
            continue
        group = await gate.groups.get(request.group_id)
        if await gate.closures.open_for_group(group.id) is not None:
            await gate.joining.settle(request.id, "declined")
            await _tell_then_decline(request, "join.closed", group.title, gate=gate)
        else:
            await gate.joining.settle(request.id, "approved")
            await _answer(request, approve=True, gate=gate)
            approved = Tell(person.telegram_id, "join.approved", {"title": group.title})
            await _put(approved, request, "approved", gate=gate)


async def turn_away(request: JoinRequest, why: str, *, gate: Gate, under: str = "") -> bool:
    """Decline a request that waits and tell the office, without any name. False if it was settled before.

    Args:
        why: "no_link", "late" or "codes": which texts are used.
        under: the outbox key of the message to change instead of sending a new one.
    """
    if not await gate.joining.settle(request.id, "declined"):
        return False
    group = await gate.groups.get(request.group_id)
    await _tell_then_decline(request, f"join.declined_{why}", group.title, gate=gate, under=under)
    await tell_office(group, f"join.office_{why}", key=f"join:{request.id}:office", gate=gate)
    return True


async def count_failed_code(telegram_id: int, *, gate: Gate) -> None:
    """After too many codes that do not fit, decline whatever the account waits for."""
    for request in await gate.joining.waiting_of(telegram_id):
        if await gate.people.failed_tries(telegram_id, request.requested_at) >= TRIES_WHILE_WAITING:
            await turn_away(request, "codes", gate=gate)


async def came_in(group: Group, telegram_id: int, *, gate: Gate) -> None:
    """Somebody is in a gated group now. If the school does not know them, the office is told, once."""
    for request in await gate.joining.waiting_of(telegram_id):
        if request.group_id == group.id:
            await gate.joining.settle(request.id, "let_in")
    if await gate.people.by_telegram(telegram_id, group.school_id) is None:
        key = f"join:stranger:{group.id}:{telegram_id}"
        await tell_office(group, "join.office_stranger", key=key, gate=gate)


async def decline_now(request: JoinRequest, *, gate: Gate) -> None:
    """Decline in Telegram, once the person has been told, or cannot be."""
    await _answer(request, approve=False, gate=gate)


async def not_let_in(request: JoinRequest, *, gate: Gate) -> None:
    """Telegram did not take the approval (a right is missing, as a rule): a human admin must do it."""
    group = await gate.groups.get(request.group_id)
    await tell_office(group, "join.office_by_hand", key=f"join:{request.id}:by-hand", gate=gate)


async def tell_office(group: Group, text: str, *, key: str, gate: Gate) -> None:
    """Tell the school office, or the headteacher where nobody of the office is connected."""
    for role in (Role.OFFICE, Role.HEADTEACHER):
        reached = [one for one in await gate.people.holding(group.school_id, role) if one.telegram_id is not None]
        for person in reached:
            tell = Tell(person.telegram_id or 0, text, {"title": group.title})
            await gate.outbox.put(tell, key=f"{key}:{person.id}", school_id=group.school_id)
        if reached:
            return


async def _tell_then_decline(request: JoinRequest, text: str, title: str, *, gate: Gate, under: str = "") -> None:
    values, to = {"title": title, "contact": gate.contact}, request.user_chat_id
    tell = Revise(under, to, text, values) if under else Tell(to, text, values)
    await _put(tell, request, "declined", gate=gate, about=f"{DECLINE_AFTER}{request.id}")


async def _answer(request: JoinRequest, *, approve: bool, gate: Gate) -> None:
    answer = AnswerJoin(request.chat_id, request.telegram_id, approve)
    await _put(answer, request, "answer", gate=gate, about=f"{ANSWERED}{request.id}")


async def _put(
    effect: Tell | Revise | AnswerJoin, request: JoinRequest, what: str, *, gate: Gate, about: str = ""
) -> None:
    await gate.outbox.put(effect, key=f"join:{request.id}:{what}", school_id=request.school_id, about=about)
