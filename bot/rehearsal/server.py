"""The rehearsal server: a local Bot API, its control interface, and a page. It listens on loopback only."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.rehearsal.api import Api
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.control import BotProcess, Control, plain_errors
from bot.rehearsal.faults import Faults
from bot.rehearsal.journal import Journal
from bot.rehearsal.workshop import Workshop
from bot.rehearsal.world import World

LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: The page needs nothing from anywhere else.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


@web.middleware
async def own_page_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages of other sites, which a browser on this computer may have open, and names other than loopback."""
    origin = request.headers.get("Origin")
    if request.url.host not in LOOPBACK or (origin and origin != f"{request.scheme}://{request.host}"):
        return web.json_response({"error": "The rehearsal answers its own page only."}, status=403)
    return await handler(request)


def build_server(
    world: World,
    *,
    clock: RehearsalClock,
    token: str,
    process: BotProcess | None = None,
    page: Path | None = None,
) -> web.Application:
    """The application for one world; ``page`` is a folder with an index.html, served at `/` and `/static/`."""
    world.clock = clock
    faults, journal = Faults(), Journal()
    app = web.Application(middlewares=[own_page_only, plain_errors], client_max_size=50 * 1024 * 1024)
    Api(world, token, faults, journal).add_routes(app)
    Control(world, process).add_routes(app)
    Workshop(world, faults, journal).add_routes(app)
    if page is not None:
        index = page / "index.html"

        async def front(_: web.Request) -> web.FileResponse:
            return web.FileResponse(index, headers={"Content-Security-Policy": POLICY})

        app.router.add_get("/", front)
        app.router.add_static("/static/", page)
    return app


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs. ``port`` is the one it got."""

    host: str
    port: int
    _runner: web.AppRunner

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What a bot takes for `https://api.telegram.org/bot`; the token follows at once."""
        return f"{self.url}/bot"

    async def close(self) -> None:
        """Stop serving; open calls are broken off."""
        await self._runner.cleanup()


async def serve(
    world: World,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: RehearsalClock,
    token: str,
    process: BotProcess | None = None,
    page: Path | None = None,
) -> Serving:
    """Start serving; port 0 takes a free one. ValueError unless ``host`` is loopback, OSError if the port is taken."""
    if host not in LOOPBACK:
        raise ValueError("the rehearsal listens on loopback only")
    app = build_server(world, clock=clock, token=token, process=process, page=page)
    # A call whose client has gone is cancelled: held calls end, a waiting poll is known to be over.
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound: int = runner.addresses[0][1]
    return Serving(host, bound, runner)
