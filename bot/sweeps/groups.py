"""Sweeps over groups: those that nobody answered for are left, and closures are watched."""

import logging
from datetime import timedelta

from telegram.error import TelegramError

from bot.handlers.looking import look_at_group
from bot.services import Services
from moderation.records import GroupStatus
from moderation.usecases import sanctioning, watching

_log = logging.getLogger(__name__)

#: How often the permissions of a closed group are looked at.
_WATCH_EVERY = timedelta(minutes=1)


async def leave_unanswered_groups(services: Services) -> None:
    """Leave each group that has waited for a headteacher's answer longer than `sanction_days`."""
    async with services.transaction("leave unanswered groups") as tx:
        for group in await tx.groups.asked_before(tx.now - services.settings.sanction_wait):
            await sanctioning.leave(
                group,
                "group.lapsed",
                status=GroupStatus.LEFT,
                groups=tx.groups,
                people=tx.people,
                outbox=tx.outbox,
                now=tx.now,
            )


async def watch_closures(services: Services) -> None:
    """Look at what members may do in each closed group, and tell the headteacher if an admin has lifted it."""
    async with services.store.transaction("peek", services.clock.now()) as tx:
        due = [
            (closure, await tx.groups.get(closure.group_id))
            for closure in await tx.closures.to_watch(tx.now - _WATCH_EVERY)
        ]
    for closure, group in due:
        try:
            seen = await look_at_group(group.chat_id, services)
        except TelegramError as error:
            # The other groups are looked at all the same; this one at the next turn.
            _log.warning("a closed group could not be looked at: id=%s error=%s", group.id, type(error).__name__)
            continue
        async with services.transaction("watch a closure") as tx:
            await watching.look(
                seen.permissions,
                await tx.closures.get(closure.id),
                group,
                closures=tx.closures,
                people=tx.people,
                outbox=tx.outbox,
                now=tx.now,
            )
