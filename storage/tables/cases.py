"""Cases, their append-only history, and decisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class CaseRow(Base):
    """What a person reviews; its words are sealed by a key of its own, and destroying that key erases them."""

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("chat_id", "message_id", "edit_mark"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"))
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)
    edit_mark: Mapped[int] = mapped_column(BigInteger, default=0)
    status: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    key_wrapped: Mapped[bytes | None]
    text_sealed: Mapped[bytes]
    evidence_sealed: Mapped[bytes]
    outcome: Mapped[str]
    clauses: Mapped[list[str]]
    severity: Mapped[int]
    concern: Mapped[str]
    confidence: Mapped[float]
    target: Mapped[str]
    target_because: Mapped[str]
    about_headteacher: Mapped[bool]
    to_headteacher: Mapped[bool]
    scores: Mapped[dict[str, Any]]
    mistake_claimed: Mapped[bool] = mapped_column(default=False)
    passed_to_dsl: Mapped[bool] = mapped_column(default=False)
    awaits_recipient: Mapped[bool] = mapped_column(default=True)
    policy_version: Mapped[str]
    engine: Mapped[str]
    written_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    delete_after: Mapped[datetime]


class CaseStepRow(Base):
    """The append-only history of a case: each step, in the transaction that took it."""

    __tablename__ = "case_step"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)
    step: Mapped[str]
    actor_id: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]]
    detail_sealed: Mapped[bytes | None]
    at: Mapped[datetime]
    delete_after: Mapped[datetime]


class DecisionRow(Base):
    """Who decided, when, what, under which clauses, and why."""

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str]
    clauses: Mapped[list[str]]
    reason_sealed: Mapped[bytes]
    code_version: Mapped[str]
    at: Mapped[datetime]
    delete_after: Mapped[datetime]
