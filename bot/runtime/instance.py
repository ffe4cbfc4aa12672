"""One instance runs: takes the lock in the database, and keeps it by a heartbeat."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.services import Services
from storage.errors import AlreadyRunning
from storage.lock import SILENCE

_log = logging.getLogger(__name__)

_BEAT_SECONDS = 5.0


class Instance:
    """This process's claim to be the bot. `holder` is "host:process:random"."""

    def __init__(self, services: Services, holder: str) -> None:
        self._services = services
        self._holder = holder

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[asyncio.Task[None]]":
        """Hold the lock for as long as the block runs. What is yielded ends, with AlreadyRunning, if it is lost.

        Raises:
            AlreadyRunning: another instance runs on this database.
        """
        await self._beat()
        task = asyncio.create_task(self._keep(), name="heartbeat")
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, AlreadyRunning):
                await task
            async with self._services.store.transaction("unlock", self._services.clock.now()) as tx:
                await tx.lock.give_back(self._holder)

    async def _beat(self) -> None:
        async with self._services.store.transaction("lock", self._services.clock.now()) as tx:
            await tx.lock.take(self._holder, is_dead=holder_is_dead)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            try:
                await self._beat()
            except AlreadyRunning:
                _log.critical("another instance has taken over; silence of %s s is enough for that", SILENCE.seconds)
                raise
            except Exception as error:  # noqa: BLE001 - a missed beat is made good by the next
                _log.warning("a heartbeat was missed: %s", type(error).__name__)


def holder_is_dead(holder: str) -> bool:
    """Whether a holder on this host is a process that no longer exists; of another host nobody can tell."""
    host, process, _ = holder.split(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()
