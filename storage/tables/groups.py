"""Groups, their topics, who asks to come in, and closures."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


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
