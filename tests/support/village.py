"""Fakes for the use cases of people and the gate: everything in memory, nothing sent, all to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from moderation.effects import AnswerJoin, Effect, Press, Revise, Tell
from moderation.records import (
    Acknowledgement,
    Binding,
    CodeUse,
    Consent,
    Group,
    GroupMode,
    GroupStatus,
    JoinRequest,
    Person,
    School,
)
from moderation.usecases.agreeing import Paper, Papers
from moderation.usecases.gate import Gate
from moderation.vocabulary import Role

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
PAPERS = Papers(Paper("1", "c1", "Be kind."), Paper("1", "n1", "We read."), "https://school.example/privacy")
NEXT = Papers(Paper("2", "c2", "Be kinder."), Paper("2", "n2", "We read less."))
HEAD, OFFICE, PARENT, STRANGER = 1, 2, 3, 99
GROUP = Group("willow", "oakfield", -100, "Willow", GroupStatus.SANCTIONED, GroupMode.GATED)


def person(telegram_id: int | None, *roles: Role) -> Person:
    """Somebody of the school."""
    return Person(f"p{telegram_id}", "oakfield", f"Person {telegram_id}", frozenset(roles), telegram_id=telegram_id)


@dataclass
class FakePeople:
    """People, and codes that answer as told."""

    persons: list[Person]
    codes: Mapping[str, Binding] = field(default_factory=dict)
    tries: list[tuple[int, datetime]] = field(default_factory=list)
    now: datetime = NOON

    async def bind(self, code: str, telegram_id: int) -> Binding:
        return self.codes.get(code, Binding(CodeUse.UNKNOWN))

    async def failed_tries(self, telegram_id: int, since: datetime) -> int:
        return sum(who == telegram_id and at >= since for who, at in self.tries)

    async def note_failed_try(self, telegram_id: int) -> None:
        self.tries.append((telegram_id, self.now))

    async def by_telegram(self, telegram_id: int, school_id: str | None = None) -> Person | None:
        fitting = (one for one in self.persons if one.telegram_id == telegram_id and one.school_id == school_id)
        return next(fitting, None)

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        return [one for one in self.persons if role in one.roles and one.school_id == school_id]


@dataclass
class FakeConsents:
    """Acknowledgements and answers by person."""

    acknowledged: dict[str, Acknowledgement] = field(default_factory=dict)
    answers: dict[str, list[Consent]] = field(default_factory=dict)

    async def acknowledgement(self, person_id: str) -> Acknowledgement | None:
        return self.acknowledged.get(person_id)

    async def acknowledge(self, school_id: str, person_id: str, *, version: str, hash_: str) -> None:
        self.acknowledged[person_id] = Acknowledgement(version, hash_, NOON)

    async def latest(self, person_id: str) -> Consent | None:
        return self.answers.get(person_id, [None])[-1]

    async def answer(self, school_id: str, person_id: str, *, version: str, hash_: str, given: bool) -> None:
        await self.withdraw(person_id)
        self.answers.setdefault(person_id, []).append(Consent(version, hash_, given, NOON))

    async def withdraw(self, person_id: str) -> bool:
        latest = await self.latest(person_id)
        if latest is None or not latest.given or latest.withdrawn_at:
            return False
        self.answers[person_id][-1] = replace(latest, withdrawn_at=NOON)
        return True


@dataclass
class FakeOutbox:
    """What is to be carried out, by key."""

    queued: dict[str, Effect] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        self.about.setdefault(key, about)
        return self.queued.setdefault(key, effect) is effect

    def told(self, to: int) -> list[str]:
        """The text keys of what an account is told or shown anew, in order."""
        return [one.text for one in self.queued.values() if isinstance(one, Tell | Revise) and one.to == to]

    def answers(self) -> list[bool]:
        """Approvals and refusals of join requests, in order."""
        return [one.approve for one in self.queued.values() if isinstance(one, AnswerJoin)]

    def buttons(self, text: str) -> list[Press]:
        """The buttons under the newest message of that text key."""
        found = [one for one in self.queued.values() if isinstance(one, Tell | Revise) and one.text == text]
        return [press for row in found[-1].rows for press in row]


@dataclass
class FakeJoining:
    """Join requests."""

    requests: dict[str, JoinRequest] = field(default_factory=dict)
    late: bool = False
    numbers: "count[int]" = field(default_factory=count)

    async def add(
        self, *, school_id: str, group_id: str, telegram_id: int, user_chat_id: int, status: str, wait: timedelta
    ) -> JoinRequest:
        made = JoinRequest(
            f"r{next(self.numbers)}", school_id, group_id, GROUP.chat_id, telegram_id, user_chat_id, NOON, status
        )
        self.requests[made.id] = made
        return made

    async def waiting_of(self, telegram_id: int) -> list[JoinRequest]:
        return [one for one in self.requests.values() if one.telegram_id == telegram_id and one.status == "waiting"]

    async def overdue(self) -> list[JoinRequest]:
        return [one for one in self.requests.values() if one.status == "waiting" and self.late]

    async def settle(self, request_id: str, status: str) -> bool:
        request = self.requests[request_id]
        self.requests[request_id] = replace(request, status=status) if request.status == "waiting" else request
        return request.status == "waiting"


@dataclass
class FakeGroups:
    """One class group, of one school."""

    async def get(self, group_id: str) -> Group:
        return replace(GROUP, id=group_id)


@dataclass
class FakeClosures:
    """Whether the group is closed."""

    closed: bool = False

    async def open_for_group(self, group_id: str) -> object | None:
        return "closure" if self.closed else None


@dataclass
class FakeInbox:
    """Whose words were forgotten."""

    forgotten: list[int] = field(default_factory=list)

    async def forget(self, telegram_id: int) -> int:
        self.forgotten.append(telegram_id)
        return 1


@dataclass
class FakeSchools:
    """One school."""

    async def get(self, school_id: str) -> School:
        return School(school_id, "Oakfield Primary")


@dataclass
class Village:
    """A headteacher, an office, a parent, and the gate of their class group."""

    people: FakePeople = field(
        default_factory=lambda: FakePeople(
            [person(HEAD, Role.HEADTEACHER), person(OFFICE, Role.OFFICE), person(PARENT, Role.PARENT)]
        )
    )
    consents: FakeConsents = field(default_factory=FakeConsents)
    joining: FakeJoining = field(default_factory=FakeJoining)
    closures: FakeClosures = field(default_factory=FakeClosures)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    inbox: FakeInbox = field(default_factory=FakeInbox)

    @property
    def parent(self) -> Person:
        """The parent."""
        return self.people.persons[2]

    @property
    def gate(self) -> Gate:
        """The gate, over these fakes."""
        return Gate(
            people=self.people,
            groups=FakeGroups(),
            consents=self.consents,
            closures=self.closures,
            joining=self.joining,
            outbox=self.outbox,
            papers=PAPERS,
            contact="Ring us.",
        )
