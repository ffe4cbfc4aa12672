"""Opening a group again, exactly as it was: its own permissions, and only the topics that the closure closed."""

from collections.abc import Mapping
from datetime import datetime

from moderation.effects import Effect, MakeJoinLink, Pin, SetPermissions, SwitchTopic, Tell, TellGroup
from moderation.records import Closure, ClosureStatus, Group, GroupMode, Person
from moderation.usecases.closure_steps import (
    ClosuresForClosing,
    GroupsForClosing,
    OutboxForClosing,
    already_so,
    notice_key,
    reopening_key,
)
from moderation.usecases.rights import PeopleToTell, governs, heads


def may_reopen(person: Person, closure: Closure) -> str:
    """Whether a person may open the group again: an empty string, or the key of the text that says why not.

    A class rep reopens only her own closure, until a headteacher has confirmed it.
    """
    if governs(person):
        return ""
    if closure.closed_by != person.id:
        return "reopening.not_yours"
    return "" if closure.confirmed_by is None else "reopening.confirmed_meanwhile"


async def reopen(
    closure: Closure,
    group: Group,
    *,
    closures: ClosuresForClosing,
    groups: GroupsForClosing,
    outbox: OutboxForClosing,
    now: datetime,
) -> bool:
    """Open a group again. False if it is open already."""
    if closure.status not in {ClosureStatus.CLOSING, ClosureStatus.CLOSED}:
        return False
    await closures.change(closure.id, status=ClosureStatus.REOPENED, reopened_at=now)
    about = f"reopening:{closure.id}"

    async def put(step: str, effect: Effect) -> None:
        await outbox.put(effect, key=reopening_key(closure.id, step), school_id=group.school_id, about=about)

    if closure.saved_permissions:
        await put("permissions", SetPermissions(group.chat_id, closure.saved_permissions))
    for topic in await groups.topics(group.id):
        if topic.closed_by_us:
            await groups.see_topic(group.id, topic.thread_id, is_open=True, closed_by_us=False)
            await put(f"topic:{topic.thread_id}", SwitchTopic(group.chat_id, topic.thread_id, open=True))
    notice = await outbox.outcome(notice_key(closure.id))
    if notice is not None and notice.status != "refused":
        await put("pin", Pin(group.chat_id, notice_key(closure.id), pinned=False))
    await put("notice", TellGroup(group.chat_id, "reopening.notice"))
    if group.mode is GroupMode.GATED:
        link = MakeJoinLink(group.chat_id, group.id)
        key = reopening_key(closure.id, "link")
        await outbox.put(link, key=key, school_id=group.school_id, about=f"group:{group.id}")
    return True


async def settled(closure: Closure, group: Group, *, people: PeopleToTell, outbox: OutboxForClosing) -> None:
    """Once every step has been carried out or refused, tell the headteacher in one report."""
    outcomes = await outbox.outcomes(f"reopening:{closure.id}")
    if any(one.status == "waiting" for one in outcomes):
        return
    refused = [one.key.split(":")[2] for one in outcomes if one.status == "refused" and not already_so(one)]
    if not closure.saved_permissions:
        refused.append("permissions")
    lines = tuple(f"reopening.refused_{step}" for step in sorted(set(refused)))
    text = "reopening.report_refused" if lines else "reopening.report"
    values: Mapping[str, str] = {"title": group.title}
    for person in await heads(closure.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, text, values, lines=lines),
            key=f"reopening-report:{closure.id}:{person.id}",
            school_id=closure.school_id,
        )
