"""An alert is certain: the next fit person, a later day, but never nobody, never twice, never the wrong one."""

from pathlib import Path

import pytest

from bot.sweeps.alerts import alert_whoever_is_missing
from moderation.vocabulary import Concern
from tests.support.casework import ACCOUNTS, Casework, casework, verdict, worry

OF_HEAD = verdict(about_head=True)


async def sweep(work: Casework) -> None:
    await alert_whoever_is_missing(work.services)
    await work.deliver()


async def alerts(work: Casework, name: str) -> int:
    return sum(key.startswith("alert:") for key in work.phone(name).shown)


async def test_without_a_headteacher_the_deputy_decides(tmp_path: Path) -> None:
    async with casework(tmp_path, "deputy", "dsl", "office") as work:
        await work.flag()
        await work.deliver()
        assert await alerts(work, "deputy") == 1
        assert "decide.no_breach" in work.phone("deputy").labels()
        assert not work.phone("office").shown


async def test_a_blocked_alert_goes_to_the_next_fit_person(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        work.refusing = {"head"}
        case = await work.flag()
        await work.deliver()
        assert not work.phone("deputy").shown
        await sweep(work)
        assert await alerts(work, "deputy") == 1
        assert [step.step for step in await work.steps(case)].count("alert_refused") == 1


async def test_whoever_unblocks_the_bot_gets_the_alert_that_nobody_had(tmp_path: Path) -> None:
    async with casework(tmp_path, "head") as work:
        work.refusing = {"head"}
        await work.flag()
        await work.deliver()
        await sweep(work)
        assert not work.phone("head").shown
        work.refusing = set()
        await work.do(lambda tx: tx.people.set_blocked(ACCOUNTS["head"], blocked=False))
        await sweep(work)
        await sweep(work)
        assert await alerts(work, "head") == 1


async def test_with_nobody_to_decide_the_office_hears_without_content_and_the_case_waits(tmp_path: Path) -> None:
    async with casework(tmp_path, "office", "author") as work:
        case = await work.flag()
        await work.deliver()
        assert "waiting for the headteacher" in work.shown("office")
        assert "useless" not in work.shown("office")
        assert "author" not in work.shown("office")
        await sweep(work)
        assert len(work.phone("office").shown) == 1
        await work.bind("head")
        await sweep(work)
        assert await alerts(work, "head") == 1
        assert not await work.do(lambda tx: tx.cases.awaiting())
        assert "the headteacher" not in work.shown("author"), "when it was written, nobody could read it"
        assert case.id


async def test_about_the_headteacher_only_others_hear_that_the_chair_is_missing(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "deputy", "office") as work:
        await work.flag(OF_HEAD)
        await work.deliver()
        assert not work.phone("head").shown
        assert "chair of governors" in work.shown("office")
        assert "chair of governors" in work.shown("deputy")


async def test_in_an_empty_school_the_case_waits_for_the_first_who_comes(tmp_path: Path) -> None:
    async with casework(tmp_path, "author") as work:
        await work.flag()
        await sweep(work)
        await work.bind("head")
        await sweep(work)
        assert await alerts(work, "head") == 1


async def test_a_concern_without_a_dsl_says_so_and_reaches_her_later(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "chair") as work:
        case = await work.flag(worry())
        await work.deliver()
        assert not case.passed_to_dsl
        assert "cannot be reached" in work.shown("head", "alert:")
        assert "designated safeguarding lead" in work.shown("chair", "unreached:")
        assert "concern.take" in work.phone("head").labels()
        await work.bind("dsl")
        await sweep(work)
        assert await alerts(work, "dsl") == 1
        assert "Passed to DSL" in work.shown("head", "alert:")
        assert work.phone("head").labels() == []
        assert (await work.case(case)).passed_to_dsl


async def test_a_dsl_who_blocks_the_bot_is_not_said_to_know(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        work.refusing = {"dsl"}
        case = await work.flag(worry(Concern.DANGER))
        await work.deliver()
        assert not (await work.case(case)).passed_to_dsl
        assert "cannot be reached" in work.shown("head", "alert:")
        assert "Passed to DSL" not in work.shown("head", "alert:")


async def test_who_refuses_again_and_again_is_passed_over(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "deputy") as work:
        work.refusing = {"head"}
        case = await work.flag()
        for _ in range(6):
            await work.deliver()
            # A refusal that is no block: the person seems within reach each time.
            await work.do(lambda tx: tx.people.set_blocked(ACCOUNTS["head"], blocked=False))
            await alert_whoever_is_missing(work.services)
        await work.deliver()
        assert await alerts(work, "deputy") == 1
        assert [step.step for step in await work.steps(case)].count("alert_refused") == 5


@pytest.mark.parametrize("name", ["head", "dsl"])
async def test_nothing_is_alerted_again_once_everyone_was_reached(tmp_path: Path, name: str) -> None:
    async with casework(tmp_path) as work:
        await work.flag(worry())
        await work.deliver()
        await sweep(work)
        assert await alerts(work, name) == 1
