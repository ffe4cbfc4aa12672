"""The buttons under alerts: choosing an outcome, its clauses and a reason, and what an author presses.

The choice so far travels in the buttons' own arguments, so nothing is half-decided anywhere: the case changes
once, with the reason. A typed reason is never in an argument.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bot.handlers.answering import Answer
from bot.handlers.closing import close_for_case, look_at_group
from bot.handlers.looking import GroupSeen
from bot.handlers.pressing import Action
from bot.rendering.choices import CONFIRM, REASONS, confirm_rows, joined, parted, reason_rows, reason_words
from bot.services import Services
from moderation.effects import Alert, ReviseAlert, Rows, Tell
from moderation.records import Case, CaseStatus, DecisionOutcome, Person
from moderation.usecases.alert_buttons import alert_rows, is_taken
from moderation.usecases.alerting import may_decide, may_see
from moderation.usecases.deciding import LONGEST_REASON, Choice, DecisionIncomplete, claim_mistake, decide, take
from storage.buttons import Pressed
from storage.errors import Stale
from storage.prompts import Prompt
from storage.store import Transaction

_WAITS = "decide_reason"


async def turn(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Show the alert with the buttons of another stage; nothing is decided yet."""
    case, person = await _seen_by(pressed.args, pressed.telegram_id, pressed.school_id, tx)
    if person is None:
        return "decide.not_you"
    here = _here(pressed.args)
    stage = pressed.args["stage"]
    if stage == CONFIRM:
        await _show(pressed, confirm_rows(here), "decide.confirm_close", tx)
    elif stage == REASONS:
        breach = here["outcome"] != DecisionOutcome.NO_BREACH
        clauses = parted(pressed.args.get("clauses", joined(case.clauses))) if breach else ()
        note = "decide.choose_clauses_and_reason" if breach else "decide.choose_reason"
        await _show(pressed, reason_rows(here, clauses, services.texts), note, tx)
    else:
        taken = is_taken(await tx.cases.history(case.id))
        rows = alert_rows(case, role=here["role"], decides_as=here["decides"], taken=taken)
        await _show(pressed, rows, "", tx)
    return ""


async def pick_reason(pressed: Pressed, *, tx: Transaction, services: Services, seen: GroupSeen | None) -> str:
    """Decide with a ready-made reason."""
    args = pressed.args
    case, person = await _seen_by(args, pressed.telegram_id, pressed.school_id, tx)
    if person is None:
        return "decide.not_you"
    reason = reason_words(args["outcome"], args["reason"], services.texts)
    problem = await _settle(args, case, person, reason, tx=tx, services=services, seen=seen)
    if problem:
        return problem
    waiting = await tx.prompts.open_for(pressed.telegram_id)
    if waiting is not None and waiting.kind == _WAITS and waiting.args["case"] == case.id:
        await tx.prompts.close(pressed.telegram_id)
    return "decide.done"


