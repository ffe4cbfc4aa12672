"""Closing a group as far as Telegram lets a bot, step by step; what it refuses is named for a human (clause 4.6).

Each step is an effect about `closure:ID`, so that what came of it is found again. The group's own permissions
are saved when it is closed and never overwritten while it stays closed, however often it is closed again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moderation.effects import Effect, Pin, Press, RevokeLink, SetPermissions, SwitchTopic, Tell, TellGroup
from moderation.records import Closure, ClosureStatus, Group, Person, Topic
from moderation.usecases.closure_steps import (
    PERMISSIONS,
    ClosuresForClosing,
    GroupsForClosing,
    OutboxForClosing,
    PeopleForClosing,
    already_so,
    notice_key,
    reopening_key,
    step_key,
    step_of,
    turn_of,
    turn_of_key,
)
from moderation.usecases.rights import governs, heads
from moderation.vocabulary import Role

#: So long after a reopening what was seen of the group may be older than its permissions.
_JUST_OPENED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ClosingOrder:
    """What is to be closed: by whom, why, and what the group lets its members do now (empty if it cannot be seen).

    `confirmed` says whether it stands at once; a class rep's closure waits for the headteacher's word.
    `contact` is how parents reach the school, for the notice.
    """

    group: Group
    by: Person
    permissions: Mapping[str, bool] = field(default_factory=dict)
    reason: str = ""
    case_id: str | None = None
    confirmed: bool = True
    contact: str = ""
    has_primary_link: bool = False


async def close(
    order: ClosingOrder,
    *,
    closures: ClosuresForClosing,
    groups: GroupsForClosing,
    outbox: OutboxForClosing,
    now: datetime,
) -> Closure:
    """Close a group, or carry the steps out once more if it is closed already."""
    standing = await closures.open_for_group(order.group.id)
    if standing is None:
        closure = await closures.add(
            school_id=order.group.school_id,
            group_id=order.group.id,
            closed_by=order.by.id,
            status=ClosureStatus.CLOSING,
            reason=order.reason,
            case_id=order.case_id,
            confirmed_by=order.by.id if order.confirmed else None,
            saved_permissions=await _own_permissions(order, closures, outbox, now),
        )
    else:
        closure = await closures.change(standing.id, status=ClosureStatus.CLOSING, **_taken_over(standing, order, now))
    await _queue_steps(closure, order, groups=groups, outbox=outbox)
    return closure


def _taken_over(standing: Closure, order: ClosingOrder, now: datetime) -> dict[str, Any]:
    """What closing once more adds: a headteacher who closes what a rep has closed confirms it, with her own reason."""
    taken: dict[str, Any] = {}
    if not standing.saved_permissions and any(order.permissions.values()):
        # The first time the group could not be seen, and so was not closed either.
        taken["saved_permissions"] = dict(order.permissions)
    if not order.confirmed or standing.confirmed_by is not None:
        return taken
    taken |= {"confirmed_by": order.by.id, "confirmed_at": now}
    if order.reason:
        taken["reason"] = order.reason
    if order.case_id is not None:
        taken["case_id"] = order.case_id
    return taken


async def _own_permissions(
    order: ClosingOrder, closures: ClosuresForClosing, outbox: OutboxForClosing, now: datetime
) -> Mapping[str, bool]:
    """The group's own permissions: as seen now, unless those of an earlier closure were not given back by then."""
    last = await closures.last_for_group(order.group.id)
    if last is not None and last.saved_permissions:
        back = await outbox.outcome(reopening_key(last.id, "permissions"))
        if back is not None and (back.status != "sent" or _seen_before(last, order, now)):
            return last.saved_permissions
    return dict(order.permissions)


def _seen_before(last: Closure, order: ClosingOrder, now: datetime) -> bool:
    """Whether the group was looked at before it had its permissions back: it looks closed, just after it opened."""
    looks_closed = not any(order.permissions.values())
    return looks_closed and last.reopened_at is not None and now - last.reopened_at < _JUST_OPENED


