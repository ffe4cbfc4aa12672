"""Who must be reachable before the bot may meet real people (DESIGN.md, decisions taken)."""

from datetime import UTC, datetime

from moderation.records import Person
from moderation.vocabulary import Role
from storage.store import Store

#: One of each must have opened the bot by a one-time link and not have blocked it.
NEEDED = (
    (frozenset({Role.HEADTEACHER, Role.DEPUTY}), "a headteacher or deputy"),
    (frozenset({Role.DSL, Role.CHAIR}), "a designated safeguarding lead or chair"),
)


async def missing_recipients(store: Store) -> list[str]:
    """Which recipients nobody could reach, a line for each school; empty when all is well."""
    lines = []
    async with store.transaction("readiness", datetime.now(UTC)) as tx:
        schools = await tx.schools.all()
        if not schools:
            lines.append('no school is registered: type schoolgate school add "NAME".')
        for school in schools:
            people = await tx.people.of_school(school.id)
            lines += [f"{school.name}: {line}" for line in unreachable(people)]
    return lines


def unreachable(people: list[Person]) -> list[str]:
    """Which of the needed recipients are not on the roster, or hold no working link to the bot."""
    lines = []
    for roles, words in NEEDED:
        holders = [person for person in people if person.roles & roles]
        if not holders:
            lines.append(f"{words} is not on the roster: add them and import it again.")
        elif {person.id for person in holders} and all(person.bot_blocked for person in holders):
            lines.append(f"{words} has blocked the bot: ask them to open it again.")
    return lines
