"""Cases are kept once, changed by one person at a time, and erased by destroying a key."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from moderation.records import Case, CaseStatus, Decision, DecisionOutcome
from moderation.vocabulary import Clause
from storage.errors import Erased, NotFound, Stale
from storage.store import Transaction
from tests.support.casework import CHAT, RUDE, Casework, casework

REASON = "Nobody but me knows this reason."


def everything_in(folder: Path) -> bytes:
    """Every byte of the database and its write-ahead log."""
    return b"".join(file.read_bytes() for file in folder.glob("cases.db*"))


async def decided(work: Casework, case: Case) -> Case:
    async def decide(tx: Transaction) -> Case:
        changed = await tx.cases.change(case.id, version=case.version, status=CaseStatus.DECIDED)
        decision = Decision(
            DecisionOutcome.PRIVATE_ADVICE,
            work.people["head"].id,
            work.clock.now(),
            (Clause.DEFAMATORY, Clause.THREAT),
            REASON,
            "1",
        )
        await tx.cases.record_decision(changed, decision)
        return await tx.cases.get(case.id)

    found: Case = await work.do(decide)
    return found


async def test_a_case_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        assert await work.case(case) == case
        assert await work.do(lambda tx: tx.cases.latest_for_message(CHAT, 7)) == case
        assert await work.do(lambda tx: tx.cases.latest_for_message(CHAT, 8)) is None


async def test_the_latest_case_of_a_message_is_that_of_its_latest_writing(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag()
        edited = await work.flag(edit=9, text="another useless word")
        assert (await work.do(lambda tx: tx.cases.latest_for_message(CHAT, 7))).id == edited.id


async def test_a_decision_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await decided(work, await work.flag())
        assert case.decision is not None
        assert (case.decision.reason, case.decision.clauses) == (REASON, (Clause.DEFAMATORY, Clause.THREAT))
        assert case.status is CaseStatus.DECIDED


async def test_each_change_raises_the_version_and_a_stale_one_is_refused(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        changed = await work.do(lambda tx: tx.cases.change(case.id, version=1, mistake_claimed=True))
        assert (changed.version, changed.mistake_claimed) == (2, True)
        with pytest.raises(Stale) as refusal:
            await work.do(lambda tx: tx.cases.change(case.id, version=1, status=CaseStatus.CLOSED))
        assert (refusal.value.expected, refusal.value.found) == (1, 2)
        assert (await work.case(case)).status is CaseStatus.OPEN


async def test_of_two_changes_at_once_only_one_happens(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()

        async def change() -> Case:
            found: Case = await work.do(lambda tx: tx.cases.change(case.id, version=1, status=CaseStatus.DECIDED))
            return found

        ends = await asyncio.gather(change(), change(), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ends) == ["Case", "Stale"]


async def test_the_history_keeps_its_order_and_its_words(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        await work.do(lambda tx: tx.cases.append(case, "noted", actor_id="p", data={"a": "b"}, detail=REASON))
        await work.do(lambda tx: tx.cases.append(case, "looked"))
        steps = await work.steps(case)
        assert [step.step for step in steps][-2:] == ["noted", "looked"]
        noted = steps[-2]
        assert (noted.actor_id, noted.data, noted.detail, noted.at) == ("p", {"a": "b"}, REASON, work.clock.now())


async def test_no_word_of_a_case_lies_open_in_the_database(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await decided(work, await work.flag())
        await work.do(lambda tx: tx.cases.append(case, "noted", detail=REASON))
        on_disk = everything_in(tmp_path)
        assert case.id.encode() in on_disk, "the search finds what is there"
        for words in (RUDE, "useless", REASON):
            assert words.encode() not in on_disk


async def test_erasing_destroys_the_key_and_with_it_every_word(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await decided(work, await work.flag())
        await work.do(lambda tx: tx.cases.append(case, "noted", detail=REASON))
        await work.do(lambda tx: tx.cases.erase(case.id))
        erased = await work.case(case)
        assert (erased.text, erased.evidence) == ("", ())
        assert erased.decision is not None
        assert (erased.decision.reason, erased.decision.by) == ("", work.people["head"].id)
        assert {step.detail for step in await work.steps(case)} == {""}
        assert [step.step for step in await work.steps(case)][-1] == "noted"
        with pytest.raises(Erased):
            await work.do(lambda tx: tx.cases.append(case, "noted", detail=REASON))
        async with work.services.store._engine.connect() as connection:
            key = await connection.scalar(text('SELECT key_wrapped FROM "case"'))
        assert key is None


async def test_a_case_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        for asked in (
            lambda tx: tx.cases.get("nothing"),
            lambda tx: tx.cases.change("nothing", version=1),
            lambda tx: tx.cases.history("nothing"),
            lambda tx: tx.cases.erase("nothing"),
        ):
            with pytest.raises(NotFound):
                await work.do(asked)


async def test_a_case_awaits_somebody_until_it_is_said_not_to_or_is_decided(tmp_path: Path) -> None:
    async with casework(tmp_path, "author") as work:
        case = await work.flag()
        assert [one.id for one in await work.do(lambda tx: tx.cases.awaiting())] == [case.id]
        await work.do(lambda tx: tx.cases.mark(case.id, awaits_recipient=False))
        assert await work.do(lambda tx: tx.cases.awaiting()) == []
        await work.do(lambda tx: tx.cases.mark(case.id, awaits_recipient=True))
        await decided(work, await work.case(case))
        assert await work.do(lambda tx: tx.cases.awaiting()) == []
