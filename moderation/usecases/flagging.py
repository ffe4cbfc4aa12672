"""From a verdict to a case: opened once, its history begun, those who must know alerted, its author told.

Everything here happens in the caller's transaction; nothing is sent (moderation/effects.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from moderation.effects import Press, Tell
from moderation.records import Case, CaseStatus, Group, Person
from moderation.routing import author_notice
from moderation.usecases.alerting import CasesForAlerting, Outbox, PeopleForAlerting, alert
from moderation.vocabulary import Clause, Outcome, Role, Scores, Verdict


class Code(Protocol):
    """What is asked of the code of conduct."""

    @property
    def version(self) -> str:
        """The version in force."""
        ...

    def kind(self, clause: str) -> str:
        """What an author is told that a message breaking a clause could be."""
        ...


class CasesForFlagging(CasesForAlerting, Protocol):
    """What opening a case needs of the cases."""

    async def latest_for_message(self, chat_id: int, message_id: int) -> Case | None:
        """The case on the newest writing of a message."""
        ...

    async def open(self, draft: Case, *, edit_mark: int, scores: Mapping[str, Any]) -> Case | None:
        """Keep a new case; None if there is one for this writing."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it was posted. `edit_mark` tells its edits apart (0 for the first writing)."""

    group: Group
    author: Person
    message_id: int
    edit_mark: int
    text: str
    written_at: datetime
    edited: bool = False


async def act_on(
    *,
    verdict: Verdict,
    posted: Posted,
    cases: CasesForFlagging,
    people: PeopleForAlerting,
    outbox: Outbox,
    now: datetime,
    code: Code,
    policy_version: str,
    engine: str,
) -> Case | None:
    """Open a case on a message and see that everyone hears of it who must.

    Args:
        code: the code of conduct in force.
        policy_version: the version of the thresholds judged by.
        engine: name and version of what scored the message.

    Returns:
        The case, or None if there is one already, or an edit left the words of an earlier case as they were.
    """
    earlier = await cases.latest_for_message(posted.group.chat_id, posted.message_id)
    if earlier is not None and earlier.text == posted.text:
        return None
    draft = _draft(verdict, posted, now, policy_version, engine)
    case = await cases.open(draft, edit_mark=posted.edit_mark, scores=_numbers(verdict.scores))
    if case is None:
        return None
    await cases.append(case, "opened", data=_opened(case, code.version))
    deciders = await alert(case, posted.group, cases=cases, people=people, outbox=outbox)
    if author_notice(verdict) and await _knows_of(earlier, cases):
        await _tell_author(case, posted.author, deciders, code, cases=cases, outbox=outbox)
    return await cases.get(case.id)


def _draft(verdict: Verdict, posted: Posted, now: datetime, policy_version: str, engine: str) -> Case:
    return Case(
        id="",
        school_id=posted.group.school_id,
        group_id=posted.group.id,
        chat_id=posted.group.chat_id,
        message_id=posted.message_id,
        author_id=posted.author.id,
        status=CaseStatus.OPEN,
        version=1,
        text=posted.text,
        outcome=verdict.outcome,
        clauses=verdict.clauses,
        severity=verdict.severity,
        concern=verdict.concern,
        confidence=_confidence(verdict),
        target=verdict.meant.target,
        target_because=verdict.meant.because,
        about_headteacher=verdict.meant.about_headteacher,
        to_headteacher=verdict.meant.to_headteacher,
        evidence=verdict.evidence,
        written_at=posted.written_at,
        opened_at=now,
        edited=posted.edited,
        policy_version=policy_version,
        engine=engine,
    )


def _confidence(verdict: Verdict) -> float:
    """How sure the finding is that a person is asked to look at: the breach, or else the worry."""
    if verdict.outcome is Outcome.FLAG or verdict.scores is None:
        return verdict.confidence
    return verdict.scores.concern


def _numbers(scores: Scores | None) -> dict[str, Any]:
    """The engine's numbers as they are kept with the case."""
    if scores is None:
        return {}
    return {
        "toxicity": scores.toxicity,
        "redirect": scores.redirect,
        "flag": scores.flag,
        "concern": scores.concern,
        "clauses": {str(clause): number for clause, number in scores.clauses.items()},
        "concerns": {str(concern): number for concern, number in scores.concerns.items()},
    }


def _opened(case: Case, code_version: str) -> dict[str, str]:
    return {
        "outcome": case.outcome,
        "clauses": ",".join(case.clauses),
        "severity": str(int(case.severity)),
        "concern": case.concern,
        "confidence": f"{case.confidence:.3f}",
        "code_version": code_version,
        "policy_version": case.policy_version,
        "engine": case.engine,
    }


async def _knows_of(earlier: Case | None, cases: CasesForFlagging) -> bool:
    """Whether the author has heard of an earlier writing's case: softening a threat must not bring out that it is
    known. A decision that spoke to the author has released it."""
    if earlier is None:
        return True
    return any(step.step in {"author_told", "author_advised"} for step in await cases.history(earlier.id))


async def _tell_author(
    case: Case,
    author: Person,
    deciders: frozenset[Role],
    code: Code,
    *,
    cases: CasesForFlagging,
    outbox: Outbox,
) -> None:
    """Tell the author, neutrally, that a person will read it: clause in kind words, nothing decided."""
    if author.telegram_id is None:
        return
    reader = "author.passed_to_head" if Role.HEADTEACHER in deciders else "author.passed_to_school"
    mistake = Press("author.mistake_button", "mistake", {"case": case.id})
    told = await outbox.put(
        Tell(author.telegram_id, reader, {"kind": kind_in_words(case.clauses, code)}, ((mistake,),)),
        key=author_key(case),
        school_id=case.school_id,
        about=f"case:{case.id}",
    )
    if told:
        await cases.append(case, "author_told", data={"person": author.id})


def kind_in_words(clauses: tuple[Clause, ...], code: Code) -> str:
    """What a message could be, in kind words, each said once."""
    return ", and ".join(dict.fromkeys(code.kind(clause) for clause in clauses))


def author_key(case: Case) -> str:
    """The outbox key of what the author is told before anybody has decided."""
    return f"author:{case.id}"
