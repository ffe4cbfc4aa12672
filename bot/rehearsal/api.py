"""The bot's side: `/bot<token>/<method>` and `/file/bot<token>/<path>` as Telegram serves them.

https://core.telegram.org/bots/api#making-requests
"""

import asyncio
import json
import logging
from hmac import compare_digest
from typing import Any

from aiohttp import web

from bot.rehearsal import media, models
from bot.rehearsal.faults import ERRORS, Fault, Faults
from bot.rehearsal.journal import Call, Journal
from bot.rehearsal.methods import HANDLERS
from bot.rehearsal.refused import Refused, bad
from bot.rehearsal.updates import RUNNING_FOR
from bot.rehearsal.world import Json, World

log = logging.getLogger(__name__)


class Api:
    """Answers the bot's calls against one world."""

    def __init__(self, world: World, token: str, faults: Faults, journal: Journal) -> None:
        self.world, self.token, self.faults, self.journal = world, token, faults, journal

    def add_routes(self, app: web.Application) -> None:
        """Serve both kinds of address."""
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self.call)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self.download)

    async def download(self, request: web.Request) -> web.Response:
        """A file that getFile named."""
        if not self._known(request):
            return _answer(_error(Refused(401, "Unauthorized")))
        for stored in self.world.files.values():
            if stored.path == request.match_info["path"]:
                return web.Response(body=stored.data, content_type=stored.mime)
        return _answer(_error(Refused(404, "Not Found")))

    def _known(self, request: web.Request) -> bool:
        return compare_digest(request.match_info["token"].encode(), self.token.encode())

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One method. The body may be JSON, a form or multipart; GET has its parameters in the address."""
        if not self._known(request):
            return _answer(_error(Refused(401, "Unauthorized")))
        asked = request.match_info["method"]
        method = models.method_named(asked)
        if method is None or request.method not in ("GET", "POST"):
            call = self.journal.begin(asked, {}, self.world.clock.timestamp())
            call.unknown = True
            return self._finish(call, _error(Refused(404, "Not Found")))
        try:
            given = await self._parameters(method, request)
        except Refused as refusal:
            call = self.journal.begin(method, {}, self.world.clock.timestamp())
            return self._finish(call, _error(refusal))
        call = self.journal.begin(method, given, self.world.clock.timestamp())
        try:
            return await self._with_faults(request, call)
        finally:
            if call.status is None:
                # The bot went away while it waited for the answer.
                self.journal.finish(call, 0, "the connection was closed")

    async def _with_faults(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self.faults.take(call.method, call.params)
        if fault is not None:
            if fault.kind == "drop":
                return self._drop(request, call)
            await self._before(call, fault)
            if fault.kind in ERRORS:
                return self._finish(call, _error(fault.error()))
        body = await self._carry_out(call)
        if fault is not None and fault.kind == "hold_after":
            self.journal.hold(call)
            await self.faults.held()
        if fault is not None and fault.kind == "drop_after":
            return self._drop(request, call)
        return self._finish(call, body)

    async def _before(self, call: Call, fault: Fault) -> None:
        if fault.kind == "hold":
            self.journal.hold(call)
            await self.faults.held()
        if fault.kind == "timeout":
            self.journal.hold(call)
            await self.faults.cleared()

    def _drop(self, request: web.Request, call: Call) -> web.Response:
        self.journal.finish(call, 0, "the connection was dropped")
        if request.transport is not None:
            request.transport.abort()
        # Nobody reads this: the connection is gone.
        return web.Response()

    async def _carry_out(self, call: Call) -> Json:
        handler = HANDLERS.get(call.method)
        try:
            if call.method == "getUpdates":
                result = await self._get_updates(models.read_request(call.method, call.params))
            elif handler is None:
                call.unknown = True
                raise Refused(501, f"Not Implemented: the rehearsal does not carry out {call.method}")
            else:
                result = handler(self.world, models.read_request(call.method, call.params))
            models.check_answer(call.method, result)
        except Refused as refusal:
            return _error(refusal)
        except models.Unsound as mistake:
            log.error("The rehearsal would have answered unsoundly: %s", mistake)
            return _error(Refused(500, f"Internal Server Error: {mistake}"))
        return {"ok": True, "result": result}

    async def _get_updates(self, params: Json) -> list[Json]:
        updates, changes = self.world.updates, self.world.changes
        if not updates.running:
            changes.bump()
        try:
            return await updates.poll(
                offset=params.get("offset", 0),
                limit=params.get("limit", 100),
                timeout_s=params.get("timeout", 0),
                allowed=params.get("allowed_updates"),
            )
        except asyncio.CancelledError:
            changes.bump()
            raise
        finally:
            # A bot that does not come back is no longer running: those who watch have to hear of it.
            asyncio.get_running_loop().call_later(RUNNING_FOR + 0.1, self._notice_absence)

    def _notice_absence(self) -> None:
        if not self.world.updates.running:
            self.world.changes.bump()

    def _finish(self, call: Call, body: Json) -> web.Response:
        self.journal.finish(call, body.get("error_code", 200), body.get("description"))
        return _answer(body)

    async def _parameters(self, method: str, request: web.Request) -> Json:
        given: Json = {name: _value(method, name, text) for name, text in request.query.items()}
        if request.content_type == "application/json":
            body = await request.text()
            try:
                read = json.loads(body or "{}")
            except ValueError:
                raise bad("can't parse JSON body") from None
            if not isinstance(read, dict):
                raise bad("object expected as JSON body")
            return given | read
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                mime = value.content_type or "application/octet-stream"
                stored = media.store(self.world, value.file.read(), mime, value.filename)
                given[name] = stored.id
            elif isinstance(value, str):
                given[name] = _value(method, name, value)
        return {name: _attached(given, value) for name, value in given.items() if not _is_part(given, name)}


def _value(method: str, name: str, text: str) -> Any:
    if models.is_text(method, name):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _attached(given: Json, value: Any) -> Any:
    """A file sent as a part of its own is named by `attach://PART`."""
    if isinstance(value, str) and value.startswith("attach://"):
        return given.get(value.removeprefix("attach://"), value)
    return value


def _is_part(given: Json, name: str) -> bool:
    return f"attach://{name}" in given.values()


def _error(refusal: Refused) -> Json:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return body | ({"parameters": refusal.parameters} if refusal.parameters else {})


def _answer(body: Json) -> web.Response:
    return web.json_response(body, status=body.get("error_code", 200))
