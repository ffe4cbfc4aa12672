"""A rehearsal's world as a file, so that one kept in a folder goes on where it was left.

Presses of buttons are not kept: Telegram forgets them within a minute too.
"""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.world import Chat, Person, StoredFile, World

Json = dict[str, Any]
#: Message numbers go on this far above the highest one left: the last ones written may have been deleted.
GAP = 100


@dataclass
class Snapshot:
    """What is kept of a world."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    people: dict[int, Person]
    chats: dict[int, Chat]
    files: dict[str, StoredFile]
    commands: dict[str, list[Json]]
    descriptions: dict[str, str]
    privacy_mode: bool
    serial: int
    next_update: int
    pending: list[Json] = field(default_factory=list)


_FORM = TypeAdapter(Snapshot)


def save_world(world: World, path: Path) -> None:
    """Write the world to ``path``."""
    kept = Snapshot(
        people=world.people,
        chats=world.chats,
        files=world.files,
        commands=world.commands,
        descriptions=world.descriptions,
        privacy_mode=world.privacy_mode,
        serial=next(world.serial),
        next_update=world.updates._next,
        pending=world.updates.pending,
    )
    path.write_bytes(_FORM.dump_json(kept))


def restore_world(path: Path, clock: RehearsalClock) -> World | None:
    """The world that ``path`` holds; None if there is none, or none that can be read."""
    try:
        kept = _FORM.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    world = World(clock)
    world.people.update(kept.people)
    world.bot = world.people[world.bot.id]
    world.chats, world.files = kept.chats, kept.files
    world.commands, world.descriptions = kept.commands, kept.descriptions
    world.privacy_mode, world.serial = kept.privacy_mode, count(kept.serial)
    # The bot remembers which updates it has seen by their numbers, so these must go on.
    world.updates._next, world.updates.pending = kept.next_update, kept.pending
    world._counters = _message_counters(world)
    return world


def _message_counters(world: World) -> "dict[int, count[int]]":
    highest: dict[int, int] = {}
    for chat in world.chats.values():
        key = chat.id if chat.type in ("supergroup", "channel") else 0
        highest[key] = max(highest.get(key, 0), max(chat.posts, default=0))
        # A request holds the very link of its chat, which counts who came by it.
        for request in chat.requests.values():
            if request.link is not None:
                request.link = next((link for link in chat.links if link.url == request.link.url), request.link)
    return {key: count(number + GAP) for key, number in highest.items()}
