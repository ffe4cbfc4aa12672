"""The words of the field, once: what every other module of Schoolgate speaks in.

A **signal** is one detector's finding with its evidence. A **verdict** is what the policy makes of the
signals. A **concern** is a safeguarding worry, independent of the verdict. Everything here is a frozen value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person on the roster is to the school. One person may hold several."""

    HEADTEACHER = "headteacher"
    DEPUTY = "deputy"
    DSL = "dsl"
    CHAIR = "chair"
    TEACHER = "teacher"
    STAFF = "staff"
    OFFICE = "office"
    GOVERNOR = "governor"
    CLASS_REP = "class_rep"
    PARENT = "parent"


#: Staff and governors are under another policy (clause 1.3): what they write is not scored.
STAFF_ROLES = frozenset(
    {
        Role.HEADTEACHER,
        Role.DEPUTY,
        Role.DSL,
        Role.CHAIR,
        Role.TEACHER,
        Role.STAFF,
        Role.OFFICE,
        Role.GOVERNOR,
    }
)


class Clause(StrEnum):
    """A clause of the code of conduct that a message can breach (LAT022, sections 3 and 4).

    3.4d (discriminatory) and 3.4t (threat) are our letters for parts of 3.4, shown to people as "3.4".
    """

    ABUSE_TO_PARENT = "4.1a"
    ABUSE_ABOUT = "4.1b"
    ABUSE_TO_STAFF = "4.1c"
    DEFAMATORY = "3.1c"
    DISCRIMINATORY = "3.4d"
    THREAT = "3.4t"


class Outcome(StrEnum):
    """What the policy makes of a message."""

    OK = "ok"
    REDIRECT = "redirect"
    FLAG = "flag"


class Concern(StrEnum):
    """A safeguarding worry (Keeping Children Safe in Education), whatever the outcome is."""

    NONE = "none"
    CHILD = "child"
    STAFF_CHILD = "staff-child"
    SELF_HARM = "self-harm"
    DANGER = "danger"


class Severity(IntEnum):
    """0 not flagged; 1 rude or demeaning; 2 abusive or defamatory; 3 threat, hate, grave allegation."""

    NONE = 0
    RUDE = 1
    ABUSIVE = 2
    GRAVE = 3


class Target(StrEnum):
    """Who a message is about or meant for, as far as the words, the reply and the roster tell."""

    PARENT = "parent"
    STAFF = "staff"
    HEADTEACHER = "headteacher"
    SCHOOL = "school"
    PUPIL = "pupil"
    GROUP = "group"
    SELF = "self"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One person the school registered: a name, roles, and the children's first names."""

    name: str
    roles: frozenset[Role]
    school_class: str = ""
    children: tuple[str, ...] = ()

    @property
    def is_staff(self) -> bool:
        """Whether any of the roles is a staff role."""
        return bool(self.roles & STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone the school registered; the core only ever reads names and roles from it."""

    people: tuple[RosterPerson, ...] = ()
    school_name: str = ""

    @property
    def children(self) -> frozenset[str]:
        """First names of children, as a set; nobody infers whose."""
        return frozenset(child for person in self.people for child in person.children)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a message: a registered name and role. Staff messages are not scored (clause 1.3)."""

    name: str = ""
    roles: frozenset[Role] = frozenset({Role.PARENT})

    @property
    def is_staff(self) -> bool:
        """Whether the writer is under the staff policy rather than the parents' code."""
        return bool(self.roles & STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What a message replies to. `text` is empty when its author has not consented to being read."""

    sender: Sender
    text: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing somebody wrote, with the context that a bot in the group really has."""

    text: str
    sender: Sender = field(default_factory=Sender)
    reply_to: ReplyContext | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the original message that weighed in: `text[start:end]` in code points; weight 0 to 1."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One detector's finding: which detector, what it found, how strong (0 to 1), and the evidence for it."""

    detector: str
    finding: str
    strength: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """An engine's probabilities, each 0 to 1. `clauses` has an entry for every `Clause`.

    `concerns` and `severities` (how grave it is if it is a breach) are empty where an engine knows nothing of them.
    """

    toxicity: float
    redirect: float
    flag: float
    concern: float
    clauses: Mapping[Clause, float]
    concerns: Mapping[Concern, float] = field(default_factory=dict)
    severities: Mapping[Severity, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant, and what says so ("reply", "mention", "roster", "role", "pronoun", "none").

    `addressed` tells words said to the target (second person) from words said about it.
    """

    target: Target
    because: str
    about_headteacher: bool = False
    to_headteacher: bool = False
    addressed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of one message. `confidence` is the probability behind the outcome, 0 to 1."""

    outcome: Outcome
    clauses: tuple[Clause, ...] = ()
    severity: Severity = Severity.NONE
    concern: Concern = Concern.NONE
    confidence: float = 0.0
    low_confidence: bool = False
    meant: Meant = field(default_factory=lambda: Meant(Target.UNKNOWN, "none"))
    evidence: tuple[Span, ...] = ()
    scores: Scores | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all follows from this verdict."""
        return self.outcome is Outcome.OK and self.concern is Concern.NONE
