"""Who is told, who decides, who hears an appeal, and whether the author hears: pure rules over a verdict.

Nobody hears a case about themselves, and an appeal never goes to somebody who could have decided it
(safeguarding: Keeping Children Safe in Education, allegations about a headteacher go to the chair).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from moderation.vocabulary import Clause, Concern, Outcome, Role, Severity, Verdict

_HEAD = (Role.HEADTEACHER, Role.DEPUTY)
#: Who hears an appeal, best first.
_APPEALS = (Role.CHAIR, Role.GOVERNOR, Role.DSL)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Roles that are told, in order of urgency; that may decide; who hears an appeal (`None`: nobody).

    `never` names roles whose holders must not see the case even if they hold another role that would; holders of a
    role in `no_say` are told, but must not decide by whatever other role they hold.
    Empty `inform` with something to tell means that nobody fit is registered: the caller must say so.
    """

    inform: tuple[Role, ...] = ()
    decide: tuple[Role, ...] = ()
    appeals: Role | None = None
    never: frozenset[Role] = frozenset()
    no_say: frozenset[Role] = frozenset()


def recipients(verdict: Verdict, *, available_roles: frozenset[Role]) -> Recipients:
    """Return who is told of a verdict, given the roles that somebody registered holds."""
    if verdict.outcome is not Outcome.FLAG and verdict.concern is Concern.NONE:
        return Recipients()
    if _alleges_of_headteacher(verdict):
        return _about_headteacher(verdict, available_roles)
    if verdict.outcome is Outcome.FLAG and verdict.meant.to_headteacher:
        return _to_headteacher(verdict, available_roles)
    head = _first(_HEAD, available_roles)
    heard = head or _first((Role.DSL, Role.CHAIR), available_roles)
    inform = _unique((*_dsl(verdict, available_roles), *heard))
    return _complete(inform, heard, available_roles, frozenset())


def author_notice(verdict: Verdict) -> bool:
    """Whether the author hears, neutrally and before any decision, that a message was passed on.

    Only for severity 1 and 2. Threats, severity 3 and any concern: nothing until a human releases it.
    """
    mild = verdict.severity in {Severity.RUDE, Severity.ABUSIVE} and Clause.THREAT not in verdict.clauses
    return verdict.outcome is Outcome.FLAG and mild and verdict.concern is Concern.NONE


def _alleges_of_headteacher(verdict: Verdict) -> bool:
    """Something is alleged of the headteacher; a worry put to her face about a child is one too."""
    to_her_face = verdict.meant.to_headteacher and verdict.concern is Concern.STAFF_CHILD
    return verdict.meant.about_headteacher or to_her_face


def _about_headteacher(verdict: Verdict, available: frozenset[Role]) -> Recipients:
    heard = _first((Role.CHAIR, Role.DSL, Role.GOVERNOR), available)
    inform = _unique((*_dsl(verdict, available), *heard))
    return _complete(inform, heard, available, frozenset({Role.HEADTEACHER}))


def _to_headteacher(verdict: Verdict, available: frozenset[Role]) -> Recipients:
    decide = _first((Role.CHAIR, Role.DSL, Role.GOVERNOR), available)
    told = _first((Role.HEADTEACHER,), available)
    made = _complete(_unique((*_dsl(verdict, available), *told, *decide)), decide, available, frozenset())
    return replace(made, no_say=frozenset({Role.HEADTEACHER}))


def _dsl(verdict: Verdict, available: frozenset[Role]) -> tuple[Role, ...]:
    return _first((Role.DSL,), available) if verdict.concern is not Concern.NONE else ()


def _complete(
    inform: tuple[Role, ...], decide: tuple[Role, ...], available: frozenset[Role], never: frozenset[Role]
) -> Recipients:
    appeals = next((role for role in _APPEALS if role in available and role not in decide), None)
    return Recipients(inform, decide, appeals, never)


def _first(candidates: Iterable[Role], available: frozenset[Role]) -> tuple[Role, ...]:
    """The first candidate that somebody holds, as a tuple of one or none."""
    return next(((role,) for role in candidates if role in available), ())


def _unique(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(dict.fromkeys(roles))
