"""What people do about a case: decide it, see to its concern, or say that it is a mistake.

Nobody decides over another's head: each change names the version that the person saw, and storage refuses it
(`storage.errors.Stale`) if the case has moved on since.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from moderation.effects import Revise, Tell
from moderation.records import Case, CaseStatus, Decision, DecisionOutcome, Person
from moderation.usecases.alert_buttons import is_taken
from moderation.usecases.alerting import CasesForAlerting, Outbox
from moderation.usecases.flagging import Code, author_key, kind_in_words
from moderation.usecases.revising import PeopleForRevising, revise_alerts
from moderation.vocabulary import Clause, Outcome

#: The longest reason that is kept, in characters.
LONGEST_REASON = 1000


class DecisionIncomplete(Exception):
    """A decision lacks its clauses or its reason; `lacks` is "clauses" or "reason". Nothing has changed."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"the decision lacks its {lacks}")
        self.lacks = lacks


class CasesForDeciding(CasesForAlerting, Protocol):
    """What deciding needs of the cases."""

    async def change(self, case_id: str, *, version: int, **values: Any) -> Case:
        """Change a case that is still at `version`."""
        ...

    async def record_decision(self, case: Case, decision: Decision) -> None:
        """Keep what was decided."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody has chosen for the case that they saw at `version`."""

    case_id: str
    version: int
    outcome: DecisionOutcome
    clauses: tuple[Clause, ...]
    reason: str


async def decide(
    choice: Choice,
    *,
    by: Person,
    decides_as: str,
    code: Code,
    cases: CasesForDeciding,
    people: PeopleForRevising,
    outbox: Outbox,
    now: datetime,
) -> Case:
    """Record a decision with who, when, why and the version of the code; the alerts lose their buttons.

    Args:
        by: who decides; the caller has made sure that they may.
        decides_as: the role by which they may.

    Raises:
        DecisionIncomplete: no reason, or no clause although there is a breach.
        storage.errors.Stale: somebody decided or changed the case first.
    """
    reason = choice.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise DecisionIncomplete("reason")
    clauses = () if choice.outcome is DecisionOutcome.NO_BREACH else choice.clauses
    if choice.outcome is not DecisionOutcome.NO_BREACH and not clauses:
        raise DecisionIncomplete("clauses")
    case = await cases.change(choice.case_id, version=choice.version, status=CaseStatus.DECIDED)
    await cases.record_decision(case, Decision(choice.outcome, by.id, now, clauses, reason, code.version))
    data = {
        "outcome": choice.outcome,
        "clauses": ",".join(clauses),
        "role": decides_as,
        "code_version": code.version,
    }
    await cases.append(case, "decided", actor_id=by.id, data=data)
    await revise_alerts(case, cases=cases, people=people, outbox=outbox)
    await _tell_author(case, choice.outcome, clauses, code, cases=cases, people=people, outbox=outbox)
    return await cases.get(case.id)


async def claim_mistake(
    case_id: str, *, by: Person, cases: CasesForDeciding, people: PeopleForRevising, outbox: Outbox
) -> bool:
    """Record that a message's author says it is a mistake, and show it on the alerts.

    Returns:
        Whether it was recorded: not if somebody else asks, a second time, or once the case is decided.
    """
    case = await cases.get(case_id)
    if case.author_id != by.id or case.mistake_claimed or case.status is not CaseStatus.OPEN:
        return False
    case = await cases.change(case_id, version=case.version, mistake_claimed=True)
    await cases.append(case, "mistake_claimed", actor_id=by.id)
    if by.telegram_id is not None:
        noted = Revise(author_key(case), by.telegram_id, "author.mistake_noted")
        await _put(noted, case, "mistake_noted", outbox=outbox)
    await revise_alerts(case, cases=cases, people=people, outbox=outbox)
    return True


async def take(case_id: str, *, by: Person, cases: CasesForDeciding, people: PeopleForRevising, outbox: Outbox) -> bool:
    """Record that a person sees to a concern; a case of nothing but a concern is thereby closed.

    Returns:
        Whether it was recorded; not if somebody has it already.
    """
    case = await cases.get(case_id)
    if is_taken(await cases.history(case_id)) or case.status is CaseStatus.CLOSED:
        return False
    status = case.status if case.outcome is Outcome.FLAG else CaseStatus.CLOSED
    case = await cases.change(case_id, version=case.version, status=status)
    await cases.append(case, "taken", actor_id=by.id)
    await revise_alerts(case, cases=cases, people=people, outbox=outbox)
    return True


async def _tell_author(
    case: Case,
    outcome: DecisionOutcome,
    clauses: tuple[Clause, ...],
    code: Code,
    *,
    cases: CasesForDeciding,
    people: PeopleForRevising,
    outbox: Outbox,
) -> None:
    """Tell the author what follows for them: advice, or, if they had been told, that nothing does."""
    author = await people.get(case.author_id)
    if author.telegram_id is None:
        return
    told = any(step.step == "author_told" for step in await cases.history(case.id))
    if told:
        await _put(Revise(author_key(case), author.telegram_id, "author.looked_at"), case, "looked_at", outbox=outbox)
    if outcome is DecisionOutcome.PRIVATE_ADVICE:
        advice = Tell(author.telegram_id, "author.advice", {"kind": kind_in_words(clauses, code)})
        await _put(advice, case, "advice", outbox=outbox)
        await cases.append(case, "author_advised", data={"person": author.id})
    elif outcome is DecisionOutcome.NO_BREACH and told:
        await _put(Tell(author.telegram_id, "author.no_breach"), case, "no_breach", outbox=outbox)


async def _put(effect: Tell | Revise, case: Case, what: str, *, outbox: Outbox) -> None:
    await outbox.put(effect, key=f"author:{case.id}:{what}", school_id=case.school_id, about=f"case:{case.id}")
