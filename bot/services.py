"""What every handler and sweep works with; built once, in the composition root."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telegram import Bot, Update
from telegram.ext import CallbackContext

from bot.clock import Clock
from bot.runtime.screening import ScreeningQueue
from config.conduct import CodeOfConduct, PrivacyNotice
from config.settings import Settings
from config.texts import Texts
from moderation.engine import Engine
from moderation.policy import Policy
from storage.store import Store, Transaction


class AlreadyHandled(Exception):
    """The update was handled before; nothing is to be done again."""


@dataclass(frozen=True)
class Services:
    """The parts a handler may use. `username` is the bot's own, without the @."""

    settings: Settings
    clock: Clock
    store: Store
    texts: Texts
    code: CodeOfConduct
    notice: PrivacyNotice
    policy: Policy
    engine: Engine
    bot: Bot
    username: str = ""
    outbox_ready: asyncio.Event = field(default_factory=asyncio.Event)
    inbox_ready: asyncio.Event = field(default_factory=asyncio.Event)
    screening: ScreeningQueue = field(default_factory=ScreeningQueue)

    @asynccontextmanager
    async def transaction(self, name: str) -> AsyncIterator[Transaction]:
        """A use case's transaction; what it queued is carried out once it has committed."""
        async with self.store.transaction(name, self.clock.now()) as tx:
            yield tx
        self.outbox_ready.set()

    @asynccontextmanager
    async def handling(self, update: Update, name: str) -> AsyncIterator[Transaction]:
        """A transaction that handles one update: its state and the update's `done` are committed together.

        Raises:
            AlreadyHandled: the update is not waiting any more.
        """
        async with self.transaction(name) as tx:
            if not await tx.inbox.is_waiting(update.update_id):
                raise AlreadyHandled
            yield tx
            await tx.inbox.done(update.update_id)

    def deep_link(self, payload: str) -> str:
        """A link that opens the bot with `/start payload` (64 characters at most)."""
        return f"https://t.me/{self.username}?start={payload}"


def services_of(context: CallbackContext) -> Services:  # type: ignore[type-arg]  # only bot_data is read
    """The services that the composition root put beside the handlers."""
    found: Services = context.bot_data["services"]
    return found
