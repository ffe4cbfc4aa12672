"""Schools, the people they registered, and what those agreed to."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


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
