"""From the outbox to Telegram: each effect as often as it takes, in order within a chat.

What a kill can repeat: sendMessage has no idempotency key, so a kill between Telegram's answer and our commit
may repeat that one message; messages therefore go out one at a time. Everything else Telegram takes twice
without harm.
"""

import asyncio
import logging
from collections import defaultdict
from contextlib import nullcontext, suppress
from datetime import timedelta

from aiolimiter import AsyncLimiter
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.runtime.backoff import Backoff
from bot.runtime.followups import follow_up
from bot.runtime.performing import Carried, perform
from bot.services import Services
from moderation.effects import Alert, Revise, ReviseAlert, Tell, TellGroup
from moderation.usecases.regrouping import upgraded
from storage.errors import DatabaseUnavailable
from storage.outbox import REFUSED, SENT, Queued

_log = logging.getLogger(__name__)

_SIDE_BY_SIDE = 12
_SLOWEST = 300
#: How long a stop waits for Telegram's last answers.
_LAST_SECONDS = 10
#: An effect that fails on our side is given up after this many tries; Telegram being away is waited for.
_TRIES = 5
#: Telegram's answers that mean the effect has happened already.
_ALREADY = (
    "message is not modified",
    "message to delete not found",
    "message to unpin not found",
    "user_already_participant",
    "hide_requester_missing",
)


class Carrier:
    """Carries out what the outbox holds. Sends are kept under Telegram's limits; other calls are not slowed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._slots = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._overall = AsyncLimiter(25, 1)
        self._groups: defaultdict[int, AsyncLimiter] = defaultdict(lambda: AsyncLimiter(18, 60))
        # A message is sent and its sending kept before the next goes out, so that a kill can repeat one at most.
        self._alone = asyncio.Lock()
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Carry out what is due, now and whenever more comes, until cancelled."""
        services = self._services
        while True:
            services.outbox_ready.clear()
            try:
                await self._start_lanes()
            except DatabaseUnavailable as error:
                _log.error("the outbox could not be read: %s", error)
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(services.settings.sweep_seconds):
                    await services.outbox_ready.wait()

    async def carry_due(self) -> int:
        """Carry out what is due now, and wait for it; how many chats had something due."""
        started = await self._start_lanes()
        await asyncio.gather(*started)
        return len(started)

    async def finish(self) -> None:
        """Let what is under way be answered and kept, so that a clean stop repeats nothing."""
        self._stopping = True
        if self._lanes:
            _, late = await asyncio.wait(self._lanes.values(), timeout=_LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_lanes(self) -> "list[asyncio.Task[None]]":
        """Start a task for each chat that has something due and none already: a slow chat delays no other."""
        services = self._services
        busy = set(self._lanes)
        async with services.store.transaction("carry", services.clock.now()) as tx:
            # A lane that was busy before the look may have carried out what the look still saw as waiting.
            due = await tx.outbox.due(busy=busy)
        lanes: defaultdict[int, list[Queued]] = defaultdict(list)
        for queued in due:
            lanes[queued.lane].append(queued)
        started = {lane: asyncio.create_task(self._lane(lane, queue)) for lane, queue in lanes.items()}
        self._lanes |= started
        return list(started.values())

    async def _lane(self, lane: int, queue: list[Queued]) -> None:
        carried_all = False
        try:
            async with self._slots:
                for queued in queue:
                    if self._stopping or not await self._carry(queued):
                        break
                else:
                    carried_all = True
        except DatabaseUnavailable as error:
            _log.error("an effect could not be put off: %s", error)
        finally:
            del self._lanes[lane]
            if carried_all:
                self._services.outbox_ready.set()

    async def _carry(self, queued: Queued) -> bool:
        """Try one effect. False if it must wait, and its lane with it."""
        await self._limit(queued)
        async with self._alone if isinstance(queued.effect, Tell | Alert | TellGroup) else nullcontext():
            return await self._try(queued)

    async def _try(self, queued: Queued) -> bool:
        try:
            carried = await perform(queued.effect, self._services)
        except ChatMigrated as error:
            await self._moved(queued, error.new_chat_id)
            return False
        except RetryAfter as error:
            seconds = error.retry_after
            await self._postpone(queued, float(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds))
            return False
        except (Forbidden, BadRequest) as error:
            await self._settle_refusal(queued, error)
            return True
        # A token that does not fit (401, or a 404 on the way) says nothing about the effect: the office puts it right.
        except (NetworkError, InvalidToken) as error:
            _log.warning("an effect must wait: id=%s error=%s", queued.id, type(error).__name__)
            await self._postpone(queued, min(_SLOWEST, 2.0 ** min(queued.attempts, 10)))
            return False
        except DatabaseUnavailable:
            # To render it takes the database: no fault of the effect, and no try.
            raise
        except Exception as error:  # noqa: BLE001 - a text or a case that cannot be rendered must not stop the others
            _log.error("an effect failed: id=%s error=%s", queued.id, type(error).__name__)
            if queued.attempts < _TRIES:
                await self._postpone(queued, 2.0**queued.attempts)
                return False
            await self._settle(queued, REFUSED, Carried(refusal=f"internal: {type(error).__name__}"))
            return True
        await self._settle(queued, SENT, carried)
        return True

    async def _limit(self, queued: Queued) -> None:
        if not isinstance(queued.effect, Tell | Alert | TellGroup | Revise | ReviseAlert):
            return
        await self._overall.acquire()
        if isinstance(queued.effect, TellGroup):
            await self._groups[queued.lane].acquire()

    async def _settle_refusal(self, queued: Queued, error: TelegramError) -> None:
        reason = error.message
        if any(words in reason.lower() for words in _ALREADY):
            await self._settle(queued, SENT, Carried())
            return
        _log.warning("an effect was refused: id=%s kind=%s", queued.id, type(queued.effect).__name__)
        await self._settle(queued, REFUSED, Carried(refusal=reason, blocked=isinstance(error, Forbidden)))

    async def _settle(self, queued: Queued, status: str, carried: Carried) -> None:
        """Keep what came of an effect, as often as it takes: to send it again would be worse than to wait."""
        backoff = Backoff(first=0.5, most=30.0)
        follow = True
        while True:
            try:
                await self._keep(queued, status, carried, follow=follow)
            except DatabaseUnavailable as error:
                _log.error("what came of an effect could not be kept yet: id=%s %s", queued.id, error)
                await asyncio.sleep(backoff.next())
            except Exception as error:
                if not follow:
                    raise
                _log.error("what follows an effect failed: id=%s error=%s", queued.id, type(error).__name__)
                follow = False
            else:
                return

    async def _keep(self, queued: Queued, status: str, carried: Carried, *, follow: bool) -> None:
        async with self._services.transaction("carried") as tx:
            if status == SENT:
                await tx.outbox.sent(queued.id, carried.message_id)
            else:
                await tx.outbox.refused(queued.id, carried.refusal)
            if follow:
                await follow_up(queued, status, carried, tx=tx, services=self._services)

    async def _postpone(self, queued: Queued, seconds: float) -> None:
        async with self._services.store.transaction("postpone", self._services.clock.now()) as tx:
            await tx.outbox.postpone(queued.id, timedelta(seconds=seconds))

    async def _moved(self, queued: Queued, new_chat_id: int) -> None:
        async with self._services.transaction("migrate") as tx:
            await upgraded(queued.lane, new_chat_id, groups=tx.groups, people=tx.people, outbox=tx.outbox)
