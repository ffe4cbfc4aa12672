"""Deletes what has been kept for long enough: each row past its `delete_after` that no other row still needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, exists
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Base


class Purging:
    """The one place that deletes by date."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def overdue(self) -> dict[str, int]:
        """Delete all that is past its date, and say how many rows of each table; tables without any are left out.

        What refers to another row goes before it. A row that a younger one still refers to is kept until that
        one is due as well.
        """
        counts = {}
        for table in reversed(Base.metadata.sorted_tables):
            if "delete_after" not in table.c:
                continue
            overdue = table.c.delete_after <= self._now
            result: Any = await self._session.execute(
                delete(table).where(overdue, *(~needed for needed in _needed_by(table)))
            )
            if result.rowcount:
                counts[table.name] = int(result.rowcount)
        return counts


def _needed_by(table: Table) -> list[Any]:
    """A condition for each column of another table by which a row may be referred to."""
    return [
        exists().where(key.parent == key.column)
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table
    ]
