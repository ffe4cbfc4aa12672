"""The alert about a case: loaded from storage, then rendered by a pure function.

The first line is neutral, since a lock screen shows it. Every part has a longest length of its own, and the
quoted message gets what is left of Telegram's 4,096 UTF-16 units (Bot API, sendMessage).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from bot.rendering.cutting import cut, sendable, units
from bot.rendering.messages import Outgoing, keyboard
from bot.rendering.naming import name_among, on_one_line
from bot.services import Services
from config.markup import escape, without_markup
from config.texts import Texts
from moderation.effects import Alert, ReviseAlert
from moderation.records import Case, CaseStep, Group
from moderation.usecases.alert_buttons import QUOTED_UNITS
from moderation.vocabulary import Clause, Concern, Outcome, Role, Span, Target
from storage.store import Transaction

#: The longest message that Telegram takes, in UTF-16 units after its tags are read.
LONGEST = 4096
_NAME, _WORDS, _REASON, _HEADING = 80, 60, 500, 80
_BECAUSE = frozenset({"reply", "mention", "roster", "role", "pronoun"})
_SURE = ((0.95, "almost_sure"), (0.8, "fairly_sure"), (0.65, "rather_sure"))


class ClauseWords(Protocol):
    """What is asked of the code of conduct."""

    def shown_as(self, clause: str) -> str:
        """The clause's number as people are shown it."""
        ...

    def heading(self, clause: str) -> str:
        """The clause's short heading."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an alert shows: the case, and the names that it only has ids for."""

    case: Case
    group: Group
    author: str
    steps: tuple[CaseStep, ...] = ()
    names: Mapping[str, str] | None = None

    def name(self, person_id: str) -> str:
        """A person's name; empty for somebody who is not registered any more."""
        return (self.names or {}).get(person_id, "")

    def step(self, step: str) -> CaseStep | None:
        """The newest step of a kind."""
        return next((one for one in reversed(self.steps) if one.step == step), None)


async def render_alert(effect: Alert | ReviseAlert, services: Services) -> Outgoing:
    """The alert as the case now stands.

    Raises:
        storage.errors.NotFound: there is no such case.
    """
    async with services.store.transaction("render alert", services.clock.now()) as tx:
        facts = await load_facts(effect.case_id, tx)
    if isinstance(effect, Alert) and effect.part == "whole":
        whole = escape(cut(sendable(facts.case.text), LONGEST)) or services.texts.render("alert.erased")
        return Outgoing(whole, keyboard(effect.rows, services.texts), protect=True)
    note = effect.note if isinstance(effect, ReviseAlert) else ""
    text = alert_text(
        facts, role=effect.role, note=note, texts=services.texts, code=services.code, zone=services.settings.zone
    )
    return Outgoing(text, keyboard(effect.rows, services.texts), protect=True)


async def load_facts(case_id: str, tx: Transaction) -> Facts:
    """What an alert about a case shows.

    Raises:
        storage.errors.NotFound: there is no such case.
    """
    case = await tx.cases.get(case_id)
    steps = tuple(await tx.cases.history(case_id))
    ids = {step.actor_id for step in steps} | {case.author_id}
    if case.decision is not None:
        ids.add(case.decision.by)
    people = await tx.people.of_school(case.school_id)
    names = {person.id: name_among(person, people) for person in people if person.id in ids}
    return Facts(case, await tx.groups.get(case.group_id), names.get(case.author_id, ""), steps, names)


def alert_text(facts: Facts, *, role: str, texts: Texts, code: ClauseWords, zone: tzinfo, note: str = "") -> str:
    """The alert as Telegram HTML, within 4,096 UTF-16 units whatever the message holds."""
    case = facts.case
    first = texts.render("alert.first_line_concern" if case.concern is not Concern.NONE else "alert.first_line")
    where = texts.render(
        "alert.where_edited" if case.edited else "alert.where",
        group=on_one_line(facts.group.title, _NAME),
        author=on_one_line(facts.author, _NAME),
        when=_when(case.written_at, zone),
    )
    below = [
        *_findings(case, texts, code),
        *_concern(facts, role, texts, zone),
        *_standing(facts, role, texts, code, zone),
        *([texts.render(note, group=on_one_line(facts.group.title, _NAME))] if note else []),
    ]
    rest = "\n\n".join([first, where, "", *below])
    room = min(QUOTED_UNITS, LONGEST - units(without_markup(rest)) - 2)
    message = sendable(case.text)
    quote = texts.render("alert.quote", message=cut(message, room)) if message else texts.render("alert.erased")
    return "\n\n".join([first, where, quote, *below])


