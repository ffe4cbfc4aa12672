"""What the use cases read and write: people, groups, cases and closures as frozen values.

Storage builds them from rows and never lets a row out; nothing here knows how they are kept.
All times are aware UTC datetimes; ids are opaque strings; chat and user ids are Telegram's integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.vocabulary import STAFF_ROLES, Clause, Concern, Outcome, Role, Severity, Span, Target


@dataclass(frozen=True, slots=True)
class School:
    """A school that this installation serves."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the school registered. `telegram_id` is None until their one-time code has been used."""

    id: str
    school_id: str
    name: str
    roles: frozenset[Role]
    school_class: str = ""
    children: tuple[str, ...] = ()
    ref: str = ""
    telegram_id: int | None = None
    bot_blocked: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether this person is under the staff policy (clause 1.3), so that nothing they write is scored."""
        return bool(self.roles & STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent to one version of the privacy notice, or its refusal; `withdrawn_at` ends it at once."""

    version: str
    hash: str
    given: bool
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a person has read one version of the code of conduct."""

    version: str
    hash: str
    at: datetime


class CodeUse(StrEnum):
    """What became of a one-time code that an account sent."""

    BOUND = "bound"
    AGAIN = "again"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    SOMEBODY_ELSE = "somebody_else"
    HAS_ACCOUNT = "has_account"


@dataclass(frozen=True, slots=True)
class Binding:
    """What became of a one-time code, and who it was for once it has bound an account (`bound`, `again`)."""

    use: CodeUse
    person: Person | None = None


class GroupStatus(StrEnum):
    """Where a group stands: only a sanctioned one is ever read."""

    ASKED = "asked"
    SANCTIONED = "sanctioned"
    REFUSED = "refused"
    LEFT = "left"


class GroupMode(StrEnum):
    """How people get in: `gated` by a join request and the code, `open` for a group that exists already."""

    GATED = "gated"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Group:
    """A Telegram group the bot was added to. `rights` names the bot's own admin rights as last seen.

    `decided_at` is when it was sanctioned or refused, or when the bot left it.
    """

    id: str
    school_id: str
    chat_id: int
    title: str
    status: GroupStatus
    mode: GroupMode | None = None
    school_class: str = ""
    is_supergroup: bool = True
    is_forum: bool = False
    bot_is_admin: bool = False
    rights: frozenset[str] = frozenset()
    invite_link: str = ""
    asked_at: datetime | None = None
    added_by: int | None = None
    decided_at: datetime | None = None


class CaseStatus(StrEnum):
    """The life of a case: open, decided, closed, and appealed on the way."""

    OPEN = "open"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class DecisionOutcome(StrEnum):
    """What a person can decide about a case for now; the richer outcomes come later."""

    NO_BREACH = "no_breach"
    PRIVATE_ADVICE = "private_advice"
    CLOSE_GROUP = "close_group"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what, when and why, under which version of the code."""

    outcome: DecisionOutcome
    by: str
    at: datetime
    clauses: tuple[Clause, ...]
    reason: str
    code_version: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a person reviews: one message, what the policy made of it, and what became of it.

    `version` goes up with every change, so that two people cannot decide the same case.
    """

    id: str
    school_id: str
    group_id: str
    chat_id: int
    message_id: int
    author_id: str
    status: CaseStatus
    version: int
    text: str
    outcome: Outcome
    clauses: tuple[Clause, ...]
    severity: Severity
    concern: Concern
    confidence: float
    target: Target
    target_because: str
    about_headteacher: bool
    to_headteacher: bool
    evidence: tuple[Span, ...]
    written_at: datetime
    opened_at: datetime
    edited: bool = False
    mistake_claimed: bool = False
    passed_to_dsl: bool = False
    decision: Decision | None = None
    policy_version: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step in the history of a case: what happened, who did it, ids about it, and words about it."""

    step: str
    at: datetime
    actor_id: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A forum topic that was seen; thread 0 is the General topic. `closed_by_us` marks those to be reopened."""

    thread_id: int
    is_open: bool = True
    closed_by_us: bool = False


class ClosureStatus(StrEnum):
    """A closure may be a `draft` until it is confirmed; it is `closing` while its steps are carried out, then
    `closed`, and `reopened` in the end."""

    DRAFT = "draft"
    CLOSING = "closing"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Closure:
    """A governed decision to shut a group. `saved_permissions` were the group's own before the first closure."""

    id: str
    school_id: str
    group_id: str
    status: ClosureStatus
    closed_by: str
    closed_at: datetime
    reason: str = ""
    case_id: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    saved_permissions: Mapping[str, bool] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A request to enter a gated group. `user_chat_id` may be written to for 5 minutes after it."""

    id: str
    school_id: str
    group_id: str
    chat_id: int
    telegram_id: int
    user_chat_id: int
    requested_at: datetime
    status: str = "waiting"
