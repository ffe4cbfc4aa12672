"""Schools and their keys: the only place where a sealed column gets the key that opens it."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import School
from storage.crypto import Sealed
from storage.errors import AlreadyExists, NotFound
from storage.tables import SchoolRow
from storage.vault import Vault


class Schools:
    """Queries about schools, and the seals that belong to them."""

    def __init__(self, session: AsyncSession, vault: Vault, now: datetime) -> None:
        self._session = session
        self._vault = vault
        self._now = now

    async def add(self, name: str) -> School:
        """Register a school with a key of its own.

        Raises:
            AlreadyExists: there is a school of that name.
        """
        if any(school.name.casefold() == name.casefold() for school in await self.all()):
            raise AlreadyExists("school")
        school_id = uuid4().hex
        wrapped = self._vault.new_school_key(school_id)
        self._session.add(SchoolRow(id=school_id, name=name, key_wrapped=wrapped, created_at=self._now))
        await self._session.flush()
        return School(school_id, name)

    async def all(self) -> list[School]:
        """Every school, oldest first."""
        rows = await self._session.scalars(select(SchoolRow).order_by(SchoolRow.created_at, SchoolRow.id))
        return [School(row.id, row.name) for row in rows]

    async def get(self, school_id: str) -> School:
        """One school.

        Raises:
            NotFound: there is none with this id.
        """
        row = await self._session.get(SchoolRow, school_id)
        if row is None:
            raise NotFound("school", school_id)
        return School(row.id, row.name)

    async def sealed(self, school_id: str) -> Sealed:
        """What seals and opens by the school's key.

        Raises:
            NotFound: there is no such school.
            KeyRefused: another master key wrapped its key.
        """
        await self._learn(school_id)
        return self._vault.school(school_id)

    async def new_case_key(self, school_id: str, case_id: str) -> tuple[bytes, Sealed]:
        """A fresh key for a case, wrapped by the school's, and ready to seal."""
        await self._learn(school_id)
        return self._vault.new_case_key(school_id, case_id)

    async def case_sealed(self, school_id: str, case_id: str, wrapped: bytes | None) -> Sealed:
        """What seals and opens by a case's key.

        Raises:
            Erased: the key was destroyed.
        """
        await self._learn(school_id)
        return self._vault.case(school_id, case_id, wrapped)

    async def _learn(self, school_id: str) -> None:
        if self._vault.knows(school_id):
            return
        row = await self._session.get(SchoolRow, school_id)
        if row is None:
            raise NotFound("school", school_id)
        self._vault.learn_school(school_id, row.key_wrapped)
