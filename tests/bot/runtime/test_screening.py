"""The screening queue: batches gather while one is scored, and everybody who waits gets an answer."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.runtime.screening import NotScored, ScreeningQueue
from config.policy import load_policy
from moderation.engine import Prepared
from moderation.vocabulary import Outcome, Roster, Scores, Utterance, Verdict
from tests.support.word_engine import ROSTER, WordEngine

POLICY = load_policy()


class HeldEngine(WordEngine):
    """Scores nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.started, self.go = threading.Event(), threading.Event()

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Wait, then score."""
        self.started.set()
        assert self.go.wait(20)
        return super().score(prepared)


def ask(queue: ScreeningQueue, engine: WordEngine, text: str, roster: Roster = ROSTER) -> "asyncio.Task[Verdict]":
    return asyncio.create_task(queue.screen(Utterance(text), engine=engine, policy=POLICY, roster=roster))


async def test_what_comes_while_a_batch_is_scored_is_scored_together() -> None:
    queue, engine = ScreeningQueue(), HeldEngine()
    first = ask(queue, engine, "the very first message")
    await asyncio.to_thread(engine.started.wait, 20)
    rest = [ask(queue, engine, f"another message number {at}") for at in range(5)]
    await asyncio.sleep(0)
    engine.go.set()
    verdicts = await asyncio.gather(first, *rest)
    assert [verdict.outcome for verdict in verdicts] == [Outcome.OK] * 6
    assert [len(batch) for batch in engine.batches] == [1, 5]


async def test_the_event_loop_goes_on_while_a_batch_is_scored() -> None:
    queue, engine = ScreeningQueue(), HeldEngine()
    waiting = ask(queue, engine, "the very first message")
    await asyncio.to_thread(engine.started.wait, 20)
    assert not waiting.done()
    engine.go.set()
    assert (await waiting).outcome is Outcome.OK


async def test_each_school_is_scored_with_its_own_roster() -> None:
    queue, engine = ScreeningQueue(), WordEngine()
    mine, theirs = ask(queue, engine, "what a clown tom wicks is"), ask(queue, engine, "so quiet here", Roster())
    assert (await mine).outcome is Outcome.FLAG
    assert (await theirs).outcome is Outcome.OK
    quiet = [batch for batch in engine.batches if any("quiet" in prepared.text for prepared in batch)]
    assert [len(batch) for batch in quiet] == [1]


async def test_who_waits_for_what_cannot_be_scored_hears_so_and_the_others_get_theirs() -> None:
    queue, engine = ScreeningQueue(), WordEngine()
    bad, good = ask(queue, engine, "poison for everybody"), ask(queue, engine, "lovely to see everybody")
    with pytest.raises(NotScored):
        await bad
    assert (await good).outcome is Outcome.OK


class BrokenEngine(WordEngine):
    """Fails in a way that no engine should."""

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Fail."""
        raise RuntimeError(prepared[0].text)


async def test_an_engine_that_breaks_its_promise_harms_nobody_and_says_no_word() -> None:
    queue = ScreeningQueue()
    with pytest.raises(NotScored) as failed:
        await ask(queue, BrokenEngine(), "the secret message")
    assert "secret" not in str(failed.value)
    assert (await ask(queue, WordEngine(), "the next message")).outcome is Outcome.OK


async def test_who_no_longer_waits_does_not_hold_up_the_others() -> None:
    queue, engine = ScreeningQueue(), HeldEngine()
    gone, stays = ask(queue, engine, "not waiting for this"), ask(queue, engine, "waiting for this one")
    await asyncio.to_thread(engine.started.wait, 20)
    gone.cancel()
    engine.go.set()
    assert (await stays).outcome is Outcome.OK
