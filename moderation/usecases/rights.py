"""What the bot needs to be allowed in a group, and the report of what is missing: told again only when it changes.

Names of rights are Telegram's (https://core.telegram.org/bots/api#chatmemberadministrator).
"""

from typing import Protocol

from moderation.effects import Effect, Tell
from moderation.records import Group, Person
from moderation.vocabulary import Role

#: Delete a command; close the group; let people in and make links; pin the notice; close topics.
RIGHTS = (
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_FORUMS_ONLY = "can_manage_topics"
#: Not a right: a basic group has to become a supergroup first.
SUPERGROUP = "supergroup"


class PeopleToTell(Protocol):
    """What telling needs of the people."""

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        """Everyone who holds a role."""
        ...

    async def by_telegram(self, telegram_id: int, school_id: str | None = None) -> Person | None:
        """Whom an account belongs to."""
        ...


class Outbox(Protocol):
    """Where effects are queued."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect once for each key."""
        ...


async def heads(school_id: str, people: PeopleToTell) -> list[Person]:
    """Who answers for the school's groups: headteachers within reach or, where there is none, deputies.

    Where everybody has blocked the bot, whoever has an account: the message is refused, and that is on record.
    """
    answering = [await people.holding(school_id, role) for role in (Role.HEADTEACHER, Role.DEPUTY)]
    bound = [[person for person in persons if person.telegram_id is not None] for persons in answering]
    within_reach = [[person for person in persons if not person.bot_blocked] for persons in bound]
    return next(filter(None, [*within_reach, *bound]), [])


def governs(person: Person | None) -> bool:
    """Whether a person may decide about the school's groups."""
    return person is not None and bool(person.roles & {Role.HEADTEACHER, Role.DEPUTY})


def missing(group: Group) -> tuple[str, ...]:
    """What the bot lacks in a group: rights by name, and `supergroup` where it is a basic group still."""
    held = group.rights if group.bot_is_admin else frozenset()
    lacking = [right for right in RIGHTS if right not in held and (group.is_forum or right != _FORUMS_ONLY)]
    return tuple(lacking) if group.is_supergroup else (*lacking, SUPERGROUP)


def report_of(group: Group, to: int) -> Tell:
    """The report in plain words: what is missing, one line each, and how a human admin puts it right."""
    lacking = missing(group)
    values = {"title": group.title}
    if not lacking:
        return Tell(to=to, text="rights.complete", values=values)
    lines = tuple(f"rights.{right}" for right in lacking if right != SUPERGROUP)
    how: tuple[str, ...] = ()
    if lines:
        how = ("rights.how" if group.bot_is_admin else "rights.how_admin",)
    if SUPERGROUP in lacking:
        how = (*how, "rights.how_supergroup")
    if not lines:
        return Tell(to=to, text="rights.basic_group", values=values, lines=how)
    text = "rights.some_missing" if group.bot_is_admin else "rights.not_admin"
    return Tell(to=to, text=text, values=values, lines=(*lines, *how))


async def report(group: Group, *, mark: str, people: PeopleToTell, outbox: Outbox) -> None:
    """Tell those who answer for the group, and whoever added the bot if the school knows them, what is missing.

    Args:
        mark: tells this report from earlier ones (the number of the update that it follows from).
    """
    told = {person.telegram_id for person in await heads(group.school_id, people)}
    if group.added_by is not None and await people.by_telegram(group.added_by, group.school_id) is not None:
        told.add(group.added_by)
    for account in sorted(account for account in told if account is not None):
        await outbox.put(
            report_of(group, account),
            key=f"group:{group.id}:rights:{mark}:{account}",
            school_id=group.school_id,
        )
