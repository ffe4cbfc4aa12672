"""Inline buttons: who pressed is checked before anything else; a stale one only says so.

An action may first `look` at Telegram, outside any transaction; it then runs in the transaction that also
marks the update done, and returns the key of the text that answers the press.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.rendering.messages import HANDLE_PREFIX
from bot.services import Services, services_of
from storage.buttons import Pressed
from storage.errors import AlreadyUsed, Expired, NotFound, Stale
from storage.store import Transaction

Run = Callable[..., Awaitable[str]]
Look = Callable[[Pressed, Services], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does: `run(pressed, *, tx, services, seen)`, with what `look(pressed, services)` saw."""

    run: Run
    look: Look | None = None


async def nothing_seen(_pressed: Pressed, _services: Services) -> None:
    """What an action sees that needs nothing from Telegram."""


def presser(actions: Mapping[str, Action]) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    """The handler for callback queries, over all actions by name."""

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        services = services_of(context)
        answer = await _act(update, query, services, actions)
        try:
            await query.answer(services.texts.plain(answer) if answer else None)
        except BadRequest:
            # Too old to be answered: the person has long put the phone away, and the state is committed.
            return

    return pressed


async def _act(update: Update, query: CallbackQuery, services: Services, actions: Mapping[str, Action]) -> str:
    handle = (query.data or "").removeprefix(HANDLE_PREFIX)
    try:
        async with services.store.transaction("peek", services.clock.now()) as tx:
            found = await tx.buttons.find(handle, query.from_user.id)
        action = actions[found.action]
        seen = await (action.look or nothing_seen)(found, services)
        async with services.handling(update, f"press {found.action}") as tx:
            again = await tx.buttons.find(handle, query.from_user.id)
            return await action.run(again, tx=tx, services=services, seen=seen)
    except NotFound:
        return "buttons.not_yours"
    except (AlreadyUsed, Stale):
        return "buttons.used"
    except Expired:
        return "buttons.expired"


async def void(pressed: Pressed, tx: Transaction) -> None:
    """Make the whole message's buttons stale: what they offered has been chosen."""
    await tx.buttons.void(pressed.bundle)