async def ask_reason(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Wait for a reason that is typed."""
    case, person = await _seen_by(pressed.args, pressed.telegram_id, pressed.school_id, tx)
    if person is None:
        return "decide.not_you"
    if pressed.args["outcome"] != DecisionOutcome.NO_BREACH and not parted(pressed.args["clauses"]):
        return "decide.need_clause"
    await tx.prompts.ask(pressed.telegram_id, _WAITS, dict(pressed.args), school_id=case.school_id)
    await _say(pressed.telegram_id, "decide.type_reason", case, tx)
    return "decide.type_reason_toast"


async def typed_reason(
    prompt: Prompt, text: str, *, tx: Transaction, services: Services, seen: GroupSeen | None
) -> None:
    """Decide with the reason that was typed, or say why not."""
    args = prompt.args
    case = await tx.cases.get(args["case"])
    try:
        _, person = await _seen_by(args, prompt.telegram_id, case.school_id, tx)
    except Stale:
        await _say(prompt.telegram_id, "decide.too_late", case, tx)
        return
    if person is None:
        await _say(prompt.telegram_id, "decide.not_you", case, tx)
        return
    if not text.strip() or len(text.strip()) > LONGEST_REASON:
        await tx.prompts.ask(prompt.telegram_id, _WAITS, dict(args), school_id=case.school_id)
        await _say(prompt.telegram_id, "decide.reason_missing", case, tx)
        return
    answer = await _settle(args, case, person, text, tx=tx, services=services, seen=seen)
    await _say(prompt.telegram_id, answer or "decide.done_typed", case, tx)


async def have_it(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Record that this person sees to the concern."""
    case = await tx.cases.get(pressed.args["case"])
    person = await tx.people.by_telegram(pressed.telegram_id, case.school_id)
    if person is None or not may_see(case, person, pressed.args["role"]):
        return "decide.not_you"
    taken = await take(case.id, by=person, cases=tx.cases, people=tx.people, outbox=tx.outbox)
    return "concern.taken_toast" if taken else "concern.taken_already"


async def show_whole(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Send the whole message by itself, once."""
    case = await tx.cases.get(pressed.args["case"])
    person = await tx.people.by_telegram(pressed.telegram_id, case.school_id)
    if person is None or not may_see(case, person, pressed.args["role"]):
        return "decide.not_you"
    whole = Alert(pressed.telegram_id, case.id, pressed.args["role"], part="whole")
    await tx.outbox.put(whole, key=f"whole:{pressed.bundle}", school_id=case.school_id, about=f"case:{case.id}")
    return "alert.whole_sent"


async def mistake(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """The author says that it is a mistake."""
    person = await tx.people.by_telegram(pressed.telegram_id, pressed.school_id)
    if person is None:
        return "buttons.not_yours"
    case_id = pressed.args["case"]
    noted = await claim_mistake(case_id, by=person, cases=tx.cases, people=tx.people, outbox=tx.outbox)
    return "author.mistake_toast" if noted else "buttons.used"


async def look_if_closing(asked: Pressed | Prompt, services: Services) -> GroupSeen | None:
    """What Telegram says of the group, if it is to be closed."""
    if asked.args["outcome"] != DecisionOutcome.CLOSE_GROUP:
        return None
    async with services.store.transaction("case to close for", services.clock.now()) as tx:
        case = await tx.cases.get(asked.args["case"])
        group = await tx.groups.get(case.group_id)
    return await look_at_group(group.chat_id, services)


async def _seen_by(
    args: Mapping[str, Any], telegram_id: int, school_id: str, tx: Transaction
) -> tuple[Case, Person | None]:
    """The case as the person saw it, and the person if they may decide it.

    Raises:
        Stale: it was decided, or has changed since.
    """
    case = await tx.cases.get(args["case"])
    if case.status is not CaseStatus.OPEN or case.version != int(args["v"]):
        raise Stale("case", case.id, expected=int(args["v"]), found=case.version)
    person = await tx.people.by_telegram(telegram_id, school_id or case.school_id)
    return case, person if person is not None and may_decide(case, person, args["decides"]) else None


async def _settle(
    args: Mapping[str, Any],
    case: Case,
    person: Person,
    reason: str,
    *,
    tx: Transaction,
    services: Services,
    seen: GroupSeen | None,
) -> str:
    """Decide, and close the group if that is the decision; the key of what stands in the way, or nothing."""
    outcome = DecisionOutcome(args["outcome"])
    closing = outcome is DecisionOutcome.CLOSE_GROUP
    if closing and (seen is None or not seen.reachable):
        return "decide.cannot_close"
    choice = Choice(case.id, case.version, outcome, parted(args["clauses"]), reason)
    try:
        decided = await decide(
            choice,
            by=person,
            decides_as=args["decides"],
            code=services.code,
            cases=tx.cases,
            people=tx.people,
            outbox=tx.outbox,
            now=tx.now,
        )
    except DecisionIncomplete as fault:
        return "decide.need_clause" if fault.lacks == "clauses" else "decide.reason_missing"
    if closing and seen is not None:
        group = await tx.groups.get(case.group_id)
        await close_for_case(tx, services, seen, group, person, decided_reason(decided), case.id)
    return ""


def decided_reason(case: Case) -> str:
    """The reason that a case was decided with."""
    return case.decision.reason if case.decision is not None else ""


async def _show(pressed: Pressed, rows: Rows, note: str, tx: Transaction) -> None:
    case_id, role = pressed.args["case"], pressed.args["role"]
    await tx.outbox.put(
        ReviseAlert(pressed.bundle, pressed.telegram_id, case_id, role, rows, note),
        key=f"turn:{pressed.bundle}:{uuid4().hex}",
        school_id=pressed.school_id,
        about=f"case:{case_id}",
    )


async def _say(telegram_id: int, text: str, case: Case, tx: Transaction) -> None:
    await tx.outbox.put(
        Tell(telegram_id, text),
        key=f"say:{case.id}:{uuid4().hex}",
        school_id=case.school_id,
        about=f"case:{case.id}",
    )


def _here(args: Mapping[str, Any]) -> dict[str, str]:
    """What every button of an alert carries."""
    return {name: str(args[name]) for name in ("case", "v", "role", "decides", "outcome") if name in args}


ACTIONS: Mapping[str, Action] = {
    "decide": Action(turn),
    "decide_reason": Action(pick_reason, look_if_closing),
    "decide_type": Action(ask_reason),
    "take": Action(have_it),
    "whole": Action(show_whole),
    "mistake": Action(mistake),
}

ANSWERS: Mapping[str, Answer] = {_WAITS: Answer(typed_reason, look_if_closing)}
