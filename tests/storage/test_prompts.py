"""Open questions: at most one a person, and not for ever."""

from datetime import datetime, timedelta

from storage.prompts import Prompt
from storage.store import Store


async def test_the_newest_question_is_the_open_one(store: Store, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        assert await tx.prompts.open_for(7) is None
        await tx.prompts.ask(7, "reason", {"case": "1"}, school_id="s")
        await tx.prompts.ask(7, "closing", {"group": "2"}, school_id="s")
        assert await tx.prompts.open_for(7) == Prompt(7, "closing", {"group": "2"})


async def test_an_answered_question_is_closed(store: Store, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        await tx.prompts.ask(7, "reason", {}, school_id="s")
        await tx.prompts.close(7)
        assert await tx.prompts.open_for(7) is None


async def test_a_question_lapses(store: Store, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        await tx.prompts.ask(7, "reason", {}, school_id="s", wait=timedelta(minutes=10))
        await tx.prompts.ask(8, "reason", {}, school_id="s")
        assert await tx.prompts.open_among({7, 8, 9}) == {7, 8}
    async with store.transaction("later", now + timedelta(minutes=10)) as tx:
        assert await tx.prompts.open_for(7) is None
        assert await tx.prompts.open_among({7, 8, 9}) == {8}
