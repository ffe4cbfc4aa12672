"""Every table. `school_id` and `delete_after` are on each row that belongs to a school or a person.

Columns ending in `_sealed` hold ciphertext (storage/crypto.py); what people wrote and what they are called
is never in any other column. Telegram ids are plain: without them nobody could be recognised.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import Json, UtcDateTime


class Base(DeclarativeBase):
    """What every table shares: names for constraints, and how Python types become columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, bytes: LargeBinary, dict[str, Any]: Json, list[str]: Json}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class MetaRow(Base):
    """What belongs to the installation and to nobody: the key check, versions asked about."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]


class LockRow(Base):
    """Who runs: one holder, known by a heartbeat."""

    __tablename__ = "lock"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    beat_at: Mapped[datetime]


class SchoolRow(Base):
    """A school and its wrapped key."""

    __tablename__ = "school"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key_wrapped: Mapped[bytes]
    created_at: Mapped[datetime]
    delete_after: Mapped[datetime | None]


class PersonRow(Base):
    """Somebody on the roster."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("school_id", "telegram_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    ref: Mapped[str] = mapped_column(default="")
    name_sealed: Mapped[bytes]
    children_sealed: Mapped[bytes]
    roles: Mapped[list[str]]
    school_class: Mapped[str] = mapped_column(default="")
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    bound_at: Mapped[datetime | None]
    bot_blocked: Mapped[bool] = mapped_column(default=False)
    pointed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    delete_after: Mapped[datetime]


class CodeRow(Base):
    """A one-time code, as its digest: bound once, expiring."""

    __tablename__ = "code"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(BigInteger)
    delete_after: Mapped[datetime]


class CodeTryRow(Base):
    """A code that did not fit: counted by account, so that nobody can guess."""

    __tablename__ = "code_try"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime]
    delete_after: Mapped[datetime]


class AcknowledgementRow(Base):
    """That a person has read one version of the code."""

    __tablename__ = "acknowledgement"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[str]
    hash: Mapped[str]
    at: Mapped[datetime]
    delete_after: Mapped[datetime]


class ConsentRow(Base):
    """Consent to one version of the privacy notice, or its refusal."""

    __tablename__ = "consent"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[str]
    hash: Mapped[str]
    given: Mapped[bool]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    delete_after: Mapped[datetime]


class GroupRow(Base):
    """A group the bot was added to."""

    __tablename__ = "group"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    title_sealed: Mapped[bytes]
    status: Mapped[str]
    mode: Mapped[str | None]
    school_class: Mapped[str] = mapped_column(default="")
    is_supergroup: Mapped[bool] = mapped_column(default=True)
    is_forum: Mapped[bool] = mapped_column(default=False)
    bot_is_admin: Mapped[bool] = mapped_column(default=False)
    rights: Mapped[list[str]]
    invite_link: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    added_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    delete_after: Mapped[datetime]


class TopicRow(Base):
    """A forum topic that was seen; Telegram cannot list them."""

    __tablename__ = "topic"
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    is_open: Mapped[bool] = mapped_column(default=True)
    closed_by_us: Mapped[bool] = mapped_column(default=False)
    delete_after: Mapped[datetime]


class JoinRequestRow(Base):
    """A request to enter a gated group."""

    __tablename__ = "join_request"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"), index=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, index=True)
    user_chat_id: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    delete_after: Mapped[datetime]


class InboxRow(Base):
    """An update from Telegram, redacted at the door, written before it is confirmed."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_status_due_at", "status", "due_at"),)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lane: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    payload_sealed: Mapped[bytes | None]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(default="")
    delete_after: Mapped[datetime]


class OutboxRow(Base):
    """An effect to be carried out after commit, with what came of it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_status_due_at", "status", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    school_id: Mapped[str] = mapped_column(default="", index=True)
    key: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str] = mapped_column(default="", index=True)
    lane: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    payload_sealed: Mapped[bytes | None]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    sent_message_id: Mapped[int | None] = mapped_column(BigInteger)
    refusal: Mapped[str] = mapped_column(default="")
    delete_after: Mapped[datetime]


class ButtonRow(Base):
    """The one-time handle behind an inline button, as its digest: who may press it, once, until when."""

    __tablename__ = "button"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(default="")
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str]
    args: Mapped[dict[str, Any]]
    bundle: Mapped[str] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    pressed_at: Mapped[datetime | None]
    delete_after: Mapped[datetime]


class PromptRow(Base):
    """A question the bot asked in private and the typed answer it waits for; at most one a person."""

    __tablename__ = "prompt"
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    school_id: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    args: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    delete_after: Mapped[datetime]


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


class ClosureRow(Base):
    """A governed decision to shut a group, what it was before, and how far the steps got."""

    __tablename__ = "closure"
    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    group_id: Mapped[str] = mapped_column(ForeignKey("group.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case.id"))
    status: Mapped[str]
    closed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    reason_sealed: Mapped[bytes | None]
    saved_permissions: Mapped[dict[str, Any]]
    steps: Mapped[dict[str, Any]]
    watched_at: Mapped[datetime | None]
    told: Mapped[dict[str, Any]]
    reopened_at: Mapped[datetime | None]
    delete_after: Mapped[datetime]
