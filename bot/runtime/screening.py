"""Scoring off the event loop: what waits is gathered and scored in one batch, one batch at a time."""

import asyncio
from dataclasses import dataclass, field

from moderation.engine import Engine
from moderation.policy import Policy
from moderation.screening import ScreeningFailed, screen
from moderation.vocabulary import Roster, Utterance, Verdict

Found = Verdict | ScreeningFailed
_LARGEST_BATCH = 32


class NotScored(Exception):
    """A message could not be scored and is to be tried again. Says which step failed, never on what words."""


@dataclass(frozen=True, slots=True)
class _Asked:
    utterance: Utterance
    engine: Engine
    policy: Policy
    roster: Roster
    answer: "asyncio.Future[Found]"


@dataclass
class ScreeningQueue:
    """Messages that wait to be scored. While one batch is being scored in a thread, the next one gathers."""

    _waiting: list[_Asked] = field(default_factory=list)
    _worker: "asyncio.Task[None] | None" = None

    async def screen(self, utterance: Utterance, *, engine: Engine, policy: Policy, roster: Roster) -> Verdict:
        """What the policy makes of one utterance.

        Raises:
            NotScored: it could not be scored.
        """
        answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(utterance, engine, policy, roster, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="screen")
        found = await answer
        if isinstance(found, ScreeningFailed):
            raise NotScored(found.reason)
        return found

    async def _work(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            first = batch[0]
            found: list[Found]
            try:
                found = await asyncio.to_thread(
                    screen,
                    [asked.utterance for asked in batch],
                    engine=first.engine,
                    policy=first.policy,
                    roster=first.roster,
                )
            except Exception as error:  # noqa: BLE001 - whatever an engine does, those who wait must hear of it
                found = [ScreeningFailed(f"screen: {type(error).__name__}")] * len(batch)
            for asked, one in zip(batch, found, strict=True):
                if not asked.answer.done():
                    asked.answer.set_result(one)

    def _next_batch(self) -> list[_Asked]:
        """The first who wait, as long as they are of one school and scored alike."""
        first = self._waiting[0]
        fitting = [
            asked
            for asked in self._waiting
            if (asked.engine, asked.policy) == (first.engine, first.policy) and asked.roster == first.roster
        ][:_LARGEST_BATCH]
        chosen = set(map(id, fitting))
        self._waiting = [asked for asked in self._waiting if id(asked) not in chosen]
        return fitting
