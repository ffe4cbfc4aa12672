"""What stands at the door of a gated group: the queries that letting people in needs, and the school's own words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderation.effects import Effect
from moderation.records import Group, JoinRequest, Person
from moderation.usecases.agreeing import ConsentsForAgreeing, Papers
from moderation.vocabulary import Role


class PeopleForJoining(Protocol):
    """What joining needs of the people."""

    async def by_telegram(self, telegram_id: int, school_id: str | None = None) -> Person | None:
        """Whom an account is bound to."""
        ...

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        """Everyone who holds a role."""
        ...

    async def failed_tries(self, telegram_id: int, since: datetime) -> int:
        """How many codes did not fit."""
        ...


class GroupsForJoining(Protocol):
    """What joining needs of the groups."""

    async def get(self, group_id: str) -> Group:
        """One group."""
        ...


class ClosuresForJoining(Protocol):
    """Whether a group is closed."""

    async def open_for_group(self, group_id: str) -> object | None:
        """The closure that holds now."""
        ...


class RequestsForJoining(Protocol):
    """What joining needs of the requests."""

    async def add(
        self, *, school_id: str, group_id: str, telegram_id: int, user_chat_id: int, status: str, wait: timedelta
    ) -> JoinRequest:
        """Keep one."""
        ...

    async def waiting_of(self, telegram_id: int) -> list[JoinRequest]:
        """What an account waits for."""
        ...

    async def overdue(self) -> list[JoinRequest]:
        """What has waited long enough."""
        ...

    async def settle(self, request_id: str, status: str) -> bool:
        """End one."""
        ...


class OutboxForJoining(Protocol):
    """Where effects are queued."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue one, once."""
        ...


@dataclass(frozen=True, slots=True)
class Gate:
    """The queries, the papers that people agree to, and how the school office is reached (`contact`)."""

    people: PeopleForJoining
    groups: GroupsForJoining
    consents: ConsentsForAgreeing
    closures: ClosuresForJoining
    joining: RequestsForJoining
    outbox: OutboxForJoining
    papers: Papers
    contact: str
