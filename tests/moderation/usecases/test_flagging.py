"""A flagged message becomes one case, whoever must know is alerted, and its author hears at most a neutral word."""

from dataclasses import replace
from pathlib import Path

import pytest

from moderation.records import CaseStatus
from moderation.vocabulary import Clause, Concern, Role, Scores, Severity, Verdict
from tests.support.casework import RUDE, casework, verdict, worry

THREAT = verdict(clauses=(Clause.ABUSE_TO_PARENT, Clause.THREAT))
GRAVE = verdict(severity=Severity.GRAVE)
OF_HEAD = verdict(about_head=True)
TO_HEAD = verdict(to_head=True)


def alerted(work: object) -> dict[str, int]:
    """How many alerts each person's phone shows."""
    phones = {name: work.phone(name) for name in ("head", "deputy", "dsl", "chair", "office")}  # type: ignore[attr-defined]  # a Casework
    counts = {name: sum(key.startswith("alert:") for key in phone.shown) for name, phone in phones.items()}
    return {name: count for name, count in counts.items() if count}


async def test_a_case_keeps_the_message_and_what_was_made_of_it(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        assert (case.text, case.status, case.clauses) == (RUDE, CaseStatus.OPEN, (Clause.ABUSE_TO_PARENT,))
        assert [span.text for span in case.evidence] == ["useless"]
        opened = (await work.steps(case))[0]
        assert opened.step == "opened"
        assert opened.data["code_version"] == work.services.code.version


async def test_one_writing_of_a_message_is_one_case(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        assert await work.flag() is not None
        assert await work.flag() is None
        await work.deliver()
        assert alerted(work) == {"head": 1}


async def test_an_edit_that_leaves_the_words_as_they_were_is_not_flagged_again(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag()
        assert await work.flag(edit=5) is None


async def test_an_edit_into_other_words_is_a_case_of_its_own(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag()
        again = await work.flag(edit=5, text="you useless clown")
        assert again is not None
        assert again.edited


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (verdict(), {"head"}),
        (OF_HEAD, {"chair"}),
        (TO_HEAD, {"head", "chair"}),
        (worry(), {"dsl", "head"}),
        (verdict(concern=Concern.DANGER), {"dsl", "head"}),
        (verdict(concern=Concern.STAFF_CHILD, about_head=True), {"dsl", "chair"}),
    ],
)
async def test_everyone_hears_who_must_and_nobody_else(tmp_path: Path, found: Verdict, told: set[str]) -> None:
    async with casework(tmp_path) as work:
        await work.flag(found)
        await work.deliver()
        assert alerted(work) == dict.fromkeys(told, 1)


async def test_who_holds_two_roles_hears_once(tmp_path: Path) -> None:
    async with casework(tmp_path, "deputy", "author", deputy=frozenset({Role.DEPUTY, Role.DSL})) as work:
        case = await work.flag(verdict(concern=Concern.CHILD))
        await work.deliver()
        assert alerted(work) == {"deputy": 1}
        assert case.passed_to_dsl
        assert "decide.no_breach" in work.phone("deputy").labels()
        assert "concern.take" in work.phone("deputy").labels()


async def test_a_head_who_is_dsl_too_hears_nothing_of_a_case_about_her(tmp_path: Path) -> None:
    async with casework(tmp_path, "head", "author", head=frozenset({Role.HEADTEACHER, Role.DSL})) as work:
        await work.flag(verdict(concern=Concern.STAFF_CHILD, about_head=True))
        await work.deliver()
        assert not work.phone("head").shown


async def test_a_concern_is_marked_as_passed_to_the_dsl(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag(worry())
        assert case.passed_to_dsl
        assert "passed_to_dsl" in [step.step for step in await work.steps(case)]


async def test_the_author_of_a_mild_message_is_told_in_kind_words(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag()
        await work.deliver()
        assert "could be hurtful to another parent" in work.shown("author")
        assert "nothing is decided" in work.shown("author")
        assert "the headteacher" in work.shown("author")
        assert work.phone("author").labels() == ["author.mistake_button"]


async def test_an_author_is_not_told_of_a_headteacher_who_does_not_read_it(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag(OF_HEAD)
        await work.deliver()
        assert "the headteacher" not in work.shown("author")
        assert "somebody at the school" in work.shown("author")


@pytest.mark.parametrize("found", [THREAT, GRAVE, worry(), verdict(concern=Concern.CHILD)])
async def test_the_author_of_a_threat_or_a_concern_hears_nothing(tmp_path: Path, found: Verdict) -> None:
    async with casework(tmp_path) as work:
        await work.flag(found)
        await work.deliver()
        assert not work.phone("author").shown


async def test_an_author_without_an_account_is_not_told(tmp_path: Path) -> None:
    async with casework(tmp_path, "head") as work:
        case = await work.flag()
        await work.deliver()
        assert alerted(work) == {"head": 1}
        assert "author_told" not in [step.step for step in await work.steps(case)]


async def test_of_a_worry_alone_it_is_told_how_sure_the_worry_is(tmp_path: Path) -> None:
    scores = Scores(0.0, 0.0, 0.1, 0.66, dict.fromkeys(Clause, 0.0))
    async with casework(tmp_path) as work:
        assert (await work.flag(replace(worry(), scores=scores))).confidence == 0.66
        assert (await work.flag(replace(verdict(), scores=scores), message=8)).confidence == verdict().confidence
