"""A counter that others can wait on: how the world tells the page and the tests that it has changed."""

import asyncio
from contextlib import suppress


class Changes:
    """A sequence number that grows by one with every change."""

    def __init__(self) -> None:
        self.seq = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def bump(self) -> None:
        """Count one change and wake everybody who waits."""
        self.seq += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def beyond(self, seq: int, timeout_s: float) -> int:
        """Return the current number once it is greater than ``seq``, or after ``timeout_s`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.seq <= seq:
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    try:
                        await future
                    finally:
                        self._waiting.discard(future)
        return self.seq
