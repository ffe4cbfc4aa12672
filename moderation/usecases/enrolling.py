"""Bringing the people of a school up to date with its roster, and giving out one-time codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderation.records import Person
from moderation.rosters import RosterEntry, RosterRefused
from moderation.vocabulary import Role


class PeopleForEnrolling(Protocol):
    """What an import needs of the people."""

    async def of_school(self, school_id: str) -> list[Person]:
        """Everyone registered."""
        ...

    async def add(
        self,
        *,
        school_id: str,
        name: str,
        roles: frozenset[Role],
        school_class: str = "",
        children: Sequence[str] = (),
        ref: str = "",
    ) -> Person:
        """Register one."""
        ...

    async def change(
        self,
        person_id: str,
        *,
        name: str,
        roles: frozenset[Role],
        school_class: str,
        children: Sequence[str],
        ref: str = "",
    ) -> Person:
        """Bring one up to date."""
        ...

    async def issue_code(self, person_id: str, valid: timedelta) -> tuple[str, datetime]:
        """A fresh one-time code and its expiry."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does about one person: "new", "changed", "same", or "absent" (registered, not in the file)."""

    what: str
    entry: RosterEntry | None
    person: Person | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person after the import; `code` is None if they have an account already or hold a code that still works."""

    person: Person
    what: str
    code: str | None = None
    expires_at: datetime | None = None


def compare(entries: Sequence[RosterEntry], registered: Sequence[Person]) -> list[Change]:
    """What importing these entries would change. Nobody is ever removed by an import.

    Raises:
        RosterRefused: somebody of that name is registered, and which of two people is meant cannot be told.
    """
    by_ref = {person.ref: person for person in registered if person.ref}
    changes, met = [], dict[str, int]()
    for entry in entries:
        person = by_ref.get(entry.ref) or _of_that_name(entry, registered)
        if person is None:
            changes.append(Change("new", entry, None))
            continue
        if person.id in met:
            raise RosterRefused(
                f"somebody of this name is registered without a ref, and may be this person or that of line "
                f"{met[person.id]}; first import the roster with the one of the two who is registered.",
                entry.line,
            )
        met[person.id] = entry.line
        changes.append(Change("same" if _agrees(entry, person) else "changed", entry, person))
    absent = [Change("absent", None, person) for person in registered if person.id not in met]
    return changes + absent


def _of_that_name(entry: RosterEntry, registered: Sequence[Person]) -> Person | None:
    """Whom an entry means that no ref leads to: the one registered of that name, if that one has no ref."""
    namesakes = [person for person in registered if person.name.casefold() == entry.name.casefold()]
    plain = [person for person in namesakes if not person.ref]
    if namesakes and not plain and not entry.ref:
        raise RosterRefused(
            "somebody of this name is registered with a ref; give it here too, or another if it is somebody else.",
            entry.line,
        )
    return plain[0] if plain else None


async def enrol(
    entries: Sequence[RosterEntry],
    *,
    school_id: str,
    people: PeopleForEnrolling,
    valid: timedelta,
    fresh_codes: bool = False,
) -> list[Enrolled]:
    """Import a roster: new people are added and given codes, changed ones brought up to date.

    Args:
        valid: how long a code can be used.
        fresh_codes: give a new code to everyone who has no account yet (the earlier ones stop working).

    Raises:
        RosterRefused: which of two people is meant cannot be told; nobody has been changed.
    """
    results = []
    for change in compare(entries, await people.of_school(school_id)):
        if change.entry is None:
            continue
        person = await _settle(change.entry, change.person, change.what, school_id, people)
        if person.telegram_id is None and (change.what == "new" or fresh_codes):
            code, expires_at = await people.issue_code(person.id, valid)
            results.append(Enrolled(person, change.what, code, expires_at))
        else:
            results.append(Enrolled(person, change.what))
    return results


async def _settle(
    entry: RosterEntry, person: Person | None, what: str, school_id: str, people: PeopleForEnrolling
) -> Person:
    if person is None:
        return await people.add(
            school_id=school_id,
            name=entry.name,
            roles=entry.roles,
            school_class=entry.school_class,
            children=entry.children,
            ref=entry.ref,
        )
    if what == "same":
        return person
    return await people.change(
        person.id,
        name=entry.name,
        roles=entry.roles,
        school_class=entry.school_class,
        children=entry.children,
        ref=entry.ref,
    )


def _agrees(entry: RosterEntry, person: Person) -> bool:
    mine: Mapping[str, object] = {
        "name": entry.name,
        "roles": entry.roles,
        "class": entry.school_class,
        "children": entry.children,
        "ref": entry.ref,
    }
    return mine == {
        "name": person.name,
        "roles": person.roles,
        "class": person.school_class,
        "children": person.children,
        "ref": person.ref,
    }
