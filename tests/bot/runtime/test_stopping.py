"""A stop ends everything, also what let a first cancellation pass."""

import asyncio
from contextlib import suppress

from bot.app import _cancelled


async def test_a_task_that_lets_a_cancellation_pass_is_cancelled_again() -> None:
    waiting = asyncio.Event()

    async def stubborn() -> None:
        with suppress(asyncio.CancelledError):
            waiting.set()
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await waiting.wait()
    await _cancelled({task})
    assert task.cancelled()
