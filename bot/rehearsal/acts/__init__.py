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


#: What each parameter holds, by name, whichever act takes it.
_KINDS: dict[type, frozenset[str]] = {
    str: frozenset(
        [
            "text",
            "caption",
            "question",
            "name",
            "title",
            "link",
            "payload",
            "quote",
            "data",
            "label",
            "id",
            "phone_number",
            "type",
        ]
    ),
    int: frozenset(["chat", "message", "user", "reply_to", "topic", "from_chat", "to_chat"]),
    dict: frozenset({"permissions", "update"}),
    list: frozenset({"options"}),
}
_WORDS = {str: "a text", int: "a number", dict: "an object", list: "a list"}


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
    given = _Given(params or {})
    for kind, names in _KINDS.items():
        for name in names & given.keys():
            if given[name] is not None and not isinstance(given[name], kind):
                raise NotAllowed(f"The parameter {name} has to be {_WORDS[kind]}.", 400)
    return act(world, user, given)
