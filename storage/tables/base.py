"""What every table shares: names for constraints, and how Python types become columns."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase

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
