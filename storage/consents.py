"""What people agreed to: acknowledgements of the code, and consents to the privacy notice, each with its version."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Acknowledgement, Consent
from storage.retention import PEOPLE
from storage.tables import AcknowledgementRow, ConsentRow, PersonRow


class Consents:
    """Queries about acknowledgement and consent."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def acknowledge(self, school_id: str, person_id: str, *, version: str, hash_: str) -> None:
        """A person has read this version of the code."""
        self._session.add(
            AcknowledgementRow(
                id=uuid4().hex,
                school_id=school_id,
                person_id=person_id,
                version=version,
                hash=hash_,
                at=self._now,
                delete_after=self._now + PEOPLE,
            )
        )

    async def acknowledgement(self, person_id: str) -> Acknowledgement | None:
        """A person's latest acknowledgement."""
        row = (
            await self._session.scalars(
                select(AcknowledgementRow)
                .where(AcknowledgementRow.person_id == person_id)
                .order_by(AcknowledgementRow.at.desc())
            )
        ).first()
        return Acknowledgement(row.version, row.hash, row.at) if row else None

    async def answer(self, school_id: str, person_id: str, *, version: str, hash_: str, given: bool) -> None:
        """A person consents to this version of the notice, or declines; an earlier consent ends."""
        await self.withdraw(person_id)
        self._session.add(
            ConsentRow(
                id=uuid4().hex,
                school_id=school_id,
                person_id=person_id,
                version=version,
                hash=hash_,
                given=given,
                at=self._now,
                delete_after=self._now + PEOPLE,
            )
        )

    async def latest(self, person_id: str) -> Consent | None:
        """A person's latest answer."""
        row = (
            await self._session.scalars(
                select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.at.desc())
            )
        ).first()
        return Consent(row.version, row.hash, row.given, row.at, row.withdrawn_at) if row else None

    async def withdraw(self, person_id: str) -> bool:
        """End a person's consent now. False if there was none to end."""
        ended = await self._session.scalars(
            update(ConsentRow)
            .where(ConsentRow.person_id == person_id, ConsentRow.given, ConsentRow.withdrawn_at.is_(None))
            .values(withdrawn_at=self._now)
            .returning(ConsentRow.id)
        )
        return len(ended.all()) > 0

    async def standing(self, school_id: str, telegram_ids: set[int], version: str) -> dict[int, datetime]:
        """Since when each of these accounts has consented to this version; those who have not are left out."""
        rows = await self._session.execute(
            select(PersonRow.telegram_id, ConsentRow.at)
            .join(ConsentRow, ConsentRow.person_id == PersonRow.id)
            .where(
                PersonRow.school_id == school_id,
                PersonRow.telegram_id.in_(telegram_ids),
                ConsentRow.given,
                ConsentRow.version == version,
                ConsentRow.withdrawn_at.is_(None),
                ConsentRow.at <= self._now,
            )
        )
        return {telegram_id: at for telegram_id, at in rows if telegram_id is not None}
