"""The outbox: effects written beside the state that calls for them, and what came of each.

`key` makes an effect happen once however often its use case is repeated; `about` ("case:ID", "closure:ID")
gathers the effects of one thing. Buttons get their one-time handles here, in the same transaction.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.effects import (
    Alert,
    Effect,
    Press,
    Revise,
    ReviseAlert,
    Rows,
    Tell,
    TellGroup,
    chat_of,
    from_json,
    to_json,
)
from storage.buttons import Buttons
from storage.crypto import digest, new_code
from storage.retention import CASES, EFFECTS, HANDLES
from storage.tables import ButtonRow, OutboxRow
from storage.vault import Vault

WAITING, SENT, REFUSED = "waiting", "sent", "refused"

#: What came of these is asked for as long as the case or the closure is kept: alerts to revise, a pin to take off.
_LASTING = ("case:", "closure:", "reopening:")


@dataclass(frozen=True, slots=True)
class Queued:
    """One effect in the outbox and how far it has come."""

    id: int
    key: str
    about: str
    school_id: str
    lane: int
    effect: Effect
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an effect: `waiting`, `sent` (with Telegram's message id), or `refused` (with the reason)."""

    key: str
    kind: str
    status: str
    refusal: str
    sent_message_id: int | None
    chat_id: int


class Outbox:
    """Queries about effects."""

    def __init__(self, session: AsyncSession, vault: Vault, now: datetime) -> None:
        self._session = session
        self._vault = vault
        self._now = now

    async def put(
        self, effect: Effect, *, key: str, school_id: str = "", about: str = "", delay: timedelta = timedelta()
    ) -> bool:
        """Queue an effect. False, and nothing queued, if the key was used before."""
        taken = await self._session.scalar(select(OutboxRow.id).where(OutboxRow.key == key))
        if taken is not None:
            return False
        if isinstance(effect, Revise | ReviseAlert):
            # The message gets new buttons or none: those it had are stale from now on.
            await Buttons(self._session, self._now).void(effect.sent)
        ready = self._with_handles(effect, key, school_id)
        row = OutboxRow(
            school_id=school_id,
            key=key,
            about=about,
            lane=chat_of(effect),
            kind=type(effect).__name__,
            status=WAITING,
            due_at=self._now + delay,
            created_at=self._now,
            delete_after=self._now + (CASES if about.startswith(_LASTING) else EFFECTS),
        )
        row.payload_sealed = self._vault.installation.seal(json.dumps(to_json(ready)), where=_where(key))
        self._session.add(row)
        await self._session.flush()
        return True

    async def due(self, limit: int = 200, *, busy: Collection[int] = ()) -> list[Queued]:
        """Waiting effects whose time has come, oldest first; one whose lane waits behind an earlier one is left.

        Args:
            busy: lanes to leave out. However much waits in these, or in lanes that are held, crowds nobody out.
        """
        held = (
            select(OutboxRow.lane, func.min(OutboxRow.id).label("first"))
            .where(OutboxRow.status == WAITING, OutboxRow.due_at > self._now)
            .group_by(OutboxRow.lane)
            .subquery()
        )
        rows = await self._session.scalars(
            select(OutboxRow)
            .outerjoin(held, held.c.lane == OutboxRow.lane)
            .where(
                OutboxRow.status == WAITING,
                OutboxRow.due_at <= self._now,
                OutboxRow.lane.not_in(busy),
                or_(held.c.first.is_(None), OutboxRow.id < held.c.first),
            )
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return [self._queued(row) for row in rows]

    async def sent(self, queued_id: int, message_id: int | None = None) -> None:
        """An effect was carried out; its words are destroyed."""
        await self._finish(queued_id, status=SENT, sent_message_id=message_id)

    async def refused(self, queued_id: int, reason: str) -> None:
        """Telegram will not carry an effect out; `reason` is Telegram's own description, which quotes nobody."""
        await self._finish(queued_id, status=REFUSED, refusal=reason[:200])

    async def postpone(self, queued_id: int, delay: timedelta) -> None:
        """Try an effect again after `delay`."""
        await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == queued_id, OutboxRow.status == WAITING)
            .values(attempts=OutboxRow.attempts + 1, due_at=self._now + delay)
        )

    async def move_lane(self, old_chat: int, new_chat: int) -> None:
        """A group became a supergroup: what waits for it goes to its new id."""
        rows = await self._session.scalars(
            select(OutboxRow).where(OutboxRow.lane == old_chat, OutboxRow.status == WAITING)
        )
        for row in rows:
            effect = self._queued(row).effect
            if hasattr(effect, "chat_id"):
                moved: Any = replace(effect, chat_id=new_chat)  # type: ignore[arg-type]  # those with a chat_id
                row.payload_sealed = self._vault.installation.seal(json.dumps(to_json(moved)), where=_where(row.key))
            row.lane = new_chat

    async def outcome(self, key: str) -> Outcome | None:
        """What came of the effect queued under a key."""
        row = await self._session.scalar(select(OutboxRow).where(OutboxRow.key == key))
        return _outcome(row) if row else None

    async def outcomes(self, about: str) -> list[Outcome]:
        """What came of everything queued about one thing, in order."""
        rows = await self._session.scalars(select(OutboxRow).where(OutboxRow.about == about).order_by(OutboxRow.id))
        return [_outcome(row) for row in rows]

    async def count(self, status: str) -> int:
        """How many effects are `waiting`, `sent` or `refused`."""
        return (
            await self._session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.status == status))
            or 0
        )

    async def _finish(self, queued_id: int, **values: Any) -> None:
        await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == queued_id)
            .values(payload_sealed=None, finished_at=self._now, **values)
        )

    def _with_handles(self, effect: Effect, key: str, school_id: str) -> Effect:
        if not isinstance(effect, Tell | Revise | Alert | ReviseAlert | TellGroup) or not effect.rows:
            return effect
        # Buttons in a group carry links only: a handle belongs to one person.
        presser = None if isinstance(effect, TellGroup) else effect.to
        bundle = effect.sent if isinstance(effect, Revise | ReviseAlert) else key
        rows: Rows = tuple(
            tuple(self._handle(press, presser, bundle, school_id) for press in row) for row in effect.rows
        )
        return replace(effect, rows=rows)

    def _handle(self, press: Press, presser: int | None, bundle: str, school_id: str) -> Press:
        if not press.action or presser is None:
            return press
        token = new_code()
        self._session.add(
            ButtonRow(
                digest=digest(token),
                school_id=school_id,
                telegram_id=presser,
                action=press.action,
                args=dict(press.args),
                bundle=bundle,
                expires_at=self._now + HANDLES,
                delete_after=self._now + HANDLES,
            )
        )
        return replace(press, handle=token)

    def _queued(self, row: OutboxRow) -> Queued:
        text = self._vault.installation.open(row.payload_sealed or b"", where=_where(row.key))
        effect = from_json(row.kind, json.loads(text))
        return Queued(row.id, row.key, row.about, row.school_id, row.lane, effect, row.attempts)


def _outcome(row: OutboxRow) -> Outcome:
    return Outcome(row.key, row.kind, row.status, row.refusal, row.sent_message_id, row.lane)


def _where(key: str) -> str:
    return f"outbox/{key}/payload_sealed"
