"""The rules of deciding, whatever buttons there are: reasons, clauses, who may say what, and once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from moderation.records import Case, CaseStatus, DecisionOutcome
from moderation.usecases.deciding import Choice, DecisionIncomplete, claim_mistake, decide, take
from moderation.vocabulary import Clause, Role, Scores
from storage.errors import Stale
from tests.support.casework import Casework, casework, verdict, worry

ADVICE = DecisionOutcome.PRIVATE_ADVICE


def choice(case: Case, *, version: int = 1, reason: str = "It hurts.", **other: Any) -> Choice:
    chosen = {"outcome": ADVICE, "clauses": (Clause.ABUSE_TO_PARENT,), **other}
    return Choice(case.id, version, reason=reason, **chosen)


async def settle(work: Casework, chosen: Choice) -> Case:
    decided: Case = await work.do(
        lambda tx: decide(
            chosen,
            by=work.people["head"],
            decides_as="headteacher",
            code=work.services.code,
            cases=tx.cases,
            people=tx.people,
            outbox=tx.outbox,
            now=tx.now,
        )
    )
    await work.deliver()
    return decided


async def claim(work: Casework, case: Case, name: str) -> bool:
    return bool(
        await work.do(
            lambda tx: claim_mistake(case.id, by=work.people[name], cases=tx.cases, people=tx.people, outbox=tx.outbox)
        )
    )


@pytest.mark.parametrize(
    ("wrong", "lacks"),
    [
        ({"reason": " \n"}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"clauses": ()}, "clauses"),
        ({"clauses": (), "outcome": DecisionOutcome.CLOSE_GROUP}, "clauses"),
    ],
)
async def test_a_decision_without_its_reason_or_clauses_is_refused(
    tmp_path: Path, wrong: dict[str, Any], lacks: str
) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        with pytest.raises(DecisionIncomplete) as refusal:
            await settle(work, choice(case, **wrong))
        assert refusal.value.lacks == lacks
        assert (await work.case(case)) == case


async def test_no_breach_has_no_clauses_whatever_was_ticked(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        decided = await settle(work, choice(await work.flag(), outcome=DecisionOutcome.NO_BREACH))
        assert decided.decision is not None
        assert decided.decision.clauses == ()


async def test_a_choice_about_an_earlier_state_is_refused_and_nothing_of_it_stays(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        await settle(work, choice(case))
        with pytest.raises(Stale):
            await settle(work, choice(case, outcome=DecisionOutcome.NO_BREACH))
        now = await work.case(case)
        assert now.decision is not None
        assert now.decision.outcome is ADVICE
        assert [step.step for step in await work.steps(case)].count("decided") == 1


async def test_the_history_says_who_decided_as_what(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await settle(work, choice(await work.flag()))
        decided = next(step for step in await work.steps(case) if step.step == "decided")
        assert decided.actor_id == work.people["head"].id
        assert decided.data == {
            "outcome": "private_advice",
            "clauses": "4.1a",
            "role": "headteacher",
            "code_version": work.services.code.version,
        }


async def test_an_author_without_an_account_is_not_written_to(tmp_path: Path) -> None:
    async with casework(tmp_path, "head") as work:
        case = await settle(work, choice(await work.flag()))
        assert case.status is CaseStatus.DECIDED
        assert "author_advised" not in [step.step for step in await work.steps(case)]


async def test_closing_the_group_tells_its_author_no_more_than_that_it_was_read(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        await work.deliver()
        await settle(work, choice(case, outcome=DecisionOutcome.CLOSE_GROUP))
        assert list(work.phone("author").shown.values()) == [work.services.texts.plain("author.looked_at")]


async def test_only_the_author_says_that_it_is_a_mistake_and_only_once(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        assert not await claim(work, case, "office")
        assert await claim(work, case, "author")
        assert not await claim(work, case, "author")
        assert [step.step for step in await work.steps(case)].count("mistake_claimed") == 1


async def test_an_author_whose_account_is_gone_can_still_have_said_so(tmp_path: Path) -> None:
    async with casework(tmp_path, "head") as work:
        case = await work.flag()
        assert await claim(work, case, "author")


async def test_nothing_is_a_mistake_any_more_once_it_is_decided(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        await settle(work, choice(case))
        assert not await claim(work, case, "author")


async def test_a_worry_is_taken_once(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag(worry())

        async def taken(name: str) -> bool:
            return bool(
                await work.do(
                    lambda tx: take(case.id, by=work.people[name], cases=tx.cases, people=tx.people, outbox=tx.outbox)
                )
            )

        assert await taken("dsl")
        assert not await taken("head")


async def test_the_engines_numbers_are_kept_with_the_case(tmp_path: Path) -> None:
    scores = Scores(0.9, 0.1, 0.8, 0.0, dict.fromkeys(Clause, 0.25))
    async with casework(tmp_path, "head", "chair", head=frozenset({Role.HEADTEACHER})) as work:
        assert await work.flag(replace(verdict(), scores=scores)) is not None
        async with work.services.store._engine.connect() as connection:
            kept = await connection.scalar(text('SELECT scores FROM "case"'))
        assert '"4.1a": 0.25' in str(kept)
