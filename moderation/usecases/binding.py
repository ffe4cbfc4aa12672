"""One-time codes: a code from the school's letter ties a Telegram account to one person, once.

A code that does not fit is counted by account, and after ten in an hour the account has to wait. What is said
about it never tells whose code it was.
"""

from datetime import datetime, timedelta
from typing import Protocol

from moderation.effects import Effect, Tell
from moderation.records import Binding, CodeUse, Person, School
from moderation.vocabulary import Role

TRIES = 10
TRIES_WITHIN = timedelta(hours=1)

#: Which welcome a person gets who holds several roles: the first that fits.
_WELCOMES = (
    (Role.HEADTEACHER, "welcome.headteacher"),
    (Role.CHAIR, "welcome.chair"),
    (Role.DSL, "welcome.dsl"),
    (Role.DEPUTY, "welcome.deputy"),
    (Role.OFFICE, "welcome.office"),
    (Role.TEACHER, "welcome.staff"),
    (Role.STAFF, "welcome.staff"),
    (Role.GOVERNOR, "welcome.staff"),
    (Role.CLASS_REP, "welcome.class_rep"),
    (Role.PARENT, "welcome.parent"),
)
_REFUSALS = {
    CodeUse.UNKNOWN: "start.unknown",
    CodeUse.EXPIRED: "start.expired",
    CodeUse.USED: "start.used",
    CodeUse.SOMEBODY_ELSE: "start.somebody_else",
    CodeUse.HAS_ACCOUNT: "start.has_account",
}


class PeopleForBinding(Protocol):
    """What binding needs of the people."""

    async def bind(self, code: str, telegram_id: int) -> Binding:
        """Tie an account to a person."""
        ...

    async def failed_tries(self, telegram_id: int, since: datetime) -> int:
        """How many codes did not fit."""
        ...

    async def note_failed_try(self, telegram_id: int) -> None:
        """Count one that did not."""
        ...


class SchoolsForBinding(Protocol):
    """Where a school's name is found."""

    async def get(self, school_id: str) -> School:
        """One school."""
        ...


class OutboxForBinding(Protocol):
    """Where effects are queued."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue one, once."""
        ...


async def use_code(
    code: str,
    telegram_id: int,
    *,
    people: PeopleForBinding,
    outbox: OutboxForBinding,
    schools: SchoolsForBinding,
    now: datetime,
    key: str,
) -> Binding | None:
    """Use a code and welcome the person, or say kindly why not. None while the account has to wait.

    Args:
        key: what makes the answer one of a kind.
    """
    if await people.failed_tries(telegram_id, now - TRIES_WITHIN) >= TRIES:
        await outbox.put(Tell(telegram_id, "start.pause"), key=key)
        return None
    binding = await people.bind(code, telegram_id)
    if binding.person is None:
        if binding.use is not CodeUse.SOMEBODY_ELSE:
            await people.note_failed_try(telegram_id)
        await outbox.put(Tell(telegram_id, _REFUSALS[binding.use]), key=key)
        return binding
    person = binding.person
    text = welcome_of(person) if binding.use is CodeUse.BOUND else "start.again"
    values = {"name": person.name, "school": (await schools.get(person.school_id)).name}
    await outbox.put(Tell(telegram_id, text, values=values), key=key, school_id=person.school_id)
    return binding


def welcome_of(person: Person) -> str:
    """The text key of the welcome that fits a person's roles."""
    return next(text for role, text in _WELCOMES if role in person.roles)
