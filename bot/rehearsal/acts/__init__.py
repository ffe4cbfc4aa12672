"""What people do, by name: the control interface's `do`, and what the sample school is built with."""

from typing import Any

from bot.rehearsal.acts import groups, joining, private, writing
from bot.rehearsal.refused import NotAllowed
from bot.rehearsal.world import Json, World


def raw_update(world: World, _: int, params: Json) -> Json:
    """`{update}`: push an update of any shape; its `update_id` is filled in."""
    return {"update_id": world.updates.push_raw(params["update"])}


ACTS: dict[str, Any] = {
    **writing.ACTS,
    **private.ACTS,
    **joining.ACTS,
    **groups.ACTS,
    "raw_update": raw_update,
}


class _Given(dict[str, Any]):
    """Parameters, of which a missing one is refused in plain English."""

    def __missing__(self, key: str) -> Any:
        raise NotAllowed(f"The parameter {key} is missing.", 400)


def perform(world: World, user: int, do: str, params: Json | None = None) -> Any:
    """Carry out what ``user`` does. NotAllowed if Telegram would not let them, or the request is unsound."""
    if user not in world.people or world.people[user].is_bot:
        raise NotAllowed("There is nobody of that number to play.", 404)
    act = ACTS.get(do)
    if act is None:
        raise NotAllowed(f"There is no act called {do}.", 400)
    return act(world, user, _Given(params or {}))
