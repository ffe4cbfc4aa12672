"""The private pointer to the complaints procedure (clauses 3.1d and 3.2): no case, nobody told, rarely repeated."""

from datetime import datetime, timedelta
from typing import Protocol

from moderation.effects import Effect, Tell
from moderation.records import Person


class PeopleForPointing(Protocol):
    """What pointing needs of the people."""

    async def pointed_at(self, person_id: str) -> datetime | None:
        """When somebody last got a pointer."""
        ...

    async def set_pointed(self, person_id: str) -> None:
        """Somebody got one now."""
        ...


class EffectsForPointing(Protocol):
    """What pointing needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "") -> bool:
        """Queue an effect under a key; False if the key was used before."""
        ...


async def point(
    *,
    person: Person,
    group_title: str,
    how: str,
    every: timedelta,
    people: PeopleForPointing,
    outbox: EffectsForPointing,
    now: datetime,
) -> bool:
    """Tell a parent in private how to take a grievance to the school; False if they were told lately.

    Args:
        how: where the complaints procedure is, as plain text.
        every: how long one pointer is enough.
    """
    last = await people.pointed_at(person.id)
    if person.telegram_id is None or (last is not None and now - last < every):
        return False
    await people.set_pointed(person.id)
    return await outbox.put(
        Tell(to=person.telegram_id, text="pointer.complaint", values={"group": group_title, "how": how}),
        key=f"pointer:{person.id}:{now.isoformat()}",
        school_id=person.school_id,
    )
