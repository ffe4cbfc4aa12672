"""/groups: where the school's groups stand, and how many of their parents are covered."""

import asyncio
from dataclasses import dataclass

from telegram import ChatMember, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import ContextTypes

from bot.services import Services, services_of
from moderation.effects import Tell
from moderation.records import Group, GroupMode, GroupStatus, Person
from moderation.usecases.rights import governs
from moderation.vocabulary import Role
from storage.store import Transaction

_INSIDE = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})
#: How many people are looked up at a time, so that a large school does not crowd other calls out.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Cover:
    """A group as Telegram shows it: how many members besides the bot, and which registered accounts are in it."""

    members: int
    inside: frozenset[int]


async def groups_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer /groups in private: one message a group."""
    services, user = services_of(context), update.effective_user
    if user is None:
        return
    async with services.store.transaction("peek", services.clock.now()) as tx:
        person = await tx.people.by_telegram(user.id)
        groups = await tx.groups.of_school(person.school_id) if person is not None and governs(person) else []
        parents = await _parents(person.school_id, tx) if person is not None and groups else []
    seen = {
        group.id: await _cover(group, parents, services) for group in groups if group.status is GroupStatus.SANCTIONED
    }
    async with services.handling(update, "groups") as tx:
        if person is None or not governs(person):
            await tx.outbox.put(Tell(user.id, "groups.not_for_you"), key=f"groups:{update.update_id}")
            return
        mark = f"groups:{update.update_id}"
        tells = [await _tell(group, seen.get(group.id), user.id, parents, services, tx) for group in groups]
        first = Tell(user.id, "groups.head" if tells else "groups.none")
        for number, tell in enumerate((first, *tells)):
            await tx.outbox.put(tell, key=f"{mark}:{number}", school_id=person.school_id)


async def _parents(school_id: str, tx: Transaction) -> list[Person]:
    return [
        person
        for person in await tx.people.of_school(school_id)
        if Role.PARENT in person.roles and person.telegram_id is not None and not person.is_staff
    ]


async def _cover(group: Group, parents: list[Person], services: Services) -> Cover | None:
    """Who is in the group now; None if Telegram does not show it to the bot."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def inside(telegram_id: int) -> int | None:
        async with slots:
            try:
                member = await services.bot.get_chat_member(group.chat_id, telegram_id)
            except (BadRequest, Forbidden):
                return None
        present = member.status in _INSIDE or bool(getattr(member, "is_member", False))
        return telegram_id if present else None

    try:
        members = await services.bot.get_chat_member_count(group.chat_id)
    except (BadRequest, Forbidden, ChatMigrated):
        return None
    found = await asyncio.gather(*(inside(person.telegram_id) for person in parents if person.telegram_id is not None))
    return Cover(members - 1, frozenset(account for account in found if account is not None))


async def _tell(
    group: Group, cover: Cover | None, to: int, parents: list[Person], services: Services, tx: Transaction
) -> Tell:
    values = {"title": group.title}
    if group.status is not GroupStatus.SANCTIONED:
        return Tell(to, f"groups.{group.status}", values)
    closed = await tx.closures.open_for_group(group.id) is not None
    lines = ("groups.is_closed",) if closed else ()
    if cover is None:
        return Tell(to, "groups.unseen", values, lines=lines)
    here = [person for person in parents if person.telegram_id in cover.inside]
    acknowledged = [person for person in here if await _has_read(person, services, tx)]
    standing = await tx.consents.standing(group.school_id, set(cover.inside), services.notice.version)
    values |= {
        "members": str(cover.members),
        "parents": str(len(here)),
        "acknowledged": str(len(acknowledged)),
        "consented": str(len(standing)),
    }
    text = "groups.gated" if group.mode is GroupMode.GATED else "groups.open"
    return Tell(to, text, values, lines=lines)


async def _has_read(person: Person, services: Services, tx: Transaction) -> bool:
    read = await tx.consents.acknowledgement(person.id)
    return read is not None and read.version == services.code.version
