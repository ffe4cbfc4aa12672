"""Queries about closures."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.schools import Schools


class Closures:
    """Queries about closures."""

    def __init__(self, session: AsyncSession, schools: Schools, now: datetime) -> None:
        self._session = session
        self._schools = schools
        self._now = now
