"""Where a person stands: what they have agreed to, when, and what they can still choose."""

from collections.abc import Sequence
from typing import Protocol

from moderation.effects import Press, Rows, Tell
from moderation.records import Consent, Person
from moderation.usecases.agreeing import (
    ConsentsForAgreeing,
    OutboxForAgreeing,
    Papers,
    ask_code,
    full_notice,
    is_standing,
    shown,
)


class MetaForRenewing(Protocol):
    """What the installation remembers."""

    async def get(self, name: str) -> str | None:
        """The value under a name."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep one."""
        ...


async def show_code(
    person: Person, *, papers: Papers, consents: ConsentsForAgreeing, outbox: OutboxForAgreeing, key: str
) -> None:
    """Show the code: with the day on which this version was acknowledged, or the button that does so."""
    if person.telegram_id is None:
        return
    acknowledged = None if person.is_staff else await consents.acknowledgement(person.id)
    values = {"code": papers.code.text}
    if person.is_staff:
        tell = Tell(person.telegram_id, "code.shown", values)
    elif acknowledged is not None and acknowledged.version == papers.code.version:
        tell = Tell(person.telegram_id, "code.agreed", {**values, "date": shown(acknowledged.at)})
    else:
        text = "code.ask_again" if acknowledged else "code.ask"
        await ask_code(person, papers=papers, outbox=outbox, key=key, text=text)
        return
    await outbox.put(tell, key=key, school_id=person.school_id)


async def show_consent(
    person: Person,
    *,
    papers: Papers,
    consents: ConsentsForAgreeing,
    outbox: OutboxForAgreeing,
    controller: str,
    key: str,
) -> None:
    """Show how a person has answered the notice, with buttons to read it and choose again.

    Args:
        controller: who is responsible for the data and whom to ask, as one line.
    """
    if person.telegram_id is None:
        return
    if person.is_staff:
        tell = Tell(person.telegram_id, "consent.staff")
    else:
        answer = await consents.latest(person.id)
        values = {"controller": controller, **_values(answer)}
        rows = _choices(person, is_standing(answer, papers), papers)
        tell = Tell(person.telegram_id, _where(answer, papers), values, rows)
    await outbox.put(tell, key=key, school_id=person.school_id)


async def is_to_be_renewed(papers: Papers, *, meta: MetaForRenewing) -> bool:
    """Whether the code or the notice has another version than people were last asked about; that is remembered."""
    changed = False
    for name, paper in (("asked-about:code", papers.code), ("asked-about:notice", papers.notice)):
        before = await meta.get(name)
        if before != paper.version:
            await meta.put(name, paper.version)
            changed = changed or before is not None
    return changed


def reachable_parents(persons: Sequence[Person]) -> list[Person]:
    """Those who are asked again: connected, not staff, and not out of reach."""
    return [one for one in persons if one.telegram_id is not None and not one.is_staff and not one.bot_blocked]


def _where(answer: Consent | None, papers: Papers) -> str:
    if answer is None or (answer.version != papers.notice.version and answer.withdrawn_at is None):
        return "consent.where_unanswered"
    if answer.withdrawn_at is not None:
        return "consent.where_withdrawn"
    return "consent.where_given" if answer.given else "consent.where_declined"


def _values(answer: Consent | None) -> dict[str, str]:
    if answer is None:
        return {}
    return {"date": shown(answer.withdrawn_at or answer.at), "version": answer.version}


def _choices(person: Person, standing: bool, papers: Papers) -> Rows:
    args = {"person": person.id}
    read = Press("consent.read", action="consent.read", args=args)
    withdraw = Press("consent.withdraw", action="consent.withdraw", args=args)
    return (((withdraw,),) if standing else ()) + ((read,), *full_notice(papers))
