"""Nobody judges a case they are part of, whatever roles they hold; nobody learns early that somebody worries."""

from pathlib import Path

import pytest

from bot.sweeps.alerts import alert_whoever_is_missing
from moderation.vocabulary import Clause, Concern, Role, Severity
from tests.support.casework import Casework, casework, verdict, worry

TO_HEAD = verdict(to_head=True, clauses=(Clause.ABUSE_TO_STAFF,))
ABOUT_HEAD = verdict(about_head=True, concern=Concern.STAFF_CHILD)


async def sweep(work: Casework) -> None:
    await alert_whoever_is_missing(work.services)
    await work.deliver()


async def become(work: Casework, name: str, *roles: Role) -> None:
    """The roster gives somebody other roles."""
    person = work.people[name]
    await work.do(
        lambda tx: tx.people.change(person.id, name=person.name, roles=frozenset(roles), school_class="", children=())
    )


async def rename(work: Casework, who: str, name: str) -> None:
    """The roster gives somebody a real name."""
    person = work.people[who]
    await work.do(lambda tx: tx.people.change(person.id, name=name, roles=person.roles, school_class="", children=()))


@pytest.mark.parametrize("other", [Role.DSL, Role.GOVERNOR, Role.CHAIR])
async def test_a_headteacher_never_decides_what_was_said_to_her_whatever_else_she_is(
    tmp_path: Path, other: Role
) -> None:
    async with casework(tmp_path, "head", "author", head=frozenset({Role.HEADTEACHER, other})) as work:
        await work.flag(TO_HEAD)
        await work.deliver()
        assert "alert" in work.shown("head", "alert:") or work.phone("head").shown
        assert not [label for label in work.phone("head").labels() if label.startswith("decide.")]


async def test_what_was_said_to_a_headteacher_who_is_the_dsl_is_decided_by_a_governor(tmp_path: Path) -> None:
    roles = {"head": frozenset({Role.HEADTEACHER, Role.DSL}), "office": frozenset({Role.GOVERNOR})}
    async with casework(tmp_path, "head", "office", "author", **roles) as work:
        await work.flag(TO_HEAD)
        await work.deliver()
        assert "decide.no_breach" in work.phone("office").labels()
        assert "decide.no_breach" not in work.phone("head").labels()


async def test_a_worry_about_the_dsl_goes_to_the_headteacher_and_not_to_the_dsl(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "dsl", "office", "author") as work:
        names = {"head": "Mrs Orla Quinn", "dsl": "Mrs Asha Patel", "office": "Mr Piet Visser"}
        for who, name in names.items():
            await rename(work, who, name)
        await work.flag(worry(Concern.STAFF_CHILD), text="Mrs Patel grabbed my son by the neck")
        await sweep(work)
        assert work.shown("head", "alert:")
        assert not work.phone("dsl").shown
        assert not work.phone("office").shown


async def test_a_worry_about_other_staff_goes_to_the_dsl_at_once(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "dsl", "author") as work:
        await rename(work, "dsl", "Mrs Asha Patel")
        await work.flag(worry(Concern.STAFF_CHILD), text="Mr Quillfeather grabbed my son by the neck")
        await work.deliver()
        assert work.shown("dsl", "alert:")


async def test_a_concern_reaches_a_dsl_who_comes_after_the_breach_was_decided(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "author") as work:
        await work.flag(verdict(concern=Concern.CHILD))
        await work.deliver()
        await work.tap("head", "decide.private_advice")
        assert await work.tap("head", "reasons.private_advice.first.label") == "decide.done"
        await work.bind("dsl")
        await sweep(work)
        assert work.shown("dsl", "alert:")
        assert "concern.take" in work.phone("dsl").labels()


@pytest.mark.parametrize("found", [verdict(severity=Severity.GRAVE, clauses=(Clause.THREAT,)), worry()])
async def test_who_softens_a_message_that_somebody_worries_about_is_not_tipped_off(
    tmp_path: Path, found: object
) -> None:
    async with casework(tmp_path) as work:
        await work.flag(found)  # type: ignore[arg-type]  # a verdict
        await work.flag(verdict(severity=Severity.RUDE), text="Tom, you are a fool", edit=60)
        await work.deliver()
        assert not work.phone("author").shown


async def test_who_is_no_headteacher_any_more_hears_nothing_more_of_a_case(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag(verdict(concern=Concern.CHILD))
        await work.deliver()
        await become(work, "head", Role.PARENT)
        before = work.shown("head", "alert:")
        assert await work.tap("dsl", "concern.take") == "concern.taken_toast"
        assert work.shown("head", "alert:") == before
        assert "The dsl" in work.shown("dsl", f"alert:{case.id}")


@pytest.mark.parametrize("label", ["concern.take", "alert.show_whole"])
async def test_a_dsl_who_became_headteacher_opens_nothing_that_was_about_the_headteacher(
    tmp_path: Path, label: str
) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag(ABOUT_HEAD, text="you are a useless idiot " * 200)
        await work.deliver()
        await become(work, "dsl", Role.HEADTEACHER, Role.DSL)
        before = dict(work.phone("dsl").shown)
        assert await work.tap("dsl", label) == "decide.not_you"
        assert work.phone("dsl").shown == before
        assert not [step for step in await work.steps(case) if step.step == "taken"]


async def test_a_chair_who_became_headteacher_decides_nothing_that_was_about_the_headteacher(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag(verdict(about_head=True))
        await work.deliver()
        await become(work, "chair", Role.HEADTEACHER, Role.CHAIR)
        assert await work.tap("chair", "decide.no_breach") == "decide.not_you"
