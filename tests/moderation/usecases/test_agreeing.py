"""The code first, then the notice; yes and no alike; each answer kept once, by version."""

from dataclasses import replace

import pytest

from moderation.records import Person
from moderation.usecases import agreeing
from moderation.usecases.agreeing import Papers
from moderation.vocabulary import Role
from tests.support.village import NEXT, NOON, PAPERS, PARENT, Village, person


async def step(village: Village, who: Person, papers: Papers = PAPERS, key: str = "") -> bool:
    return await agreeing.next_step(who, papers=papers, consents=village.consents, outbox=village.outbox, key=key)


async def acknowledge(village: Village, version: str = "1", under: str = "m1", papers: Papers = PAPERS) -> bool:
    return await agreeing.acknowledge(
        village.parent,
        version=version,
        under=under,
        papers=papers,
        consents=village.consents,
        outbox=village.outbox,
        now=NOON,
    )


async def answer(village: Village, given: bool, version: str = "1", under: str = "m2", papers: Papers = PAPERS) -> str:
    return await agreeing.answer_notice(
        village.parent,
        given=given,
        version=version,
        under=under,
        papers=papers,
        consents=village.consents,
        inbox=village.inbox,
        outbox=village.outbox,
        now=NOON,
    )


async def test_the_code_comes_first_then_the_notice_then_nothing() -> None:
    village = Village()
    assert await step(village, village.parent)
    assert await acknowledge(village)
    assert await step(village, village.parent)
    await answer(village, given=False)
    assert not await step(village, village.parent)
    assert village.outbox.told(PARENT) == ["code.ask", "code.agreed", "consent.ask", "consent.declined"]


async def test_yes_and_no_are_equally_easy_and_the_full_notice_is_one_tap_away() -> None:
    village = Village()
    await agreeing.ask_consent(village.parent, papers=PAPERS, outbox=village.outbox)
    yes, no, notice = village.outbox.buttons("consent.ask")
    assert (yes.action, {**yes.args, "given": "no"}) == (no.action, dict(no.args))
    assert notice.url == PAPERS.notice_url
    await agreeing.ask_consent(village.parent, papers=NEXT, outbox=village.outbox)
    assert len(village.outbox.buttons("consent.ask")) == 2


async def test_each_version_is_asked_about_once_a_person() -> None:
    village = Village()
    await step(village, village.parent)
    await step(village, village.parent)
    assert village.outbox.told(PARENT) == ["code.ask"]
    await acknowledge(village)
    await step(village, village.parent, NEXT)
    await acknowledge(village, "2", "m3", NEXT)
    await answer(village, given=True)
    await step(village, village.parent, NEXT)
    await step(village, village.parent, NEXT)
    assert village.outbox.told(PARENT)[2:] == ["code.ask_again", "code.agreed", "consent.given", "consent.ask_again"]


@pytest.mark.parametrize("who", [person(7, Role.TEACHER, Role.PARENT), person(None, Role.PARENT)])
async def test_staff_and_people_without_an_account_are_not_asked(who: Person) -> None:
    village = Village()
    assert not await step(village, who)
    await agreeing.ask_code(replace(who, telegram_id=None), papers=PAPERS, outbox=village.outbox)
    await agreeing.ask_consent(replace(who, telegram_id=None), papers=PAPERS, outbox=village.outbox)
    assert not village.outbox.queued


async def test_a_second_press_acknowledges_nothing_new() -> None:
    village = Village()
    assert await acknowledge(village)
    first = village.consents.acknowledged[village.parent.id]
    assert not await acknowledge(village, under="another message")
    assert village.consents.acknowledged[village.parent.id] is first
    assert (first.version, first.hash) == ("1", "c1")


async def test_a_version_that_was_replaced_is_not_acknowledged_but_asked_anew() -> None:
    village = Village()
    assert not await acknowledge(village, "1", papers=NEXT)
    assert not village.consents.acknowledged
    assert village.outbox.told(PARENT) == ["code.ask_again"]
    assert await answer(village, given=True, version="1", papers=NEXT) == "consent.out_of_date"
    assert not village.consents.answers


async def test_consent_that_is_given_twice_is_not_younger_for_it() -> None:
    village = Village()
    assert await answer(village, given=True) == "consent.thanks"
    assert await answer(village, given=True, under="m3") == "consent.thanks"
    assert len(village.consents.answers[village.parent.id]) == 1
    assert not village.inbox.forgotten


async def test_no_after_yes_ends_consent_and_forgets_what_waits() -> None:
    village = Village()
    await answer(village, given=True)
    await answer(village, given=False, under="m3")
    first, second = village.consents.answers[village.parent.id]
    assert first.withdrawn_at is not None
    assert not second.given
    assert village.inbox.forgotten == [PARENT]


async def test_withdrawing_works_at_once_and_may_be_repeated() -> None:
    village = Village()
    await answer(village, given=True)
    persons = [village.parent, person(8, Role.TEACHER), person(None, Role.PARENT)]
    for key in ("first", "second"):
        await agreeing.withdraw(persons, consents=village.consents, inbox=village.inbox, outbox=village.outbox, key=key)
    assert not agreeing.is_standing(await village.consents.latest(village.parent.id), PAPERS)
    assert village.outbox.told(PARENT)[1:] == ["consent.withdrawn", "consent.nothing_to_withdraw"]
    assert village.outbox.told(8) == ["consent.staff", "consent.staff"]
    await answer(village, given=True, under="m4")
    assert agreeing.is_standing(await village.consents.latest(village.parent.id), PAPERS)
    assert not agreeing.is_standing(await village.consents.latest(village.parent.id), NEXT)


async def test_somebody_who_has_lost_the_account_can_press_nothing() -> None:
    village = Village()
    village.people.persons[2] = replace(village.parent, telegram_id=None)
    assert not await acknowledge(village)
    assert await answer(village, given=True) == ""
    assert not village.outbox.queued


async def test_staff_need_not_acknowledge_the_parents_code() -> None:
    village = Village()
    teacher = person(8, Role.TEACHER)
    assert await agreeing.has_acknowledged(teacher, papers=PAPERS, consents=village.consents)
    assert not await agreeing.has_acknowledged(village.parent, papers=PAPERS, consents=village.consents)


def test_dates_are_written_out() -> None:
    assert agreeing.shown(NOON) == "7 September 2026"
