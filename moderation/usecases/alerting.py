"""Who gets the alert about a case, and that somebody certainly does.

A person is asked for by role (moderation/routing.py) among those who can be reached: bound to an account, and
not known to refuse the bot's messages. Who cannot be reached is passed over for the next fit role; while
somebody who must know is missing, the case awaits them, and whoever can be reached is told so without content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.attribution import mask_names
from moderation.effects import Alert, Effect, Tell
from moderation.records import Case, CaseStep, Group, Person
from moderation.routing import recipients
from moderation.usecases.alert_buttons import alert_rows, is_taken
from moderation.vocabulary import Concern, Meant, Role, Roster, RosterPerson, Verdict

#: So many alerts about one case a person may refuse before they count as out of reach for it.
_TRIES = 5
#: Who hears, without content, that a case does not find the person who must know; the second if none of the first.
_NOTIFIED = frozenset({Role.DEPUTY, Role.DSL, Role.OFFICE})
_NOTIFIED_ELSE = frozenset({Role.HEADTEACHER, Role.CHAIR, Role.GOVERNOR})


class Delivery(Protocol):
    """What came of one effect: its key, and "waiting", "sent" or "refused"."""

    @property
    def key(self) -> str:
        """The key it was queued under."""
        ...

    @property
    def status(self) -> str:
        """How far it has come."""
        ...


class Outbox(Protocol):
    """What alerting needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect; False if the key was used before."""
        ...

    async def outcomes(self, about: str) -> Sequence[Delivery]:
        """What came of everything queued about one thing."""
        ...


class PeopleForAlerting(Protocol):
    """What alerting needs of the people."""

    async def of_school(self, school_id: str) -> list[Person]:
        """Everyone a school registered."""
        ...


class CasesForAlerting(Protocol):
    """What alerting needs of the cases."""

    async def get(self, case_id: str) -> Case:
        """One case."""
        ...

    async def append(
        self, case: Case, step: str, *, actor_id: str = "", data: Mapping[str, str] | None = None, detail: str = ""
    ) -> None:
        """Add a step to a case's history."""
        ...

    async def history(self, case_id: str) -> list[CaseStep]:
        """Every step of a case."""
        ...

    async def mark(self, case_id: str, **flags: bool) -> None:
        """Set `awaits_recipient` or `passed_to_dsl`."""
        ...


@dataclass(frozen=True, slots=True)
class Fit:
    """A person who is to have the alert: in which role, and whether they may decide (then as `decides_as`)."""

    person: Person
    role: Role
    decides_as: Role | None


async def alert(
    case: Case, group: Group, *, cases: CasesForAlerting, people: PeopleForAlerting, outbox: Outbox
) -> frozenset[Role]:
    """Queue the alert to everyone who must have it and can be reached; safe to repeat.

    Returns:
        The roles of those who may decide.
    """
    deliveries = await outbox.outcomes(f"case:{case.id}")
    everyone = await people.of_school(case.school_id)
    reachable = [one for one in everyone if _in_reach(one, case, deliveries) and not is_subject(case, one)]
    chosen = fit_people(verdict_of(case), reachable)
    has_dsl = any(one.role is Role.DSL for one in chosen)
    if has_dsl and case.concern is not Concern.NONE and not case.passed_to_dsl:
        await cases.mark(case.id, passed_to_dsl=True)
        await cases.append(case, "passed_to_dsl")
    case = await cases.get(case.id)
    for one in chosen:
        await _queue(case, one, deliveries, cases=cases, outbox=outbox)
    deciders = frozenset(one.decides_as for one in chosen if one.decides_as is not None)
    apart = any(Role.DSL in one.roles and is_subject(case, one) for one in everyone)
    lacks_dsl = case.concern is not Concern.NONE and not has_dsl and not apart
    if not deciders or lacks_dsl:
        await _tell_unreached(case, group, reachable, lacks_decider=not deciders, outbox=outbox)
    await cases.mark(case.id, awaits_recipient=not deciders or lacks_dsl)
    return deciders


def fit_people(verdict: Verdict, reachable: Iterable[Person]) -> list[Fit]:
    """Who of these people is to have the alert, each once, in order of urgency."""
    rules = recipients(verdict, available_roles=frozenset(Role))
    allowed = [one for one in reachable if not one.roles & rules.never]
    free = [one for one in allowed if not one.roles & rules.no_say]
    inform = recipients(verdict, available_roles=_roles_of(allowed)).inform
    decide = recipients(verdict, available_roles=_roles_of(free)).decide
    chosen: dict[str, Fit] = {}
    for role in dict.fromkeys((*inform, *decide)):
        for person in allowed:
            if role in person.roles and person.id not in chosen:
                chosen[person.id] = Fit(person, role, _decides_as(person, decide) if person in free else None)
    return list(chosen.values())


