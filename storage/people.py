"""People on the roster and the one-time codes that bind a Telegram account to one of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Binding, CodeUse, Person
from moderation.vocabulary import Role
from storage.crypto import canonical_code, digest, new_code
from storage.errors import NotFound
from storage.retention import PEOPLE, TRAFFIC
from storage.schools import Schools
from storage.tables import CodeRow, CodeTryRow, PersonRow


class People:
    """Queries about people and codes."""

    def __init__(self, session: AsyncSession, schools: Schools, now: datetime) -> None:
        self._session = session
        self._schools = schools
        self._now = now

    async def add(
        self,
        *,
        school_id: str,
        name: str,
        roles: frozenset[Role],
        school_class: str = "",
        children: Sequence[str] = (),
        ref: str = "",
    ) -> Person:
        """Register a person."""
        person_id = uuid4().hex
        sealed = await self._schools.sealed(school_id)
        row = PersonRow(
            id=person_id,
            school_id=school_id,
            ref=ref,
            name_sealed=sealed.seal(name, where=f"person/{person_id}/name_sealed"),
            children_sealed=sealed.seal(json.dumps(list(children)), where=f"person/{person_id}/children_sealed"),
            roles=sorted(roles),
            school_class=school_class,
            created_at=self._now,
            delete_after=self._now + PEOPLE,
        )
        self._session.add(row)
        await self._session.flush()
        return await self._person(row)

    async def change(
        self,
        person_id: str,
        *,
        name: str,
        roles: frozenset[Role],
        school_class: str,
        children: Sequence[str],
        ref: str = "",
    ) -> Person:
        """Bring a person up to date with the roster.

        Raises:
            NotFound: there is no such person.
        """
        row = await self._row(person_id)
        sealed = await self._schools.sealed(row.school_id)
        row.name_sealed = sealed.seal(name, where=f"person/{row.id}/name_sealed")
        row.children_sealed = sealed.seal(json.dumps(list(children)), where=f"person/{row.id}/children_sealed")
        row.roles, row.school_class, row.ref = sorted(roles), school_class, ref
        return await self._person(row)

    async def get(self, person_id: str) -> Person:
        """One person.

        Raises:
            NotFound: there is none with this id.
        """
        return await self._person(await self._row(person_id))

    async def by_telegram(self, telegram_id: int, school_id: str | None = None) -> Person | None:
        """Whom a Telegram account is bound to, in one school or in any (the first to bind it)."""
        query = select(PersonRow).where(PersonRow.telegram_id == telegram_id).order_by(PersonRow.bound_at)
        if school_id is not None:
            query = query.where(PersonRow.school_id == school_id)
        row = (await self._session.scalars(query)).first()
        return await self._person(row) if row else None

    async def bound_to(self, telegram_id: int) -> list[Person]:
        """Everybody a Telegram account is bound to: one person in each school at most."""
        rows = await self._session.scalars(
            select(PersonRow).where(PersonRow.telegram_id == telegram_id).order_by(PersonRow.bound_at)
        )
        return [await self._person(row) for row in rows]

    async def of_school(self, school_id: str) -> list[Person]:
        """Everyone a school registered, in the order of registration."""
        rows = await self._session.scalars(
            select(PersonRow).where(PersonRow.school_id == school_id).order_by(PersonRow.created_at, PersonRow.id)
        )
        return [await self._person(row) for row in rows]

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        """Everyone in the school who holds a role."""
        return [person for person in await self.of_school(school_id) if role in person.roles]

    async def set_blocked(self, telegram_id: int, blocked: bool) -> None:
        """Remember that an account blocked the bot, or that it can be reached again."""
        await self._session.execute(
            update(PersonRow).where(PersonRow.telegram_id == telegram_id).values(bot_blocked=blocked)
        )

    async def pointed_at(self, person_id: str) -> datetime | None:
        """When a person last got a private pointer (clause 3.1d)."""
        return (await self._row(person_id)).pointed_at

    async def set_pointed(self, person_id: str) -> None:
        """Remember that a person got a private pointer now."""
        (await self._row(person_id)).pointed_at = self._now

    async def issue_code(self, person_id: str, valid: timedelta) -> tuple[str, datetime]:
        """A fresh one-time code for a person, and when it expires; earlier unused ones stop working."""
        row = await self._row(person_id)
        await self._session.execute(
            update(CodeRow)
            .where(CodeRow.person_id == person_id, CodeRow.used_at.is_(None))
            .values(expires_at=self._now)
        )
        code, expires = new_code(), self._now + valid
        self._session.add(
            CodeRow(
                digest=digest(code),
                school_id=row.school_id,
                person_id=person_id,
                expires_at=expires,
                delete_after=expires + TRAFFIC,
            )
        )
        return code, expires

    async def bind(self, code: str, telegram_id: int) -> Binding:
        """Tie an account to the person a code was made for. Repeating it with the same account changes nothing.

        Nothing is bound if the code is unknown, too old or another account's, if the account is another person
        of the school, or if the person has another account.
        """
        row = await self._session.get(CodeRow, digest(canonical_code(code)))
        if row is None:
            return Binding(CodeUse.UNKNOWN)
        person = await self._row(row.person_id)
        if row.used_by == telegram_id and person.telegram_id == telegram_id:
            return Binding(CodeUse.AGAIN, await self._person(person))
        if row.used_at is not None:
            return Binding(CodeUse.USED)
        if row.expires_at <= self._now:
            return Binding(CodeUse.EXPIRED)
        other = await self.by_telegram(telegram_id, row.school_id)
        if other is not None and other.id != person.id:
            return Binding(CodeUse.SOMEBODY_ELSE)
        if person.telegram_id not in (None, telegram_id):
            return Binding(CodeUse.HAS_ACCOUNT)
        row.used_at, row.used_by = self._now, telegram_id
        person.telegram_id, person.bound_at, person.bot_blocked = telegram_id, self._now, False
        await self._session.flush()
        return Binding(CodeUse.BOUND, await self._person(person))

    async def failed_tries(self, telegram_id: int, since: datetime) -> int:
        """How many codes that did not fit an account has sent since a time."""
        rows = await self._session.scalars(
            select(CodeTryRow.id).where(CodeTryRow.telegram_id == telegram_id, CodeTryRow.at >= since)
        )
        return len(rows.all())

    async def note_failed_try(self, telegram_id: int) -> None:
        """Count a code that did not fit."""
        self._session.add(CodeTryRow(telegram_id=telegram_id, at=self._now, delete_after=self._now + TRAFFIC))

    async def _row(self, person_id: str) -> PersonRow:
        row = await self._session.get(PersonRow, person_id)
        if row is None:
            raise NotFound("person", person_id)
        return row

    async def _person(self, row: PersonRow) -> Person:
        sealed = await self._schools.sealed(row.school_id)
        children = json.loads(sealed.open(row.children_sealed, where=f"person/{row.id}/children_sealed"))
        return Person(
            id=row.id,
            school_id=row.school_id,
            name=sealed.open(row.name_sealed, where=f"person/{row.id}/name_sealed"),
            roles=frozenset(Role(role) for role in row.roles),
            school_class=row.school_class,
            children=tuple(children),
            ref=row.ref,
            telegram_id=row.telegram_id,
            bot_blocked=row.bot_blocked,
        )
