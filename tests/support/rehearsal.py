"""Plays the humans against a rehearsal server in tests: an async client for its control interface."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.server import serve
from bot.rehearsal.world import World

Json = dict[str, Any]
TOKEN = "7000000001:rehearsal-token"


class RefusedAct(Exception):
    """The server would not do what the test asked: HTTP status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason = status, reason


@dataclass
class Rehearsal:
    """A running server. ``base_url`` ends in `/bot`, ready for a token."""

    url: str
    token: str
    clock_path: Path
    world: World
    _http: httpx.AsyncClient

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def _ask(self, verb: str, path: str, **about: Any) -> Any:
        answer = await self._http.request(verb, f"{self.url}/control/{path}", **about)
        if answer.status_code >= 400:
            raise RefusedAct(answer.status_code, answer.json()["error"])
        return answer.json()

    async def act(self, user: int, do: str, /, **kw: Any) -> Any:
        """What a person does; the result, or RefusedAct."""
        return (await self._ask("POST", "act", json={"as": user, "do": do, **kw}))["result"]

    async def state(self, user: int) -> Json:
        """What a person sees."""
        found: Json = await self._ask("GET", "state", params={"as": user})
        return found

    async def advance(self, seconds: float) -> None:
        """Move world time forward."""
        await self._ask("POST", "clock", json={"advance": seconds})

    async def fault(self, method: str, kind: str, /, **kw: Any) -> None:
        """The next call of ``method`` meets this fault (times, chat_id, retry_after, description)."""
        await self._ask("POST", "faults", json={"method": method, "kind": kind, **kw})

    async def release(self) -> None:
        """Let held calls go on."""
        await self._ask("POST", "release")

    async def clear_faults(self) -> None:
        """No faults any more."""
        await self._ask("DELETE", "faults")

    async def add_users(self, *people: tuple[int, str]) -> None:
        """Add people to the world."""
        await self._ask("POST", "world", json={"users": [{"id": i, "name": n} for i, n in people]})

    async def limits(self, **limits: int) -> None:
        """Set `group_per_minute` and `overall_per_second`; 0 switches a limit off."""
        await self._ask("POST", "world", json={"limits": limits})

    async def calls(self, since: int = 0, method: str | None = None) -> list[Json]:
        """The bot's calls after number ``since``."""
        found: list[Json] = await self._ask("GET", "calls", params=_calls(since, method))
        return found

    async def wait_call(
        self,
        method: str,
        since: int = 0,
        timeout: float = 60,  # noqa: ASYNC109 - the server waits
        *,
        finished: bool = False,
    ) -> Json:
        """The first call of ``method`` after ``since`` that is finished (or held). TimeoutError if none comes."""
        params = _calls(since, method) | {"timeout": str(timeout)} | ({"finished": "1"} if finished else {})
        found: list[Json] = await self._ask("GET", "calls/wait", params=params)
        if not found:
            raise TimeoutError(f"no call of {method} in {timeout} s")
        return found[0]

    async def wait_until(self, predicate: Callable[[Json], Any], user: int, timeout: float = 60) -> Any:  # noqa: ASYNC109 - see wait_call
        """What ``predicate`` makes of the person's state, once that is true. TimeoutError if it never is."""
        deadline = time.monotonic() + timeout
        while True:
            state = await self.state(user)
            if found := predicate(state):
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"the state of {user} did not become what was waited for in {timeout} s")
            await self._ask("GET", "wait", params={"seq": state["seq"], "timeout": str(left)})

    async def private_messages(self, user: int) -> list[Json]:
        """The person's private chat with the bot."""
        return list(chat_in(await self.state(user), user)["messages"])

    async def group_messages(self, user: int, chat: int) -> list[Json]:
        """A group as the person sees it."""
        return list(chat_in(await self.state(user), chat)["messages"])

    async def press(self, user: int, chat: int, message: int, label: str) -> str:
        """Press the button of that label; the query's id."""
        return str((await self.act(user, "press", chat=chat, message=message, label=label))["query"])

    async def answer_to(self, user: int, query: str, timeout: float = 60) -> Json:  # noqa: ASYNC109 - see wait_call
        """What the bot answers to a press (text, show_alert), once it has."""
        deadline = time.monotonic() + timeout
        while True:
            seq = (await self.state(user))["seq"]
            answer = await self.act(user, "query", id=query)
            if answer is not None:
                return dict(answer)
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"the press was not answered in {timeout} s")
            await self._ask("GET", "wait", params={"seq": seq, "timeout": str(left)})


def chat_in(state: Json, chat: int) -> Any:
    """One chat of a state. LookupError if the person does not have it."""
    for found in state["me"]["chats"]:
        if found["id"] == chat:
            return found
    raise LookupError(f"chat {chat} is not on this phone")


def _calls(since: int, method: str | None) -> dict[str, str]:
    return {"since": str(since)} | ({"method": method} if method else {})


@asynccontextmanager
async def rehearsal(tmp_path: Path, world: World | None = None, token: str = TOKEN) -> AsyncIterator[Rehearsal]:
    """A server on a free loopback port, with an empty world unless one is given."""
    clock_path = tmp_path / "clock"
    clock = RehearsalClock(clock_path)
    world = world or World(clock)
    serving = await serve(world, clock=clock, token=token)
    try:
        async with httpx.AsyncClient(timeout=70) as http:
            yield Rehearsal(serving.url, token, clock_path, world, http)
    finally:
        await serving.close()