def may_see(case: Case, person: Person, role: str) -> bool:
    """Whether a person who had the alert in this role may still see the case: roles change, and bring conflicts."""
    never = recipients(verdict_of(case), available_roles=frozenset(Role)).never
    return role in person.roles and not person.roles & never and not is_subject(case, person)


def is_subject(case: Case, person: Person) -> bool:
    """Whether a worry about a member of staff names this very person, who then must not hear of it first.

    An allegation against staff is the headteacher's to receive (Keeping Children Safe in Education, part four). A
    name that is there for another reason costs little: the others who must know are told all the same.
    """
    if case.concern is not Concern.STAFF_CHILD or not person.is_staff:
        return False
    alone = Roster((RosterPerson(person.name, person.roles),))
    return mask_names(case.text, alone) != mask_names(case.text, Roster())


def may_decide(case: Case, person: Person, decides_as: str) -> bool:
    """Whether a person may (still) decide the case by this role."""
    no_say = recipients(verdict_of(case), available_roles=frozenset(Role)).no_say
    return may_see(case, person, decides_as) and not person.roles & no_say


def verdict_of(case: Case) -> Verdict:
    """The verdict that a case was opened on, as far as it is kept."""
    meant = Meant(
        case.target,
        case.target_because,
        about_headteacher=case.about_headteacher,
        to_headteacher=case.to_headteacher,
    )
    return Verdict(case.outcome, case.clauses, case.severity, case.concern, case.confidence, meant=meant)


def _roles_of(people: Iterable[Person]) -> frozenset[Role]:
    return frozenset(role for one in people for role in one.roles)


def _decides_as(person: Person, decide: Iterable[Role]) -> Role | None:
    return next((role for role in decide if role in person.roles), None)


def _in_reach(person: Person, case: Case, deliveries: Sequence[Delivery]) -> bool:
    if person.telegram_id is None or person.bot_blocked or person.id == case.author_id:
        return False
    refused = [one for one in _tried(case, person, deliveries) if one.status == "refused"]
    return len(refused) < _TRIES


def _tried(case: Case, person: Person, deliveries: Sequence[Delivery]) -> list[Delivery]:
    first = _key(case, person)
    return [one for one in deliveries if one.key == first or one.key.startswith(f"{first}:")]


def _key(case: Case, person: Person) -> str:
    return f"alert:{case.id}:{person.id}"


async def _queue(
    case: Case, fit: Fit, deliveries: Sequence[Delivery], *, cases: CasesForAlerting, outbox: Outbox
) -> None:
    tried = _tried(case, fit.person, deliveries)
    if any(one.status != "refused" for one in tried) or fit.person.telegram_id is None:
        return
    key = _key(case, fit.person) + (f":{len(tried) + 1}" if tried else "")
    decides = fit.decides_as or ""
    rows = alert_rows(case, role=fit.role, decides_as=decides, taken=is_taken(await cases.history(case.id)))
    effect = Alert(fit.person.telegram_id, case.id, fit.role, rows)
    if await outbox.put(effect, key=key, school_id=case.school_id, about=f"case:{case.id}"):
        data = {"person": fit.person.id, "role": fit.role, "decides_as": decides, "key": key}
        await cases.append(case, "alerted", data=data)


async def _tell_unreached(
    case: Case, group: Group, reachable: Sequence[Person], *, lacks_decider: bool, outbox: Outbox
) -> None:
    """Say that a case waits for somebody out of reach, to those who can help; never what it is about."""
    never = recipients(verdict_of(case), available_roles=frozenset(Role)).never
    allowed = [one for one in reachable if not one.roles & never]
    helping = [one for one in allowed if one.roles & _NOTIFIED]
    helping = helping or [one for one in allowed if one.roles & _NOTIFIED_ELSE]
    missing = "dsl" if not lacks_decider else "chair" if Role.HEADTEACHER in never else "head"
    for person in helping:
        if person.telegram_id is not None:
            await outbox.put(
                Tell(person.telegram_id, f"alert.unreached_{missing}", {"group": group.title}),
                key=f"unreached:{case.id}:{missing}:{person.id}",
                school_id=case.school_id,
                about=f"case:{case.id}",
            )
