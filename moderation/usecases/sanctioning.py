"""Sanctioning: nothing is read in a group until a headteacher has approved it, and the bot does not stay uninvited."""

import re
from datetime import datetime
from typing import Any, Protocol

from moderation.effects import Effect, LeaveChat, MakeJoinLink, Pin, Press, Revise, Rows, Tell, TellGroup
from moderation.records import Group, GroupMode, GroupStatus, Person
from moderation.usecases.rights import PeopleToTell, heads, missing, report, report_of
from moderation.vocabulary import Role


class GroupsForSanctioning(Protocol):
    """What sanctioning needs of the groups."""

    async def of_school(self, school_id: str, status: GroupStatus | None = None) -> list[Group]:
        """A school's groups."""
        ...

    async def change(self, group_id: str, **values: Any) -> Group:
        """Set columns."""
        ...


class OutboxForSanctioning(Protocol):
    """What sanctioning needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect once for each key."""
        ...

    async def outcome(self, key: str) -> object | None:
        """What came of an effect; None if it was never queued."""
        ...


class PeopleForSanctioning(PeopleToTell, Protocol):
    """What sanctioning needs of the people."""

    async def of_school(self, school_id: str) -> list[Person]:
        """Everyone registered."""
        ...


async def ask(group: Group, *, mark: str, people: PeopleToTell, outbox: OutboxForSanctioning) -> None:
    """Put a new group to those who answer for the school, and report the rights that are missing in it."""
    for person in await heads(group.school_id, people):
        await _put_to(person, group, outbox)
    if missing(group):
        await report(group, mark=mark, people=people, outbox=outbox)


async def ask_waiting(person: Person, *, groups: GroupsForSanctioning, outbox: OutboxForSanctioning) -> None:
    """Put the groups that wait to a headteacher (or deputy) who has just enrolled; nothing for anybody else."""
    if person.telegram_id is None or not person.roles & {Role.HEADTEACHER, Role.DEPUTY}:
        return
    for group in await groups.of_school(person.school_id, GroupStatus.ASKED):
        asked = await _put_to(person, group, outbox)
        if asked and missing(group):
            key = f"group:{group.id}:rights:enrolled:{person.id}"
            await outbox.put(report_of(group, person.telegram_id), key=key, school_id=group.school_id)


async def sanction(
    group: Group,
    person: Person,
    mode: GroupMode,
    *,
    join_url: str,
    groups: GroupsForSanctioning,
    people: PeopleForSanctioning,
    outbox: OutboxForSanctioning,
    now: datetime,
) -> Group:
    """A headteacher approves a group. A gated one gets its own join link, an open one a pinned notice.

    Args:
        join_url: opens the bot's private chat from the notice.
    """
    classes = sorted({one.school_class for one in await people.of_school(group.school_id) if one.school_class})
    school_class = group.school_class or class_in(group.title, classes)
    changed = await groups.change(
        group.id,
        status=GroupStatus.SANCTIONED,
        mode=mode,
        school_class=school_class,
        decided_by=person.id,
        decided_at=now,
    )
    text = "group.sanctioned_gated" if mode is GroupMode.GATED else "group.sanctioned_open"
    await _settle(changed, text, people=people, outbox=outbox)
    stamp = _stamp(changed)
    if mode is GroupMode.GATED:
        await make_link(changed, mark=stamp, outbox=outbox)
    else:
        notice = f"group:{group.id}:notice:{stamp}"
        button = ((Press("group.notice_button", url=join_url),),)
        await outbox.put(
            TellGroup(group.chat_id, "group.open_notice", rows=button), key=notice, school_id=group.school_id
        )
        await outbox.put(Pin(group.chat_id, notice), key=f"{notice}:pin", school_id=group.school_id)
    if not school_class and classes and person.telegram_id is not None:
        await _ask_class(changed, person.telegram_id, classes, outbox)
    return changed


async def make_link(group: Group, *, mark: str, outbox: OutboxForSanctioning) -> None:
    """Make the join link of a gated group; what comes of it is told by `link_made` or `link_refused`."""
    await outbox.put(
        MakeJoinLink(group.chat_id, group.id),
        key=f"group:{group.id}:link:{mark}",
        school_id=group.school_id,
        about=f"group:{group.id}",
    )


