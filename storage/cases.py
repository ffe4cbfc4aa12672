"""Cases, their append-only history and their decisions; every word of them sealed by the case's own key.

Erasing a case destroys that key: its row, its steps and its decision stay, the words in them are gone.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.records import Case, CaseStatus, CaseStep, Decision, DecisionOutcome
from moderation.vocabulary import Clause, Concern, Outcome, Severity, Span, Target
from storage.crypto import Sealed
from storage.errors import Erased, NotFound, Stale
from storage.retention import CASES
from storage.schools import Schools
from storage.tables import CaseRow, CaseStepRow, DecisionRow


class Cases:
    """Queries about cases."""

    def __init__(self, session: AsyncSession, schools: Schools, now: datetime) -> None:
        self._session = session
        self._schools = schools
        self._now = now

    async def open(self, draft: Case, *, edit_mark: int, scores: Mapping[str, Any]) -> Case | None:
        """Keep a new case under a fresh id and a fresh key; None if this writing of the message has one.

        Args:
            draft: the case without an id.
            edit_mark: tells the edits of one message apart; 0 is the first writing.
            scores: the engine's numbers, kept with the case.
        """
        taken = select(CaseRow.id).where(
            CaseRow.chat_id == draft.chat_id,
            CaseRow.message_id == draft.message_id,
            CaseRow.edit_mark == edit_mark,
        )
        if await self._session.scalar(taken) is not None:
            return None
        case = replace(draft, id=uuid4().hex)
        wrapped, sealed = await self._schools.new_case_key(case.school_id, case.id)
        evidence = json.dumps([asdict(span) for span in case.evidence])
        self._session.add(
            CaseRow(
                id=case.id,
                school_id=case.school_id,
                group_id=case.group_id,
                author_id=case.author_id,
                chat_id=case.chat_id,
                message_id=case.message_id,
                edit_mark=edit_mark,
                status=case.status,
                version=case.version,
                key_wrapped=wrapped,
                text_sealed=sealed.seal(case.text, where=f"case/{case.id}/text_sealed"),
                evidence_sealed=sealed.seal(evidence, where=f"case/{case.id}/evidence_sealed"),
                outcome=case.outcome,
                clauses=list(case.clauses),
                severity=int(case.severity),
                concern=case.concern,
                confidence=case.confidence,
                target=case.target,
                target_because=case.target_because,
                about_headteacher=case.about_headteacher,
                to_headteacher=case.to_headteacher,
                scores=dict(scores),
                policy_version=case.policy_version,
                engine=case.engine,
                written_at=case.written_at,
                opened_at=case.opened_at,
                delete_after=self._now + CASES,
            )
        )
        await self._session.flush()
        return await self.get(case.id)

    async def get(self, case_id: str) -> Case:
        """One case. Of an erased one the text, the evidence and the reason are empty.

        Raises:
            NotFound: there is none with this id.
        """
        return await self._case(await self._row(case_id))

    async def latest_for_message(self, chat_id: int, message_id: int) -> Case | None:
        """The case on the newest writing of a message that has one."""
        row = await self._session.scalar(
            select(CaseRow)
            .where(CaseRow.chat_id == chat_id, CaseRow.message_id == message_id)
            .order_by(CaseRow.edit_mark.desc())
            .limit(1)
        )
        return await self._case(row) if row else None

    async def change(self, case_id: str, *, version: int, **values: Any) -> Case:
        """Set columns of a case that is still at `version`, and raise its version by one.

        Raises:
            NotFound: there is none with this id.
            Stale: somebody else changed it first.
        """
        row = await self._row(case_id)
        done = await self._session.scalar(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.version == version)
            .values(version=version + 1, **values)
            .returning(CaseRow.id)
        )
        await self._session.refresh(row)
        if done is None:
            raise Stale("case", case_id, expected=version, found=row.version)
        return await self._case(row)

    async def append(
        self, case: Case, step: str, *, actor_id: str = "", data: Mapping[str, str] | None = None, detail: str = ""
    ) -> None:
        """Add a step to a case's history; `data` holds ids and names of rules, `detail` what people wrote.

        Raises:
            Erased: there is a detail to keep, and the case's key was destroyed.
        """
        row = CaseStepRow(
            school_id=case.school_id,
            case_id=case.id,
            step=step,
            actor_id=actor_id,
            data=dict(data or {}),
            at=self._now,
            delete_after=self._now + CASES,
        )
        self._session.add(row)
        await self._session.flush()
        if detail:
            # The seal is bound to the row's id, which the database has just given.
            sealed = await self._sealed(await self._row(case.id))
            row.detail_sealed = sealed.seal(detail, where=_detail(row))
            await self._session.flush()

    async def history(self, case_id: str) -> list[CaseStep]:
        """Every step of a case, oldest first; what people wrote is empty once the case is erased."""
        case = await self._row(case_id)
        sealed = await self._sealed(case) if case.key_wrapped else None
        rows = await self._session.scalars(
            select(CaseStepRow).where(CaseStepRow.case_id == case_id).order_by(CaseStepRow.id)
        )
        return [
            CaseStep(
                step=row.step,
                at=row.at,
                actor_id=row.actor_id,
                data=dict(row.data),
                detail=sealed.open(row.detail_sealed, where=_detail(row)) if sealed and row.detail_sealed else "",
            )
            for row in rows
        ]

    async def record_decision(self, case: Case, decision: Decision) -> None:
        """Keep what was decided. The case itself is brought to `decided` by `change`.

        Raises:
            Erased: the case's key was destroyed.
        """
        decision_id = uuid4().hex
        sealed = await self._sealed(await self._row(case.id))
        self._session.add(
            DecisionRow(
                id=decision_id,
                school_id=case.school_id,
                case_id=case.id,
                by=decision.by,
                outcome=decision.outcome,
                clauses=list(decision.clauses),
                reason_sealed=sealed.seal(decision.reason, where=f"decision/{decision_id}/reason_sealed"),
                code_version=decision.code_version,
                at=decision.at,
                delete_after=self._now + CASES,
            )
        )
        await self._session.flush()

    async def mark(self, case_id: str, **flags: bool) -> None:
        """Set `awaits_recipient` or `passed_to_dsl`: how far the alerts got, which is no change of the case."""
        await self._session.execute(update(CaseRow).where(CaseRow.id == case_id).values(**flags))

    async def awaiting(self) -> list[Case]:
        """Cases of which somebody who must know has not been reached, oldest first.

        Open ones; and where there is a concern decided ones too: a decision about the breach settles no worry.
        """
        is_open, worries = CaseRow.status == CaseStatus.OPEN, CaseRow.concern != Concern.NONE
        is_decided = CaseRow.status.in_((CaseStatus.DECIDED, CaseStatus.APPEALED))
        rows = await self._session.scalars(
            select(CaseRow)
            .where(CaseRow.awaits_recipient.is_(True), or_(is_open, and_(worries, is_decided)))
            .order_by(CaseRow.opened_at, CaseRow.id)
        )
        return [await self._case(row) for row in rows]

    async def erase(self, case_id: str) -> None:
        """Destroy the key of a case's words, wherever they are kept.

        Raises:
            NotFound: there is none with this id.
        """
        row = await self._row(case_id)
        row.key_wrapped = None
        await self._session.flush()

    async def _row(self, case_id: str) -> CaseRow:
        row = await self._session.get(CaseRow, case_id)
        if row is None:
            raise NotFound("case", case_id)
        return row

    async def _sealed(self, row: CaseRow) -> Sealed:
        return await self._schools.case_sealed(row.school_id, row.id, row.key_wrapped)

    async def _case(self, row: CaseRow) -> Case:
        try:
            sealed: Sealed | None = await self._sealed(row)
        except Erased:
            sealed = None
        text = sealed.open(row.text_sealed, where=f"case/{row.id}/text_sealed") if sealed else ""
        evidence = sealed.open(row.evidence_sealed, where=f"case/{row.id}/evidence_sealed") if sealed else "[]"
        return Case(
            id=row.id,
            school_id=row.school_id,
            group_id=row.group_id,
            chat_id=row.chat_id,
            message_id=row.message_id,
            author_id=row.author_id,
            status=CaseStatus(row.status),
            version=row.version,
            text=text,
            outcome=Outcome(row.outcome),
            clauses=tuple(Clause(clause) for clause in row.clauses),
            severity=Severity(row.severity),
            concern=Concern(row.concern),
            confidence=row.confidence,
            target=Target(row.target),
            target_because=row.target_because,
            about_headteacher=row.about_headteacher,
            to_headteacher=row.to_headteacher,
            evidence=tuple(Span(**span) for span in json.loads(evidence)),
            written_at=row.written_at,
            opened_at=row.opened_at,
            edited=row.edit_mark != 0,
            mistake_claimed=row.mistake_claimed,
            passed_to_dsl=row.passed_to_dsl,
            decision=await self._decision(row, sealed),
            policy_version=row.policy_version,
            engine=row.engine,
        )

    async def _decision(self, case: CaseRow, sealed: Sealed | None) -> Decision | None:
        row = await self._session.scalar(
            select(DecisionRow).where(DecisionRow.case_id == case.id).order_by(DecisionRow.at.desc()).limit(1)
        )
        if row is None:
            return None
        return Decision(
            outcome=DecisionOutcome(row.outcome),
            by=row.by,
            at=row.at,
            clauses=tuple(Clause(clause) for clause in row.clauses),
            reason=sealed.open(row.reason_sealed, where=f"decision/{row.id}/reason_sealed") if sealed else "",
            code_version=row.code_version,
        )


def _detail(row: CaseStepRow) -> str:
    return f"case_step/{row.id}/detail_sealed"
