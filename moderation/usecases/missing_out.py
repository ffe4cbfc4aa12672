"""Telling the headteacher, once, how many messages could not be read and were given up."""

from typing import Protocol

from moderation.effects import Effect, Tell
from moderation.records import Person
from moderation.vocabulary import Role


class PeopleForMissingOut(Protocol):
    """What this needs of the people."""

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        """Everyone in the school who holds a role."""
        ...


class EffectsForMissingOut(Protocol):
    """What this needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "") -> bool:
        """Queue an effect under a key; False if the key was used before."""
        ...


async def tell_of_unread(
    *, school_id: str, count: int, last: int, people: PeopleForMissingOut, outbox: EffectsForMissingOut
) -> bool:
    """Say how many messages were given up; `last` is the number of the newest. False if nobody can be told yet."""
    reachable = [one for one in await people.holding(school_id, Role.HEADTEACHER) if one.telegram_id is not None]
    text = "unread.one" if count == 1 else "unread.many"
    for person in reachable:
        await outbox.put(
            Tell(to=person.telegram_id or 0, text=text, values={"count": str(count)}),
            key=f"unread:{school_id}:{last}:{person.id}",
            school_id=school_id,
        )
    return bool(reachable)
