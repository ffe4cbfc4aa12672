"""Deciding from an alert: an outcome, its clauses, a reason, once; and what author and dsl press."""

from pathlib import Path
from typing import Any

import pytest

from bot.handlers.deciding import look_if_closing
from moderation.effects import Press
from moderation.records import CaseStatus, DecisionOutcome
from moderation.vocabulary import Clause, Concern, Role, Severity
from tests.support.casework import CHAT, SEEN, Casework, casework, verdict, worry


async def open_case(work: Casework, found: Any = None) -> Any:
    case = await work.flag(found)
    await work.deliver()
    return case


async def advise(work: Casework, name: str = "head") -> str:
    await work.tap(name, "decide.private_advice")
    return await work.tap(name, "reasons.private_advice.first.label")


def toggle(work: Casework, name: str, clause: str) -> Press:
    buttons = [press for presses in work.phone(name).buttons.values() for press in presses]
    return next(press for press in buttons if press.values.get("clause", "").endswith(clause))


async def test_no_breach_needs_a_reason_only(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        assert await work.tap("head", "decide.no_breach") == ""
        assert "decide.clause_on" not in work.phone("head").labels()
        assert await work.tap("head", "reasons.no_breach.banter.label") == "decide.done"
        decided = await work.case(case)
        assert decided.status is CaseStatus.DECIDED
        assert decided.decision is not None
        assert decided.decision.outcome is DecisionOutcome.NO_BREACH
        assert decided.decision.by == work.people["head"].id
        assert decided.decision.at == work.clock.now()
        assert decided.decision.clauses == ()
        assert decided.decision.code_version == work.services.code.version
        assert "banter" in decided.decision.reason
        assert work.phone("head").labels() == []
        assert "no breach" in work.shown("head", "alert:")
        assert "The head" in work.shown("head", "alert:")
        assert "all is well" in work.shown("author")
        assert work.phone("author").labels() == []


async def test_nobody_thanks_an_author_who_never_heard_of_it(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await open_case(work, verdict(severity=Severity.GRAVE))
        await work.tap("head", "decide.no_breach")
        await work.tap("head", "reasons.no_breach.banter.label")
        assert not work.phone("author").shown


async def test_private_advice_starts_from_the_clauses_of_the_verdict(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        assert await advise(work) == "decide.done"
        decided = await work.case(case)
        assert decided.decision is not None
        assert decided.decision.clauses == (Clause.ABUSE_TO_PARENT,)
        assert "could be hurtful to another parent" in work.shown("author", f"author:{case.id}:advice")
        assert decided.decision.reason not in "".join(work.phone("author").shown.values())


async def test_a_severe_message_gets_its_advice_once_a_person_has_decided(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await open_case(work, verdict(severity=Severity.GRAVE))
        assert not work.phone("author").shown
        await advise(work)
        assert "/code" in work.shown("author")


async def test_clauses_can_be_ticked_and_unticked(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.private_advice")
        await work.press("head", toggle(work, "head", "damaging claim"))
        await work.press("head", toggle(work, "head", "fellow parent"))
        await work.tap("head", "reasons.private_advice.heat.label")
        decided = await work.case(case)
        assert decided.decision is not None
        assert decided.decision.clauses == (Clause.DEFAMATORY,)


async def test_a_breach_needs_a_clause(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.private_advice")
        await work.press("head", toggle(work, "head", "fellow parent"))
        assert await work.tap("head", "reasons.private_advice.heat.label") == "decide.need_clause"
        assert await work.tap("head", "decide.type_own") == "decide.need_clause"
        assert (await work.case(case)).status is CaseStatus.OPEN


async def test_a_reason_can_be_typed(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.private_advice")
        assert await work.tap("head", "decide.type_own") == "decide.type_reason_toast"
        await work.type("head", "I have spoken with both of them <today>.")
        decided = await work.case(case)
        assert decided.decision is not None
        assert decided.decision.reason == "I have spoken with both of them <today>."
        assert "<today>" in work.shown("head", "alert:")
        assert "decided, with your reason" in work.shown("head", "say:")


@pytest.mark.parametrize("reason", [" ", "x" * 1001])
async def test_a_reason_that_is_none_is_asked_for_again(tmp_path: Path, reason: str) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.no_breach")
        await work.tap("head", "decide.type_own")
        await work.type("head", reason)
        assert (await work.case(case)).status is CaseStatus.OPEN
        await work.type("head", "They are brothers.")
        assert (await work.case(case)).status is CaseStatus.DECIDED


async def test_a_typed_reason_comes_too_late_for_a_case_that_changed(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.no_breach")
        await work.tap("head", "decide.type_own")
        await work.tap("author", "author.mistake_button")
        await work.type("head", "They are brothers.")
        assert (await work.case(case)).status is CaseStatus.OPEN
        assert "Nothing has changed" in work.shown("head", "say:")


async def test_a_tapped_reason_ends_the_wait_for_a_typed_one(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await open_case(work)
        await work.tap("head", "decide.no_breach")
        await work.tap("head", "decide.type_own")
        await work.tap("head", "reasons.no_breach.civil.label")
        assert await work.do(lambda tx: tx.prompts.open_for(101)) is None


async def test_back_shows_the_outcomes_again(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await open_case(work)
        before = work.phone("head").labels()
        await work.tap("head", "decide.close_group")
        assert "decide.no_breach" not in work.phone("head").labels()
        await work.tap("head", "decide.back")
        assert work.phone("head").labels() == before


async def test_closing_shows_what_will_happen_before_it_asks_for_the_reason(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.close_group")
        assert "Close Willow (Year 3)?" in work.shown("head", "alert:")
        await work.tap("head", "decide.confirm")
        assert await work.tap("head", "reasons.close_group.calm.label") == "decide.done"
        closure = await work.do(lambda tx: tx.closures.open_for_group(work.group.id))
        assert closure.case_id == case.id
        assert closure.closed_by == work.people["head"].id
        assert closure.saved_permissions == dict(SEEN.permissions)
        decided = await work.case(case)
        assert decided.decision is not None
        assert decided.decision.reason == closure.reason


async def test_a_group_that_cannot_be_seen_is_not_closed_and_nothing_is_decided(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.close_group")
        await work.tap("head", "decide.confirm")
        assert await work.tap("head", "reasons.close_group.calm.label", seen=None) == "decide.cannot_close"
        assert (await work.case(case)).status is CaseStatus.OPEN


async def test_telegram_is_asked_about_the_group_only_if_it_is_to_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(chat_id: int, _services: object) -> int:
        return chat_id

    monkeypatch.setattr("bot.handlers.deciding.look_at_group", look)
    async with casework(tmp_path) as work:
        await open_case(work)
        await work.tap("head", "decide.no_breach")
        mild = work.button("head", "reasons.no_breach.civil.label")
        found = await work.do(lambda tx: tx.buttons.find(mild.handle, 101))
        assert await look_if_closing(found, work.services) is None
        await work.tap("head", "decide.back")
        await work.tap("head", "decide.close_group")
        await work.tap("head", "decide.confirm")
        grave = work.button("head", "reasons.close_group.grave.label")
        found = await work.do(lambda tx: tx.buttons.find(grave.handle, 101))
        assert await look_if_closing(found, work.services) == CHAT  # type: ignore[comparison-overlap]  # the fake's answer


async def test_a_second_press_and_a_stale_button_change_nothing(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        first = work.button("head", "decide.close_group")
        await work.tap("head", "decide.private_advice")
        last = work.button("head", "reasons.private_advice.first.label")
        await work.press("head", last)
        once = await work.case(case)
        for stale in (first, last):
            assert await work.press("head", stale) == "AlreadyUsed"
        assert await work.case(case) == once


async def test_another_persons_press_changes_nothing(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        assert await work.press("deputy", work.button("head", "decide.no_breach")) == "NotFound"
        assert (await work.case(case)).version == case.version


async def test_two_people_cannot_decide_the_same_case(tmp_path: Path) -> None:
    chairs = frozenset({Role.HEADTEACHER})
    async with casework(tmp_path, deputy=chairs) as work:
        case = await open_case(work)
        await work.tap("head", "decide.no_breach")
        late = work.button("deputy", "decide.private_advice")
        await work.tap("head", "reasons.no_breach.banter.label")
        assert await work.press("deputy", late) == "AlreadyUsed"
        assert work.phone("deputy").labels() == []
        assert "The head" in work.shown("deputy", "alert:")
        assert (await work.case(case)).version == 2


async def test_who_holds_the_role_no_more_decides_no_more(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.no_breach")
        person = work.people["head"]
        await work.do(
            lambda tx: tx.people.change(
                person.id, name=person.name, roles=frozenset({Role.TEACHER}), school_class="", children=()
            )
        )
        for label in ("reasons.no_breach.banter.label", "decide.type_own", "decide.back"):
            assert await work.tap("head", label) == "decide.not_you"
        assert (await work.case(case)).status is CaseStatus.OPEN


async def test_who_lost_the_role_while_typing_decides_nothing(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        await work.tap("head", "decide.no_breach")
        await work.tap("head", "decide.type_own")
        person = work.people["head"]
        await work.do(
            lambda tx: tx.people.change(
                person.id, name=person.name, roles=frozenset({Role.TEACHER}), school_class="", children=()
            )
        )
        await work.type("head", "They are brothers.")
        assert (await work.case(case)).status is CaseStatus.OPEN
        assert "not the one who decides" in work.shown("head", "say:")


async def test_a_message_to_the_headteacher_is_decided_by_the_chair(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await open_case(work, verdict(to_head=True))
        assert work.phone("head").labels() == []
        assert "somebody else decides" in work.shown("head", "alert:")
        assert await advise(work, "chair") == "decide.done"
        assert "The chair" in work.shown("head", "alert:")


async def test_this_is_a_mistake_is_recorded_once_and_shown_on_the_alert(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        press = work.button("author", "author.mistake_button")
        assert await work.press("author", press) == "author.mistake_toast"
        assert (await work.case(case)).mistake_claimed
        assert "mistake" in work.shown("head", "alert:")
        assert "sees that you say it is a mistake" in work.shown("author")
        assert await work.press("author", press) == "AlreadyUsed"
        assert [step.step for step in await work.steps(case)].count("mistake_claimed") == 1
        assert await advise(work) == "decide.done", "the alert's new buttons work"


async def test_a_mistake_cannot_be_claimed_once_it_is_decided(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work)
        press = work.button("author", "author.mistake_button")
        await advise(work)
        assert await work.press("author", press) == "AlreadyUsed"
        assert not (await work.case(case)).mistake_claimed


async def test_a_dsl_who_has_a_worry_in_hand_ends_the_case(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work, worry())
        assert work.phone("dsl").labels() == ["concern.take"]
        assert work.phone("head").labels() == []
        assert await work.tap("dsl", "concern.take") == "concern.taken_toast"
        assert (await work.case(case)).status is CaseStatus.CLOSED
        assert "The dsl sees to it" in work.shown("head", "alert:")
        assert "taken" in [step.step for step in await work.steps(case)]


async def test_a_worry_in_a_breach_leaves_the_decision_open(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work, verdict(concern=Concern.CHILD))
        assert await work.tap("dsl", "concern.take") == "concern.taken_toast"
        assert (await work.case(case)).status is CaseStatus.OPEN
        assert await advise(work) == "decide.done"


async def test_a_worry_stays_in_the_dsls_hands_after_the_decision(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await open_case(work, verdict(concern=Concern.CHILD))
        await advise(work)
        assert await work.tap("dsl", "concern.take") == "concern.taken_toast"
        assert (await work.case(case)).status is CaseStatus.DECIDED


async def test_only_one_person_has_a_worry(tmp_path: Path) -> None:
    async with casework(tmp_path, deputy=frozenset({Role.DSL})) as work:
        await open_case(work, worry())
        late = work.button("deputy", "concern.take")
        await work.tap("dsl", "concern.take")
        assert await work.press("deputy", late) == "AlreadyUsed"


async def test_a_long_message_can_be_read_whole(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        text = "🙂" * 2048
        case = await work.flag(text=text)
        await work.deliver()
        assert work.shown("head", "alert:").count("🙂") < 900
        assert await work.tap("head", "alert.show_whole") == "alert.whole_sent"
        assert work.shown("head", "whole:") == text
        await work.tap("head", "alert.show_whole")
        assert sum(key.startswith("whole:") for key in work.phone("head").shown) == 1
        assert (await work.case(case)).status is CaseStatus.OPEN


async def test_buttons_of_a_person_who_is_not_registered_any_more_do_nothing(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        text = "long " * 400
        await work.flag(worry(), text=text)
        await work.deliver()
        await work.do(
            lambda tx: tx.people.change(
                work.people["dsl"].id, name="x", roles=frozenset({Role.TEACHER}), school_class="", children=()
            )
        )
        assert await work.tap("dsl", "concern.take") == "decide.not_you"
        assert await work.tap("dsl", "alert.show_whole") == "decide.not_you"
