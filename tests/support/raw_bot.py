"""A bot by plain HTTP, for tests that want to see Telegram's own answer, and a small town to use it in."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.rehearsal import Json, Rehearsal


@dataclass
class RawBot:
    """Calls methods as JSON and gives back Telegram's whole answer."""

    server: Rehearsal
    http: httpx.AsyncClient

    @property
    def id(self) -> int:
        return self.server.world.bot.id

    async def call(self, method: str, /, **params: Any) -> Json:
        """The answer's body, whether it is `ok` or not."""
        answer = await self.http.post(f"{self.server.base_url}{self.server.token}/{method}", json=params)
        body: Json = answer.json()
        assert answer.status_code == (200 if body["ok"] else body["error_code"])
        return body

    async def do(self, method: str, /, **params: Any) -> Any:
        """The result of a call that has to work."""
        body = await self.call(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, /, **params: Any) -> str:
        """Code and description of a call that has to fail, as "400 Bad Request: ..."."""
        body = await self.call(method, **params)
        assert not body["ok"], body
        return f"{body['error_code']} {body['description']}"

    async def updates(self, **params: Any) -> list[Json]:
        """All updates that wait, confirmed at once."""
        found: list[Json] = await self.do("getUpdates", **params)
        if found:
            await self.do("getUpdates", offset=found[-1]["update_id"] + 1)
        return found

    async def kinds(self) -> list[str]:
        """The kinds of the updates that wait, confirmed at once."""
        return [next(key for key in update if key != "update_id") for update in await self.updates()]


@dataclass
class Town:
    """The server, the bot by plain HTTP, and who lives here."""

    server: Rehearsal
    bot: RawBot
    head: int = 101
    parent: int = 102
    other: int = 103

    async def group(self, kind: str = "supergroup", rights: Any = "all", **about: Any) -> int:
        """A group of the head's with both parents and the bot, an admin with ``rights`` (None: no admin)."""
        act = self.server.act
        chat: int = (await act(self.head, "create_group", title="Willow", type=kind, **about))["chat"]
        for member in (self.parent, self.other, self.bot.id):
            await act(self.head, "add_member", chat=chat, user=member)
        if rights is not None:
            await act(self.head, "promote", chat=chat, user=self.bot.id, rights=rights)
        self.server.world.updates.pending.clear()
        return chat
