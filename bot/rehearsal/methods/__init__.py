"""The Bot API's methods that the rehearsal carries out, by name.

Each takes the world and the checked parameters, and returns what Telegram's ``result`` holds.
"""

from collections.abc import Callable
from typing import Any

from bot.rehearsal.methods import chats, edits, links, me, members, messages
from bot.rehearsal.world import Json, World

Method = Callable[[World, Json], Any]

HANDLERS: dict[str, Method] = (
    me.METHODS | messages.METHODS | edits.METHODS | chats.METHODS | members.METHODS | links.METHODS
)
