"""The sweep over messages that could not be read: the headteacher gets one notice with a count."""

from collections import defaultdict
from datetime import timedelta

from bot.services import Services
from moderation.usecases.missing_out import tell_of_unread
from storage.inbox import Unread
from storage.store import Transaction

#: While other messages of the school still fail, the notice waits for them, but no longer than this.
PATIENCE = timedelta(hours=24)


async def tell_of_what_was_given_up(services: Services) -> None:
    """Tell each headteacher how many messages were given up since the last such notice."""
    async with services.store.transaction("look for unread", services.clock.now()) as tx:
        if not await tx.inbox.given_up():
            return
    async with services.transaction("tell of unread") as tx:
        lost = await _by_school(await tx.inbox.given_up(), tx)
        failing = await _by_school(await tx.inbox.failing(), tx)
        for school_id, messages in lost.items():
            if school_id in failing and tx.now - min(one.at for one in messages) < PATIENCE:
                continue
            numbers = [one.update_id for one in messages]
            if await tell_of_unread(
                school_id=school_id, count=len(numbers), last=max(numbers), people=tx.people, outbox=tx.outbox
            ):
                await tx.inbox.counted(numbers)


async def _by_school(messages: list[Unread], tx: Transaction) -> dict[str, list[Unread]]:
    found: defaultdict[str, list[Unread]] = defaultdict(list)
    for message in messages:
        group = await tx.groups.by_chat(message.lane)
        if group is not None:
            found[group.school_id].append(message)
    return dict(found)
