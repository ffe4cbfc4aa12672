"""Periodic work as sweeps over due rows: safe to miss, safe to repeat."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.services import Services
from bot.sweeps_alerts import alert_whoever_is_missing
from bot.sweeps_groups import leave_unanswered_groups, watch_closures
from bot.sweeps_joining import decline_overdue_requests
from bot.sweeps_purging import delete_what_is_overdue
from bot.sweeps_unread import tell_of_what_was_given_up

_log = logging.getLogger(__name__)

Sweep = Callable[[Services], Awaitable[None]]

#: Every sweep, in the order in which they are told of in docs/operations.md.
SWEEPS: Sequence[Sweep] = (
    leave_unanswered_groups,
    decline_overdue_requests,
    watch_closures,
    alert_whoever_is_missing,
    tell_of_what_was_given_up,
    delete_what_is_overdue,
)


def scheduler(services: Services, sweeps: Sequence[Sweep] = SWEEPS) -> AsyncIOScheduler:
    """A scheduler that runs each sweep every `sweep_seconds`, one of each at a time."""
    made = AsyncIOScheduler(timezone="UTC")
    for sweep in sweeps:
        made.add_job(
            _guarded(sweep),
            IntervalTrigger(seconds=services.settings.sweep_seconds),
            args=(services,),
            max_instances=1,
            coalesce=True,
            id=sweep.__name__,
        )
    return made


def _guarded(sweep: Sweep) -> Sweep:
    async def run(services: Services) -> None:
        try:
            await sweep(services)
        except Exception as error:  # noqa: BLE001 - a sweep that fails is tried again at the next turn
            _log.error("a sweep failed: sweep=%s error=%s", sweep.__name__, type(error).__name__)

    return run
