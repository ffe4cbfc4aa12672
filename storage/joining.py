"""Queries about joining."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession


class Joining:
    """Queries about joining."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now
