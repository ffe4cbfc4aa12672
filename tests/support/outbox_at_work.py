"""The carrier at work over a real outbox, and waiting for what becomes of an effect."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.runtime.carrying import Carrier
from bot.services import Services
from moderation.effects import Effect, Tell
from storage.outbox import SENT

HELLO = Tell(7, "help.staff")


async def queue(services: Services, *effects: Effect) -> None:
    """Queue effects under the keys "0", "1" and so on."""
    async with services.transaction("queue") as tx:
        for key, effect in enumerate(effects):
            await tx.outbox.put(effect, key=str(key))


async def status(services: Services, key: str = "0") -> str:
    async with services.store.transaction("look", services.clock.now()) as tx:
        outcome = await tx.outbox.outcome(key)
    assert outcome is not None
    return outcome.status


@asynccontextmanager
async def carrying_out(services: Services) -> AsyncIterator[Carrier]:
    carrier = Carrier(services)
    task = asyncio.create_task(carrier.run())
    try:
        yield carrier
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await carrier.finish()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await true():  # noqa: ASYNC110 - the state is in the database
            await asyncio.sleep(0.01)


async def carried(services: Services, *keys: str, as_: str = SENT) -> None:
    """Carry out until these keys have that status."""
    async with carrying_out(services):
        await settled(services, *keys, as_=as_)


async def settled(services: Services, *keys: str, as_: str = SENT) -> None:
    """Wait until these keys have that status."""

    async def all_are() -> bool:
        return all([await status(services, key) == as_ for key in keys])

    await until(all_are)
