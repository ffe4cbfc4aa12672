"""A database that cannot be written for a while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from storage.errors import DatabaseUnavailable
from storage.store import Store, Transaction


class FullDisk:
    """A store in which transactions of one name fail, some times: all they did is undone."""

    def __init__(self, store: Store, name: str, times: int) -> None:
        self.store, self.name, self.times = store, name, times

    @asynccontextmanager
    async def transaction(self, name: str, now: datetime) -> AsyncIterator[Transaction]:
        """The store's own, unless it is one that fails."""
        async with self.store.transaction(name, now) as tx:
            yield tx
            if name == self.name and self.times:
                self.times -= 1
                raise DatabaseUnavailable("database or disk is full")
