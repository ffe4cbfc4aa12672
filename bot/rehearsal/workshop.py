"""The part of the control interface that tests use: faults, the journal of calls, and adding to the world."""

import time
from typing import Any

from aiohttp import web

from bot.rehearsal.control import body_of, number
from bot.rehearsal.faults import Faults
from bot.rehearsal.journal import Journal
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Json, World


class Workshop:
    """Faults, calls, and the world from outside."""

    def __init__(self, world: World, faults: Faults, journal: Journal) -> None:
        self.world, self.faults, self.journal = world, faults, journal

    def add_routes(self, app: web.Application) -> None:
        """Serve the addresses of this part."""
        app.router.add_post("/control/faults", self.add_fault)
        app.router.add_delete("/control/faults", self.clear_faults)
        app.router.add_post("/control/release", self.release)
        app.router.add_get("/control/calls", self.calls)
        app.router.add_get("/control/calls/wait", self.wait_calls)
        app.router.add_post("/control/world", self.add_to_world)
        app.router.add_post("/control/letters", self.letters)

    async def add_fault(self, request: web.Request) -> web.Response:
        """One fault, see `faults.Fault`."""
        self.faults.add(await body_of(request))
        return web.json_response({})

    async def clear_faults(self, _: web.Request) -> web.Response:
        """No faults any more; whatever is held goes on."""
        self.faults.clear()
        return web.json_response({})

    async def release(self, _: web.Request) -> web.Response:
        """Held calls go on; the faults stay."""
        self.faults.release()
        return web.json_response({})

    async def calls(self, request: web.Request) -> web.Response:
        """`?since=N&method=M`: the calls after number N, those under way included."""
        since = int(number(request, "since", 0))
        found = self.journal.since(since, request.query.get("method"))
        return web.json_response([call.as_json() for call in found])

    async def wait_calls(self, request: web.Request) -> web.Response:
        """`?method=M&since=N&timeout=S&finished=1`: the calls that are finished or held, once there is one.

        With `finished` held ones do not count. After S real seconds: an empty list.
        """
        since, method = int(number(request, "since", 0)), request.query.get("method")
        held_too = "finished" not in request.query
        deadline = time.monotonic() + min(number(request, "timeout", 15), 60)
        while True:
            seq = self.journal.changes.seq
            calls = self.journal.since(since, method)
            found = [call for call in calls if call.status is not None or (held_too and call.held)]
            left = deadline - time.monotonic()
            if found or left <= 0:
                return web.json_response([call.as_json() for call in found])
            await self.journal.changes.beyond(seq, left)

    async def add_to_world(self, request: web.Request) -> web.Response:
        """`{"users": [{id, name, username?, role_label?, note?}], "limits": {...}, "bot": {"privacy_mode": bool}}`."""
        body = await body_of(request)
        if unknown := body.keys() - {"users", "limits", "bot"}:
            raise NotAllowed(f"The world has no {sorted(unknown)[0]}.", 400)
        for about in body.get("users", []):
            _add_person(self.world, about)
        for name, value in body.get("limits", {}).items():
            if name not in ("group_per_minute", "overall_per_second") or not isinstance(value, int):
                raise NotAllowed(f"There is no limit called {name}.", 400)
            setattr(self.world.limits, name, value)
        self.world.privacy_mode = bool(body.get("bot", {}).get("privacy_mode", self.world.privacy_mode))
        self.world.changes.bump()
        return web.json_response({})

    async def letters(self, request: web.Request) -> web.Response:
        """`{"letters": {USER_ID: {"link": URL, "note": TEXT}}}`: what the school has sent to whom."""
        for user, letter in (await body_of(request)).get("letters", {}).items():
            person = self.world.people.get(int(user)) if str(user).isdigit() else None
            if person is None:
                raise NotAllowed("There is nobody of that number.", 404)
            person.letter, person.letter_note = letter.get("link"), letter.get("note", "")
        self.world.changes.bump()
        return web.json_response({})


def _add_person(world: World, about: Json) -> None:
    known = {"id", "name", "username", "role_label", "note", "letter", "letter_note"}
    if not {"id", "name"} <= about.keys() <= known or not isinstance(about["id"], int):
        raise NotAllowed("A user has id (a number), name, and perhaps username, role_label, note, letter.", 400)
    rest: dict[str, Any] = {key: value for key, value in about.items() if key not in ("id", "name", "username")}
    world.add_person(about["id"], about["name"], about.get("username"), **rest)
