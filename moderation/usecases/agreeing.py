"""Acknowledging the code of conduct, and, apart from it, consenting to the privacy notice.

Acknowledging the code is a condition of the group; consenting to being read is not. Consent is free: yes and no
are equally easy, no bars nothing, and withdrawing works at once (UK GDPR, article 7). Staff are under another
policy (clause 1.3) and are asked neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.effects import Effect, Press, Revise, Tell
from moderation.records import Acknowledgement, Consent, Person


@dataclass(frozen=True, slots=True)
class Paper:
    """A text that people agree to, as they are shown it."""

    version: str
    hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Papers:
    """The code of conduct and the privacy notice; `notice_url` is the school's full notice, or empty."""

    code: Paper
    notice: Paper
    notice_url: str = ""


class ConsentsForAgreeing(Protocol):
    """What agreeing needs of acknowledgements and consents."""

    async def acknowledgement(self, person_id: str) -> Acknowledgement | None:
        """The latest."""
        ...

    async def acknowledge(self, school_id: str, person_id: str, *, version: str, hash_: str) -> None:
        """Keep one."""
        ...

    async def latest(self, person_id: str) -> Consent | None:
        """The latest answer."""
        ...

    async def answer(self, school_id: str, person_id: str, *, version: str, hash_: str, given: bool) -> None:
        """Keep an answer."""
        ...

    async def withdraw(self, person_id: str) -> bool:
        """End a consent."""
        ...


class InboxForAgreeing(Protocol):
    """What withdrawing needs of the updates that wait."""

    async def forget(self, telegram_id: int) -> int:
        """Drop what waits of a person's words."""
        ...


class OutboxForAgreeing(Protocol):
    """Where effects are queued."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue one, once."""
        ...


async def has_acknowledged(person: Person, *, papers: Papers, consents: ConsentsForAgreeing) -> bool:
    """Whether nothing about the code stands between a person and the groups. Staff are under another policy."""
    if person.is_staff:
        return True
    acknowledgement = await consents.acknowledgement(person.id)
    return acknowledgement is not None and acknowledgement.version == papers.code.version


async def next_step(
    person: Person, *, papers: Papers, consents: ConsentsForAgreeing, outbox: OutboxForAgreeing, key: str = ""
) -> bool:
    """Ask a parent for what is still open: first the code, then the notice. False if nothing is.

    Args:
        key: what makes the question one of a kind. Without it each version is asked about once a person.
    """
    if person.is_staff or person.telegram_id is None:
        return False
    acknowledged = await consents.acknowledgement(person.id)
    if acknowledged is None or acknowledged.version != papers.code.version:
        text = "code.ask_again" if acknowledged else "code.ask"
        await ask_code(person, papers=papers, outbox=outbox, key=key, text=text)
        return True
    answer = await consents.latest(person.id)
    if answer is None or answer.version != papers.notice.version:
        text = "consent.ask_again" if answer else "consent.ask"
        await ask_consent(person, papers=papers, outbox=outbox, key=key, text=text)
        return True
    return False


async def ask_code(
    person: Person, *, papers: Papers, outbox: OutboxForAgreeing, key: str = "", text: str = "code.ask"
) -> None:
    """Show the code with the button that acknowledges this version of it."""
    if person.telegram_id is None:
        return
    version = papers.code.version
    agree = Press("code.agree", action="code.agree", args={"person": person.id, "version": version})
    tell = Tell(person.telegram_id, text, values=_code_values(papers), rows=((agree,),))
    await outbox.put(tell, key=f"ask-code:{key or f'{person.id}:{version}'}", school_id=person.school_id)


async def ask_consent(
    person: Person, *, papers: Papers, outbox: OutboxForAgreeing, key: str = "", text: str = "consent.ask"
) -> None:
    """Show the notice with yes and no, side by side."""
    if person.telegram_id is None:
        return
    version = papers.notice.version
    args = {"person": person.id, "version": version}
    yes = Press("consent.yes", action="consent.answer", args={**args, "given": "yes"})
    no = Press("consent.no", action="consent.answer", args={**args, "given": "no"})
    values = {"notice": papers.notice.text, "version": version}
    tell = Tell(person.telegram_id, text, values=values, rows=((yes, no), *full_notice(papers)))
    await outbox.put(tell, key=f"ask-consent:{key or f'{person.id}:{version}'}", school_id=person.school_id)


