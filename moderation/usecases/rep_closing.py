"""A class rep closes her own class's group at once; the headteacher is told, and confirms or lifts it."""

from datetime import datetime
from typing import Any, Protocol

from moderation.effects import Effect, Press, Revise, Rows, Tell
from moderation.records import Closure, Group, Person
from moderation.usecases.rights import PeopleToTell, heads


class ClosuresForReps(Protocol):
    """What it needs of the closures."""

    async def change(self, closure_id: str, **values: Any) -> Closure:
        """Set columns."""
        ...


class OutboxForReps(Protocol):
    """What it needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect once for each key."""
        ...

    async def outcome(self, key: str) -> object | None:
        """What came of an effect; None if it was never queued."""
        ...


class PeopleForReps(PeopleToTell, Protocol):
    """What it needs of the people."""

    async def get(self, person_id: str) -> Person:
        """One of them."""
        ...


async def put_to_headteacher(
    closure: Closure, group: Group, rep: Person, *, people: PeopleToTell, outbox: OutboxForReps
) -> None:
    """Tell those who answer for the group what a class rep has done, and ask them to confirm or lift it."""
    args = {"closure": closure.id}
    rows: Rows = (
        (Press("closing.confirm_rep_button", "rep_confirm", args),),
        (Press("closing.lift_rep_button", "rep_lift", args),),
    )
    for person in await heads(group.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, "closing.rep_told", {"title": group.title, "rep": rep.name}, rows),
            key=_asked_key(closure, person),
            school_id=group.school_id,
        )


async def give_reason(
    closure: Closure,
    group: Group,
    rep: Person,
    reason: str,
    *,
    closures: ClosuresForReps,
    people: PeopleToTell,
    outbox: OutboxForReps,
) -> None:
    """Keep the reason that a class rep gives afterwards, and pass it on; a headteacher's own reason stays."""
    if closure.confirmed_by is None or not closure.reason:
        await closures.change(closure.id, reason=reason)
    for person in await heads(group.school_id, people):
        values = {"title": group.title, "rep": rep.name, "reason": reason}
        await outbox.put(
            Tell(person.telegram_id or 0, "closing.rep_reason", values),
            key=f"closure-rep-reason:{closure.id}:{person.id}",
            school_id=group.school_id,
        )


async def confirm(
    closure: Closure,
    group: Group,
    by: Person,
    *,
    closures: ClosuresForReps,
    people: PeopleForReps,
    outbox: OutboxForReps,
    now: datetime,
) -> None:
    """A headteacher confirms a class rep's closure: from now on only she reopens it."""
    await closures.change(closure.id, confirmed_by=by.id, confirmed_at=now)
    await settle(closure, group, "closing.rep_confirmed", people=people, outbox=outbox)
    await tell_rep(closure, group, "closing.rep_confirmed_word", people=people, outbox=outbox)


async def settle(closure: Closure, group: Group, text: str, *, people: PeopleToTell, outbox: OutboxForReps) -> None:
    """Say what became of the question in place of it, its buttons gone; nothing where it was never asked."""
    for person in await heads(group.school_id, people):
        asked = _asked_key(closure, person)
        if await outbox.outcome(asked) is not None:
            revised = Revise(asked, person.telegram_id or 0, text, {"title": group.title})
            await outbox.put(revised, key=f"{asked}:{text}", school_id=group.school_id)


async def tell_rep(closure: Closure, group: Group, text: str, *, people: PeopleForReps, outbox: OutboxForReps) -> None:
    """Tell a class rep what became of her closure."""
    rep = await people.get(closure.closed_by)
    if rep.telegram_id is not None:
        told = Tell(rep.telegram_id, text, {"title": group.title})
        await outbox.put(told, key=f"closure-rep-word:{closure.id}:{text}", school_id=group.school_id)


def _asked_key(closure: Closure, person: Person) -> str:
    return f"closure-rep:{closure.id}:{person.id}"
