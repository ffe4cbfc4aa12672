"""Closing a group as far as Telegram lets a bot, step by step; what it refuses is named for a human (clause 4.6).

Each step is an effect about `closure:ID`, so that what came of it is found again. The group's own permissions
are saved when it is closed and never overwritten while it stays closed, however often it is closed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from moderation.effects import (
    Effect,
    Pin,
    Press,
    RevokeLink,
    SetPermissions,
    SwitchTopic,
    Tell,
    TellGroup,
)
from moderation.records import Closure, ClosureStatus, Group, Person, Topic
from moderation.usecases.rights import PeopleToTell, heads
from moderation.vocabulary import Role

#: Every permission of ordinary members (https://core.telegram.org/bots/api#chatpermissions).
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


class Outcome(Protocol):
    """What came of an effect."""

    @property
    def key(self) -> str:
        """Its outbox key."""
        ...

    @property
    def status(self) -> str:
        """`waiting`, `sent` or `refused`."""
        ...

    @property
    def refusal(self) -> str:
        """Why Telegram refused it."""
        ...

    @property
    def sent_message_id(self) -> int | None:
        """The message that was sent."""
        ...


class OutboxForClosing(Protocol):
    """What closing needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect once for each key."""
        ...

    async def outcome(self, key: str) -> Outcome | None:
        """What came of one effect."""
        ...

    async def outcomes(self, about: str) -> Sequence[Outcome]:
        """What came of everything about one thing."""
        ...


class ClosuresForClosing(Protocol):
    """What closing needs of the closures."""

    async def add(
        self,
        *,
        school_id: str,
        group_id: str,
        closed_by: str,
        status: ClosureStatus,
        reason: str = "",
        case_id: str | None = None,
        confirmed_by: str | None = None,
        saved_permissions: Mapping[str, bool] | None = None,
    ) -> Closure:
        """Write one."""
        ...

    async def change(self, closure_id: str, **values: Any) -> Closure:
        """Set columns."""
        ...

    async def open_for_group(self, group_id: str) -> Closure | None:
        """The closure in force."""
        ...

    async def last_for_group(self, group_id: str) -> Closure | None:
        """The latest one."""
        ...


class GroupsForClosing(Protocol):
    """What closing needs of the groups."""

    async def topics(self, group_id: str) -> list[Topic]:
        """Forum topics that were seen."""
        ...

    async def see_topic(
        self, group_id: str, thread_id: int, *, is_open: bool | None = None, closed_by_us: bool | None = None
    ) -> None:
        """Remember what a topic is."""
        ...


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
            saved_permissions=await _own_permissions(order, closures, outbox),
        )
    else:
        closure = await closures.change(standing.id, status=ClosureStatus.CLOSING, **_taken_over(standing, order, now))
    await _queue_steps(closure, order, groups=groups, outbox=outbox)
    return closure


def _taken_over(standing: Closure, order: ClosingOrder, now: datetime) -> dict[str, Any]:
    """A headteacher who closes what a rep has closed confirms it, with her own reason."""
    if not order.confirmed or standing.confirmed_by is not None:
        return {}
    taken: dict[str, Any] = {"confirmed_by": order.by.id, "confirmed_at": now}
    if order.reason:
        taken["reason"] = order.reason
    if order.case_id is not None:
        taken["case_id"] = order.case_id
    return taken


async def _own_permissions(
    order: ClosingOrder, closures: ClosuresForClosing, outbox: OutboxForClosing
) -> Mapping[str, bool]:
    """The group's own permissions: as seen now, unless those of an earlier closure were never given back."""
    last = await closures.last_for_group(order.group.id)
    if last is not None and last.saved_permissions:
        back = await outbox.outcome(reopening_key(last.id, "permissions"))
        if back is not None and back.status != "sent":
            return last.saved_permissions
    return dict(order.permissions)


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
    people: PeopleToTell,
    outbox: OutboxForClosing,
) -> None:
    """Once every step has been carried out or refused: note it, and tell the headteacher in one report."""
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
    for person in await heads(closure.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, text, {"title": group.title}, rows, lines=lines),
            key=f"closure-report:{closure.id}:{turn}:{person.id}",
            school_id=closure.school_id,
        )


def already_so(outcome: Outcome) -> bool:
    """Whether Telegram refused a step because a human had done it before."""
    return "TOPIC_NOT_MODIFIED" in outcome.refusal.upper()


async def turn_of(closure_id: str, outbox: OutboxForClosing) -> int:
    """How often the steps of a closure have been queued."""
    keys = [one.key for one in await outbox.outcomes(f"closure:{closure_id}")]
    return max((turn_of_key(key) for key in keys), default=0)


def step_key(closure_id: str, step: str, turn: int) -> str:
    """The outbox key of a step: `closure:ID:step`, and from the second turn on `closure:ID:step@turn`."""
    return f"closure:{closure_id}:{step}" + (f"@{turn}" if turn > 1 else "")


def step_of(key: str) -> str:
    """The step of a key, without the id and the turn: "permissions", "topic:7"."""
    return key.split(":", 2)[2].partition("@")[0]


def turn_of_key(key: str) -> int:
    """The turn of a key."""
    return int(key.partition("@")[2] or 1)


def notice_key(closure_id: str) -> str:
    """The outbox key of the notice in the group; it is sent once a closure."""
    return f"closure:{closure_id}:notice"


def reopening_key(closure_id: str, step: str) -> str:
    """The outbox key of a step of the reopening."""
    return f"reopening:{closure_id}:{step}"


def may_close(person: Person, group: Group) -> bool:
    """Whether a class rep is that group's own; being its admin in Telegram is checked apart."""
    return Role.CLASS_REP in person.roles and bool(group.school_class) and person.school_class == group.school_class