async def acknowledge(
    person: Person,
    *,
    version: str,
    under: str,
    papers: Papers,
    consents: ConsentsForAgreeing,
    outbox: OutboxForAgreeing,
    now: datetime,
) -> bool:
    """Keep that a person has read and agreed to a version of the code. False if nothing is new in that.

    Args:
        version: the version under the button; one that has been replaced meanwhile is not acknowledged.
        under: the outbox key of the message that was pressed; its button goes.
    """
    if person.telegram_id is None:
        return False
    if version != papers.code.version:
        await ask_code(
            person, papers=papers, outbox=outbox, key=f"{under}:{papers.code.version}", text="code.ask_again"
        )
        return False
    new = not await has_acknowledged(person, papers=papers, consents=consents)
    if new:
        await consents.acknowledge(person.school_id, person.id, version=version, hash_=papers.code.hash)
    values = {**_code_values(papers), "date": shown(now)}
    revise = Revise(under, person.telegram_id, "code.agreed", values=values)
    await outbox.put(revise, key=f"{under}:agreed", school_id=person.school_id)
    return new


async def answer_notice(
    person: Person,
    *,
    given: bool,
    version: str,
    under: str,
    papers: Papers,
    consents: ConsentsForAgreeing,
    inbox: InboxForAgreeing,
    outbox: OutboxForAgreeing,
    now: datetime,
) -> str:
    """Keep a person's answer to the notice; the text key of the toast that says so."""
    if person.telegram_id is None:
        return ""
    if version != papers.notice.version:
        await ask_consent(person, papers=papers, outbox=outbox, key=f"{under}:{papers.notice.version}")
        return "consent.out_of_date"
    if not _repeats(await consents.latest(person.id), given, version):
        await consents.answer(person.school_id, person.id, version=version, hash_=papers.notice.hash, given=given)
    if not given:
        await inbox.forget(person.telegram_id)
    text = "consent.given" if given else "consent.declined"
    values = {"date": shown(now), "version": version}
    revise = Revise(under, person.telegram_id, text, values=values, rows=full_notice(papers))
    await outbox.put(revise, key=f"{under}:answered", school_id=person.school_id)
    return "consent.thanks"


async def withdraw(
    persons: Sequence[Person],
    *,
    consents: ConsentsForAgreeing,
    inbox: InboxForAgreeing,
    outbox: OutboxForAgreeing,
    key: str,
) -> None:
    """End consent now, drop what waits of the person's words, and say so."""
    for person in persons:
        if person.telegram_id is None:
            continue
        if person.is_staff:
            text = "consent.staff"
        else:
            text = "consent.withdrawn" if await consents.withdraw(person.id) else "consent.nothing_to_withdraw"
            await inbox.forget(person.telegram_id)
        await outbox.put(Tell(person.telegram_id, text), key=f"{key}:{person.id}", school_id=person.school_id)


def is_standing(answer: Consent | None, papers: Papers) -> bool:
    """Whether an answer lets the person's messages be read now."""
    return (
        answer is not None and answer.given and answer.withdrawn_at is None and answer.version == papers.notice.version
    )


def _repeats(answer: Consent | None, given: bool, version: str) -> bool:
    # The first time counts: a consent that is given twice is not younger for it.
    if answer is None or answer.withdrawn_at is not None:
        return False
    return answer.given is given and answer.version == version


def full_notice(papers: Papers) -> tuple[tuple[Press, ...], ...]:
    """A button that opens the school's full notice, if there is one."""
    return ((Press("consent.full_notice", url=papers.notice_url),),) if papers.notice_url else ()


def shown(day: datetime) -> str:
    """A date as people read it: 7 November 2026."""
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def _code_values(papers: Papers) -> dict[str, str]:
    return {"code": papers.code.text, "version": papers.code.version}
