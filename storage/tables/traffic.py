"""What is in transit or belongs to the installation: inbox, outbox, handles, questions, the lock."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


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
