"""The control interface: what the page and the tests play the humans with. JSON; errors are plain English."""

import json
from typing import Any, Protocol

from aiohttp import web

from bot.rehearsal import view
from bot.rehearsal.acts import perform
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Json, World


class BotProcess(Protocol):
    """The bot's process, as the rehearse command controls it."""

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        ...

    async def start(self) -> None:
        """Start it, if it is not running."""
        ...

    async def stop(self) -> None:
        """Stop it, if it is running."""
        ...


async def body_of(request: web.Request) -> Json:
    """The JSON object of a request. NotAllowed (400) if it is none."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise NotAllowed("This is not JSON.", 400) from None
    if not isinstance(body, dict):
        raise NotAllowed("A JSON object is needed.", 400)
    return body


def number(request: web.Request, name: str, default: float) -> float:
    """A number from the address. NotAllowed (400) if it is none."""
    text = request.query.get(name)
    try:
        return default if text is None else float(text)
    except ValueError:
        raise NotAllowed(f"{name} has to be a number.", 400) from None


@web.middleware
async def plain_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn NotAllowed into a 4xx answer with its reason."""
    try:
        answer: web.StreamResponse = await handler(request)
    except NotAllowed as refusal:
        return web.json_response({"error": refusal.reason}, status=refusal.status)
    return answer


class Control:
    """What people do and see."""

    def __init__(self, world: World, process: BotProcess | None) -> None:
        self.world, self.process = world, process

    def add_routes(self, app: web.Application) -> None:
        """Serve the addresses of this part."""
        app.router.add_get("/control/state", self.state)
        app.router.add_get("/control/wait", self.wait)
        app.router.add_get("/control/events", self.events)
        app.router.add_post("/control/act", self.act)
        app.router.add_get("/control/clock", self.clock)
        app.router.add_post("/control/clock", self.advance)
        app.router.add_post("/control/bot", self.bot)
        app.router.add_get("/control/file/{id}", self.file)

    async def state(self, request: web.Request) -> web.Response:
        """`?as=USER_ID`: what the page shows."""
        user = int(number(request, "as", 0))
        if user and user not in self.world.people:
            raise NotAllowed("There is nobody of that number.", 404)
        shown = view.state(self.world, user or None)
        shown["bot"]["process"] = None if self.process is None else self.process.running
        shown["bot"]["exit_status"] = getattr(self.process, "exit_status", None)
        return web.json_response(shown)

    async def wait(self, request: web.Request) -> web.Response:
        """`?seq=N&timeout=S`: answers once the world has changed since N, or after S real seconds."""
        seq, timeout = number(request, "seq", self.world.changes.seq), number(request, "timeout", 25)
        return web.json_response({"seq": await self.world.changes.beyond(int(seq), min(timeout, 60))})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events: the sequence number at each change, and at least every 15 seconds."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        seq = -1
        while True:
            seq = await self.world.changes.beyond(seq, 15)
            await stream.write(f"data: {seq}\n\n".encode())

    async def act(self, request: web.Request) -> web.Response:
        """`{"as": USER_ID, "do": NAME, ...}` -> `{"result": ...}`."""
        body = await body_of(request)
        user, do = body.pop("as", None), body.pop("do", None)
        if not isinstance(user, int) or not isinstance(do, str):
            raise NotAllowed('An act needs "as", a number, and "do", a name.', 400)
        return web.json_response({"result": perform(self.world, user, do, body), "seq": self.world.changes.seq})

    async def clock(self, _: web.Request) -> web.Response:
        """World time in Unix seconds, and how far it is ahead of real time."""
        clock = self.world.clock
        return web.json_response({"now": clock.timestamp(), "offset": clock.offset})

    async def advance(self, request: web.Request) -> web.Response:
        """`{"advance": seconds}`: move world time forward."""
        try:
            self.world.clock.advance(float((await body_of(request)).get("advance", 0)))
        except (TypeError, ValueError):
            raise NotAllowed("The clock moves forward only, by a number of seconds.", 400) from None
        self.world.changes.bump()
        return await self.clock(request)

    async def bot(self, request: web.Request) -> web.Response:
        """`{"do": "start"|"stop"}`, where somebody controls the bot's process; else 409."""
        if self.process is None:
            raise NotAllowed("The bot's process was not started from here.", 409)
        wanted = (await body_of(request)).get("do")
        if wanted == "start":
            await self.process.start()
        elif wanted == "stop":
            await self.process.stop()
        else:
            raise NotAllowed('"do" is "start" or "stop".', 400)
        self.world.changes.bump()
        return web.json_response({"running": self.process.running})

    async def file(self, request: web.Request) -> web.Response:
        """A picture, for the page."""
        stored = self.world.files.get(request.match_info["id"])
        if stored is None or not stored.mime.startswith("image/"):
            raise NotAllowed("There is no such picture.", 404)
        return web.Response(body=stored.data, content_type=stored.mime)