def _findings(case: Case, texts: Texts, code: ClauseWords) -> Iterator[str]:
    """What the message may break, how severe, how sure, who is meant, and what says so."""
    lines = []
    if case.outcome is Outcome.FLAG:
        lines.append(texts.render("alert.clauses", clauses=clauses_in_words(case.clauses, code)))
        lines.append(texts.render(f"alert.severity_{int(case.severity)}"))
    lines.append(_sure(case.confidence, texts))
    if case.target not in (Target.UNKNOWN, Target.NOBODY):
        target = texts.plain(f"alert.target.{case.target}")
        because = case.target_because if case.target_because in _BECAUSE else "none"
        lines.append(texts.render(f"alert.because.{because}", target=target))
    if case.evidence:
        lines.append(texts.render("alert.weighed", words=", ".join(map(_quoted, case.evidence))))
    yield "\n".join(lines)


def _sure(confidence: float, texts: Texts) -> str:
    words = next((words for least, words in _SURE if confidence >= least), "unsure")
    # A machine is never certain, and never told a person so.
    per_cent = str(min(99, max(1, round(confidence * 100))))
    return texts.render(f"alert.{words}", per_cent=per_cent)


def _concern(facts: Facts, role: str, texts: Texts, zone: tzinfo) -> Iterator[str]:
    """The safeguarding worry, what was done about it, and what the reader is to do now."""
    case = facts.case
    if case.concern is Concern.NONE:
        return
    yield texts.render(f"concern.{case.concern.replace('-', '_')}")
    passed, taken = facts.step("passed_to_dsl"), facts.step("taken")
    if case.passed_to_dsl and passed is not None:
        yield texts.render("concern.passed_to_dsl", when=_when(passed.at, zone))
    else:
        yield texts.render("concern.no_dsl")
    if taken is not None:
        name = on_one_line(facts.name(taken.actor_id), _NAME)
        yield texts.render("concern.taken", name=name, when=_when(taken.at, zone))
    elif role == Role.DSL or not case.passed_to_dsl:
        yield texts.render("concern.do_now")
    else:
        yield texts.render("concern.do_now_others")


def _standing(facts: Facts, role: str, texts: Texts, code: ClauseWords, zone: tzinfo) -> Iterator[str]:
    """What the author says, what was decided, and who decides."""
    case, decision = facts.case, facts.case.decision
    if case.mistake_claimed:
        yield texts.render("alert.mistake_claimed")
    if decision is not None:
        yield texts.render(
            "alert.decided" if decision.clauses else "alert.decided_no_clause",
            outcome=texts.plain(f"alert.outcome.{decision.outcome}"),
            name=on_one_line(facts.name(decision.by), _NAME),
            when=_when(decision.at, zone),
            clauses=clauses_in_words(decision.clauses, code),
            reason=cut(sendable(decision.reason), _REASON),
            version=on_one_line(decision.code_version, 20),
        )
    elif case.to_headteacher and role == Role.HEADTEACHER:
        yield texts.render("alert.others_decide")


def clauses_in_words(clauses: tuple[Clause, ...], code: ClauseWords) -> str:
    """Clauses as people know them: number and heading, one a line."""
    return "\n".join(f"• {code.shown_as(one)} {on_one_line(code.heading(one), _HEADING)}" for one in clauses)


def _quoted(span: Span) -> str:
    # Isolated (U+2068, U+2069), so that right-to-left words do not turn the line around.
    return f"\u2068“{cut(sendable(span.text), _WORDS)}”\u2069"


def _when(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    # strftime's names follow the machine's locale.
    day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.weekday()]
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][local.month - 1]
    return f"{day} {local.day} {month}, {local:%H:%M}"