async def _queue_steps(
    closure: Closure, order: ClosingOrder, *, groups: GroupsForClosing, outbox: OutboxForClosing
) -> None:
    group, about = order.group, f"closure:{closure.id}"
    turn = await turn_of(closure.id, outbox) + 1

    async def put(step: str, effect: Effect) -> None:
        await outbox.put(effect, key=step_key(closure.id, step, turn), school_id=group.school_id, about=about)

    names = {*PERMISSIONS, *closure.saved_permissions, *order.permissions}
    await put("permissions", SetPermissions(group.chat_id, dict.fromkeys(sorted(names), False)))
    if group.invite_link:
        await put("link", RevokeLink(group.chat_id, group.invite_link))
    if order.has_primary_link:
        await put("primary", RevokeLink(group.chat_id))
    for topic in await _topics_to_close(group, groups):
        await groups.see_topic(group.id, topic.thread_id, is_open=False, closed_by_us=True)
        await put(f"topic:{topic.thread_id}", SwitchTopic(group.chat_id, topic.thread_id, open=False))
    notice = await outbox.outcome(notice_key(closure.id))
    if notice is None:
        text = "closing.notice" if order.contact else "closing.notice_without_contact"
        await put("notice", TellGroup(group.chat_id, text, {"contact": order.contact} if order.contact else {}))
    if notice is None or notice.sent_message_id is not None:
        await put("pin", Pin(group.chat_id, notice_key(closure.id)))


async def _topics_to_close(group: Group, groups: GroupsForClosing) -> list[Topic]:
    """The open topics that were seen, and the General one, which every forum has."""
    if not group.is_forum:
        return []
    seen = await groups.topics(group.id)
    general = [] if any(topic.thread_id == 0 for topic in seen) else [Topic(0)]
    return [topic for topic in (*general, *seen) if topic.is_open]


async def settled(
    closure: Closure,
    group: Group,
    *,
    closures: ClosuresForClosing,
    people: PeopleForClosing,
    outbox: OutboxForClosing,
) -> None:
    """Once every step has been carried out or refused: note it, and tell the headteacher in one report.

    Whoever else closed it hears too: a deputy always, a class rep what a human admin must do, since she is one.
    """
    outcomes = await outbox.outcomes(f"closure:{closure.id}")
    if closure.status is not ClosureStatus.CLOSING or any(one.status == "waiting" for one in outcomes):
        return
    turn = await turn_of(closure.id, outbox)
    now_done = {step_of(one.key): one for one in outcomes if turn_of_key(one.key) == turn}
    steps = dict(closure.steps) | {step: one.status for step, one in now_done.items()}
    await closures.change(closure.id, status=ClosureStatus.CLOSED, steps=steps)
    refused = {step for step, one in now_done.items() if one.status == "refused" and not already_so(one)}
    lines = tuple(dict.fromkeys(f"closing.refused_{step.partition(':')[0]}" for step in sorted(refused)))
    text = "closing.report_refused" if lines else "closing.report"
    rows = ((Press("closing.again_button", "close_again", {"closure": closure.id}),),) if lines else ()
    answering = await heads(closure.school_id, people)
    author = await people.get(closure.closed_by)
    hears = author not in answering and (bool(lines) or governs(author))
    told = [*answering, author] if hears else answering
    for person in told:
        offered = rows if governs(person) else ()
        await outbox.put(
            Tell(person.telegram_id or 0, text, {"title": group.title}, offered, lines=lines),
            key=f"closure-report:{closure.id}:{turn}:{person.id}",
            school_id=closure.school_id,
        )


def may_close(person: Person, group: Group) -> bool:
    """Whether a class rep is that group's own; being its admin in Telegram is checked apart."""
    return Role.CLASS_REP in person.roles and bool(group.school_class) and person.school_class == group.school_class