async def link_made(group: Group, link: str, *, mark: str, people: PeopleToTell, outbox: OutboxForSanctioning) -> None:
    """Tell those who give the link out, and that a human must end the group's other links."""
    reps = [
        person
        for person in await people.holding(group.school_id, Role.CLASS_REP)
        if group.school_class and person.school_class == group.school_class
    ]
    for person in (*await heads(group.school_id, people), *reps):
        if person.telegram_id is not None:
            await outbox.put(
                Tell(person.telegram_id, "group.link", {"title": group.title, "link": link}),
                key=f"group:{group.id}:link-told:{mark}:{person.id}",
                school_id=group.school_id,
            )


async def link_refused(group: Group, *, mark: str, people: PeopleToTell, outbox: OutboxForSanctioning) -> None:
    """Tell the headteacher that the link could not be made, and what a human admin must do."""
    for person in await heads(group.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, "group.link_refused", {"title": group.title}),
            key=f"group:{group.id}:link-refused:{mark}:{person.id}",
            school_id=group.school_id,
        )


async def leave(
    group: Group,
    text: str,
    *,
    status: GroupStatus,
    groups: GroupsForSanctioning,
    people: PeopleToTell,
    outbox: OutboxForSanctioning,
    now: datetime,
    decided_by: str | None = None,
) -> None:
    """Leave a group that was refused, or that nobody answered for; `text` is what the headteacher is told."""
    changed = await groups.change(group.id, status=status, decided_by=decided_by, decided_at=now)
    await _settle(changed, text, people=people, outbox=outbox)
    await say_goodbye(group.chat_id, mark=_stamp(group), school_id=group.school_id, outbox=outbox)


async def say_goodbye(chat_id: int, *, mark: str, outbox: OutboxForSanctioning, school_id: str = "") -> None:
    """Leave a chat politely."""
    await outbox.put(TellGroup(chat_id, "group.goodbye"), key=f"goodbye:{chat_id}:{mark}", school_id=school_id)
    await outbox.put(LeaveChat(chat_id), key=f"leave:{chat_id}:{mark}", school_id=school_id)


def class_in(title: str, classes: list[str]) -> str:
    """The one class whose name a group's title holds as words of its own, or an empty string.

    Oak is no class of "Oakfield parents": its class rep could close the whole school's group.
    """
    held = [name for name in classes if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title, re.IGNORECASE)]
    return held[0] if len(held) == 1 else ""


def _stamp(group: Group) -> str:
    """What tells one asking from the next, however soon it comes: the group may be left and joined within a second."""
    return f"{group.asked_at.timestamp():.6f}" if group.asked_at else "0"


def _ask_key(group: Group, person: Person) -> str:
    return f"group:{group.id}:ask:{_stamp(group)}:{person.id}"


async def _put_to(person: Person, group: Group, outbox: OutboxForSanctioning) -> bool:
    rows: Rows = tuple(
        (Press(f"group.{choice}_button", "sanction", {"group": group.id, "choice": choice}),)
        for choice in ("gated", "open", "refuse")
    )
    tell = Tell(person.telegram_id or 0, "group.ask", {"title": group.title}, rows)
    return await outbox.put(tell, key=_ask_key(group, person), school_id=group.school_id)


async def _ask_class(group: Group, to: int, classes: list[str], outbox: OutboxForSanctioning) -> None:
    rows: Rows = tuple(
        (Press("group.class_button", "group_class", {"group": group.id, "class": name}, {"class": name}),)
        for name in classes
    )
    tell = Tell(to, "group.which_class", {"title": group.title}, rows)
    await outbox.put(tell, key=f"group:{group.id}:class:{_stamp(group)}", school_id=group.school_id)


async def _settle(group: Group, text: str, *, people: PeopleToTell, outbox: OutboxForSanctioning) -> None:
    """Say what became of the question, in place of it, to everybody who was asked; else in a message of its own."""
    for person in await heads(group.school_id, people):
        asked, values, to = _ask_key(group, person), {"title": group.title}, person.telegram_id or 0
        done = f"{asked}:{text}"
        if await outbox.outcome(asked) is None:
            await outbox.put(Tell(to, text, values), key=done, school_id=group.school_id)
        else:
            await outbox.put(Revise(asked, to, text, values), key=done, school_id=group.school_id)
