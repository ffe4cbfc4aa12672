"""The poll loop: nothing is confirmed before it is kept, and nothing ends it."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from bot.runtime import polling
from bot.runtime.backoff import Backoff
from bot.runtime.polling import ALLOWED_UPDATES, poll
from bot.services import Services
from tests.support.full_disk import FullDisk

TOKEN = "7000000001:secret-token"


def update(number: int) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1767268800,
            "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "is_bot": False, "first_name": "x"},
            "text": "/help",
        },
    }


@dataclass
class Polled:
    """Telegram at the other end of the poll: answers by script, then holds."""

    script: deque[httpx.Response | Exception] = field(default_factory=deque)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    conflicts: int = 0
    exhausted: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, *updates: dict[str, Any]) -> None:
        self.script.append(httpx.Response(200, json={"ok": True, "result": list(updates)}))

    def refuse(self, code: int, **parameters: Any) -> None:
        body = {"ok": False, "error_code": code, "description": "refused", "parameters": parameters}
        self.script.append(httpx.Response(code, json=body))

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        if not self.script:
            self.exhausted.set()
            await asyncio.Event().wait()
        found = self.script.popleft()
        if isinstance(found, Exception):
            raise found
        return found

    async def on_conflict(self) -> None:
        self.conflicts += 1


@pytest.fixture
def polled(monkeypatch: pytest.MonkeyPatch) -> Polled:
    made = Polled()

    class Quick(Backoff):
        def next(self, *, at_least: float | None = None) -> float:
            made.waits.append(super().next(at_least=at_least))
            return 0.0

    monkeypatch.setattr(polling, "Backoff", Quick)
    return made


async def run(services: Services, polled: Polled) -> None:
    """Poll until the script is used up and the next poll waits."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(polled.handle)) as client:
        url = f"https://telegram.example/bot{TOKEN}/getUpdates"
        task = asyncio.create_task(poll(services, client=client, url=url, on_conflict=polled.on_conflict))
        async with asyncio.timeout(20):
            await polled.exhausted.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def kept(services: Services) -> list[int]:
    async with services.transaction("look") as tx:
        return [received.update_id for received in await tx.inbox.due()]


async def test_the_next_offset_goes_out_only_after_the_updates_are_kept(services: Services, polled: Polled) -> None:
    polled.answer(update(5), update(6))
    await run(services, polled)
    assert await kept(services) == [5, 6]
    assert [body.get("offset") for body in polled.bodies] == [None, 7]
    assert set(polled.bodies[0]["allowed_updates"]) == set(ALLOWED_UPDATES)
    assert services.inbox_ready.is_set()


async def test_updates_that_come_again_are_kept_once(services: Services, polled: Polled) -> None:
    polled.answer(update(5))
    polled.answer(update(5), update(6))
    await run(services, polled)
    assert await kept(services) == [5, 6]


async def test_a_full_disk_leaves_the_updates_unconfirmed_until_it_has_room(services: Services, polled: Polled) -> None:
    polled.answer(update(5))
    full = replace(services, store=FullDisk(services.store, "receive", 2))  # type: ignore[arg-type]  # what is used of a store
    await run(full, polled)
    assert await kept(services) == [5]
    assert polled.waits == [0.5, 1.0]
    assert [body.get("offset") for body in polled.bodies] == [None, 6]


async def test_another_poller_is_backed_off_from_and_reported(services: Services, polled: Polled) -> None:
    polled.refuse(409)
    polled.refuse(409)
    polled.answer(update(5))
    await run(services, polled)
    assert polled.conflicts == 2
    assert polled.waits == [1.0, 2.0]
    assert await kept(services) == [5]


async def test_telegrams_own_wait_is_kept_to(services: Services, polled: Polled) -> None:
    polled.refuse(429, retry_after=40)
    await run(services, polled)
    assert polled.waits == [40]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("https://telegram.example/bot" + TOKEN),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("dropped"),
        httpx.Response(502, text="<html>Bad Gateway</html>"),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json=["no", "object"]),
        httpx.Response(200, json={"ok": True}),
        httpx.Response(200, json={"ok": True, "result": "none"}),
        httpx.Response(200, json={"ok": True, "result": [{"no": "number"}]}),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_no_trouble_ends_the_loop_or_shows_the_token(
    services: Services, polled: Polled, trouble: httpx.Response | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    polled.script.append(trouble)
    polled.answer(update(5))
    await run(services, polled)
    assert await kept(services) == [5]
    assert len(polled.waits) == 1
    assert TOKEN not in caplog.text
