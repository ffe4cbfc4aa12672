"""Questions the bot asked in private, and the typed answers it waits for: at most one a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.retention import TRAFFIC
from storage.tables import PromptRow


@dataclass(frozen=True, slots=True)
class Prompt:
    """An open question: what kind of answer is awaited, and the ids it belongs to."""

    telegram_id: int
    kind: str
    args: Mapping[str, Any]


class Prompts:
    """Queries about open questions."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def ask(
        self,
        telegram_id: int,
        kind: str,
        args: Mapping[str, str],
        *,
        school_id: str,
        wait: timedelta = timedelta(days=1),
    ) -> None:
        """Await a typed answer, instead of any that was awaited before."""
        await self._session.merge(
            PromptRow(
                telegram_id=telegram_id,
                school_id=school_id,
                kind=kind,
                args=dict(args),
                asked_at=self._now,
                expires_at=self._now + wait,
                delete_after=self._now + TRAFFIC,
            )
        )

    async def open_for(self, telegram_id: int) -> Prompt | None:
        """The question this account has been asked and not yet answered."""
        row = await self._session.get(PromptRow, telegram_id)
        if row is None or row.expires_at <= self._now:
            return None
        return Prompt(row.telegram_id, row.kind, dict(row.args))

    async def open_among(self, telegram_ids: set[int]) -> set[int]:
        """Which of these accounts have an open question: what they type in private is an answer to it."""
        rows = await self._session.scalars(
            select(PromptRow.telegram_id).where(
                PromptRow.telegram_id.in_(telegram_ids), PromptRow.expires_at > self._now
            )
        )
        return set(rows)

    async def close(self, telegram_id: int) -> None:
        """The question was answered or has lapsed."""
        await self._session.execute(delete(PromptRow).where(PromptRow.telegram_id == telegram_id))
