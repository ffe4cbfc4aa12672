"""A group becomes a supergroup or gets another title: the bot goes along, and the headteacher knows."""

from typing import Any, Protocol

from moderation.effects import Tell
from moderation.records import Group, GroupMode, GroupStatus
from moderation.usecases.rights import PeopleToTell, heads
from moderation.usecases.sanctioning import OutboxForSanctioning, make_link


class GroupsForRegrouping(Protocol):
    """What it needs of the groups."""

    async def by_chat(self, chat_id: int) -> Group | None:
        """The group with a Telegram id."""
        ...

    async def change(self, group_id: str, **values: Any) -> Group:
        """Set columns."""
        ...

    async def forget(self, group_id: str) -> None:
        """Take a stub away."""
        ...


class OutboxForRegrouping(OutboxForSanctioning, Protocol):
    """What it needs of the outbox."""

    async def move_lane(self, old_chat: int, new_chat: int) -> None:
        """What waits for the old id goes to the new one."""
        ...


async def upgraded(
    old_chat: int, new_chat: int, *, groups: GroupsForRegrouping, people: PeopleToTell, outbox: OutboxForRegrouping
) -> Group | None:
    """A basic group became a supergroup and has another Telegram id. Saying so twice changes nothing more."""
    await outbox.move_lane(old_chat, new_chat)
    group, stub = await groups.by_chat(old_chat), await groups.by_chat(new_chat)
    if group is None:
        return stub
    if stub is not None:
        # Telegram said that the bot is in the new group before it said which group it had been.
        if stub.status is not GroupStatus.ASKED:
            return stub
        await groups.forget(stub.id)
    changed = await groups.change(group.id, chat_id=new_chat, is_supergroup=True, invite_link="")
    for person in await heads(group.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, "group.upgraded", {"title": group.title}),
            key=f"group:{group.id}:upgraded:{new_chat}:{person.id}",
            school_id=group.school_id,
        )
    if changed.status is GroupStatus.SANCTIONED and changed.mode is GroupMode.GATED:
        await make_link(changed, mark=f"upgraded:{new_chat}", outbox=outbox)
    return changed


async def renamed(
    group: Group,
    title: str,
    *,
    mark: str,
    groups: GroupsForRegrouping,
    people: PeopleToTell,
    outbox: OutboxForRegrouping,
) -> Group:
    """A group has another title."""
    changed = await groups.change(group.id, title=title)
    for person in await heads(group.school_id, people):
        await outbox.put(
            Tell(person.telegram_id or 0, "group.renamed", {"before": group.title, "title": title}),
            key=f"group:{group.id}:renamed:{mark}:{person.id}",
            school_id=group.school_id,
        )
    return changed
