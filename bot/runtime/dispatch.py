"""From the inbox to the handlers: in order within a chat, chats side by side.

`Application.process_update` swallows what a handler raises and returns normally, so failures are noted by the
error handler, and an update is done only if none was noted for it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor, CallbackContext

from bot.services import AlreadyHandled, Services
from storage.errors import DatabaseUnavailable
from storage.inbox import Received

_log = logging.getLogger(__name__)

#: After this long a message that could not be handled is dropped (DESIGN.md, life of a message, 9).
GIVE_UP = timedelta(hours=24)
_SIDE_BY_SIDE = 64
_SLOWEST = 900


class PerChatProcessor(BaseUpdateProcessor):
    """Handles the updates of one chat one after another, in the order in which they were started."""

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=_SIDE_BY_SIDE)
        self._chats: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's earlier updates, then handle this one."""
        lane = lane_of(update) if isinstance(update, Update) else 0
        async with self._chats[lane]:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""


def lane_of(update: Update) -> int:
    """The chat whose order an update belongs to."""
    chat = update.effective_chat
    if chat is not None:
        return chat.id
    return update.effective_user.id if update.effective_user else 0


class Dispatcher:
    """Starts a task for each waiting update and settles what becomes of it."""

    def __init__(self, services: Services, application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
        self._services = services
        self._application = application
        self._running: dict[int, asyncio.Task[None]] = {}
        self._failed: dict[int, str] = {}

    async def note_failure(self, update: object, context: "CallbackContext[Any, Any, Any, Any]") -> None:
        """Remember, for the update that a handler failed on, the kind of failure; never its words."""
        error = context.error
        if isinstance(update, Update) and not isinstance(error, AlreadyHandled):
            self._failed[update.update_id] = type(error).__name__
            _log.error("an update failed: id=%s error=%s", update.update_id, type(error).__name__)

    async def run(self) -> None:
        """Handle what is due, now and whenever more comes, until cancelled."""
        services = self._services
        while True:
            services.inbox_ready.clear()
            try:
                await self._start()
            except DatabaseUnavailable as error:
                _log.error("the inbox could not be read: %s", error)
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(services.settings.sweep_seconds):
                    await services.inbox_ready.wait()

    async def _start(self) -> None:
        """Start a task for each update that is due and has none."""
        services = self._services
        busy = set(self._running)
        async with services.store.transaction("dispatch", services.clock.now()) as tx:
            due = await tx.inbox.due()
        for received in due:
            # One that was being handled before the look may be done by now.
            if received.update_id not in busy:
                self._running[received.update_id] = asyncio.create_task(self._handle(received))

    async def finish(self) -> None:
        """Wait for what is being handled."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _handle(self, received: Received) -> None:
        try:
            update = Update.de_json(dict(received.payload), self._services.bot)
            await self._application.update_processor.process_update(update, self._process(update, received))
        except Exception as error:  # noqa: BLE001 - a row that cannot even be parsed must not stop the others
            _log.error("an update could not be dispatched: id=%s error=%s", received.update_id, type(error).__name__)
            await self._give_back(received, type(error).__name__)
        finally:
            self._running.pop(received.update_id, None)

    async def _give_back(self, received: Received, error: str) -> None:
        """Try again later, or at the next look if even that cannot be kept."""
        try:
            await self._settle(received, error)
        except DatabaseUnavailable as unkept:
            _log.error("an update could not be put off: id=%s %s", received.update_id, unkept)

    async def _process(self, update: Update, received: Received) -> None:
        await self._application.process_update(update)
        await self._settle(received, self._failed.pop(received.update_id, ""))

    async def _settle(self, received: Received, error: str) -> None:
        services = self._services
        async with services.transaction("settle") as tx:
            if not error:
                await tx.inbox.done(received.update_id)
            elif tx.now - received.received_at >= GIVE_UP:
                await tx.inbox.drop(received.update_id, error)
            else:
                delay = timedelta(seconds=min(_SLOWEST, 2 ** (received.attempts + 1)))
                await tx.inbox.postpone(received.update_id, error, delay)
