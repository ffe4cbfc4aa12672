"""A closure is watched, since a bot cannot bind other admins: what loosens it is noticed and told.

Each kind is told once; after the group has been closed again it may be told again, an hour later at the earliest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from moderation.effects import Press, Rows, Tell
from moderation.records import Closure, ClosureStatus, Group
from moderation.usecases.closure_steps import OutboxForClosing, step_of, turn_of
from moderation.usecases.rights import PeopleToTell, heads

#: An admin let members do something again; somebody who still can has written; somebody asked to join.
LIFTED, POSTED, ASKED = "lifted", "posted", "asked"
_APART = timedelta(hours=1)


class ClosuresForWatching(Protocol):
    """What watching needs of the closures."""

    async def told(self, closure_id: str) -> Mapping[str, str]:
        """What has been told, and when."""
        ...

    async def change(self, closure_id: str, **values: Any) -> Closure:
        """Set columns."""
        ...


async def noticed(
    kind: str,
    closure: Closure,
    group: Group,
    *,
    closures: ClosuresForWatching,
    people: PeopleToTell,
    outbox: OutboxForClosing,
    now: datetime,
) -> bool:
    """Tell the headteacher that something loosens a closure. False if it is not in force, or was told before."""
    if closure.status is not ClosureStatus.CLOSED:
        return False
    told, turn = await closures.told(closure.id), await turn_of(closure.id, outbox)
    if not _is_due(told.get(kind, ""), turn, now):
        return False
    await closures.change(closure.id, told={**told, kind: f"{turn} {now.isoformat()}"})
    for person in await heads(closure.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, f"watch.{kind}", {"title": group.title}, _choices(kind, closure)),
            key=f"watch:{closure.id}:{kind}:{turn}:{person.id}",
            school_id=closure.school_id,
        )
    return True


async def look(
    permissions: Mapping[str, bool],
    closure: Closure,
    group: Group,
    *,
    closures: ClosuresForWatching,
    people: PeopleToTell,
    outbox: OutboxForClosing,
    now: datetime,
) -> bool:
    """Compare what members may do now with what the closure set. True if the headteacher was told of a change."""
    await closures.change(closure.id, watched_at=now)
    if not any(permissions.values()) or not await _was_closed(closure, outbox):
        return False
    return await noticed(LIFTED, closure, group, closures=closures, people=people, outbox=outbox, now=now)


async def _was_closed(closure: Closure, outbox: OutboxForClosing) -> bool:
    """Whether Telegram ever took the permissions away; if it refused, the report has said so."""
    outcomes = await outbox.outcomes(f"closure:{closure.id}")
    steps = [one for one in outcomes if step_of(one.key) == "permissions"]
    return bool(steps) and steps[-1].status == "sent"


def _is_due(last: str, turn: int, now: datetime) -> bool:
    if not last:
        return True
    told_in_turn, _, at = last.partition(" ")
    return int(told_in_turn) < turn and now - datetime.fromisoformat(at) >= _APART


def _choices(kind: str, closure: Closure) -> Rows:
    args = {"closure": closure.id}
    if kind == LIFTED:
        return (
            (Press("watch.again_button", "close_again", args),),
            (Press("watch.open_button", "watch_open", args),),
        )
    return ((Press("watch.keep_button", "watch_keep", args),), (Press("watch.open_button", "watch_open", args),))
