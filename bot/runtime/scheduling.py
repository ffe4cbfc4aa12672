"""Sweeps by the clock: each in its turn, one of each at a time, and none ends the others."""

import logging
from collections.abc import Sequence

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.services import Services
from bot.sweeps import SWEEPS, Sweep

_log = logging.getLogger(__name__)


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
