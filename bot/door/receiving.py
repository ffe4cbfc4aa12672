"""The door: what a person who has not consented wrote does not get past it, wherever in an update it sits.

Each update is rebuilt from an allow-list before it is written to the inbox. An update that cannot be rebuilt
keeps its number and its kind: the loop goes on, and no words are kept by mistake.
"""

import logging
from collections.abc import Mapping
from typing import Any

from bot.door.consenting import consenting_in
from bot.door.fields import safe_name, unknown_fields
from bot.door.redaction import kind_of, lane_of, redact
from bot.door.words import Grants, Json, author_of, number, table
from bot.services import Services
from moderation.effects import Tell
from moderation.records import Group, GroupStatus
from moderation.vocabulary import Role
from storage.errors import StorageError
from storage.inbox import Received
from storage.store import Transaction

_log = logging.getLogger(__name__)

#: What the installation remembers of a field that it does not know; `schoolgate doctor` shows the names.
UNKNOWN_FIELD = "unknown-field:"


async def receive(raw: Mapping[str, Any], *, tx: Transaction, services: Services) -> Received:
    """What is kept of an update, ready for the inbox. Trouble with the database is raised, to be tried again."""
    kind, lane, payload = "", 0, {"update_id": raw["update_id"]}
    try:
        kind, lane = safe_name(kind_of(raw)), lane_of(raw)
        grants = await _grants(raw, tx=tx, services=services)
        payload = redact(raw, grants)
        await _report_unknown(raw, tx=tx)
    except (StorageError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        payload = {"update_id": raw["update_id"]}
        _log.error("the door kept the number only: id=%s error=%s", raw["update_id"], type(error).__name__)
    return Received(update_id=raw["update_id"], lane=lane, kind=kind, payload=payload, received_at=services.clock.now())


async def _grants(raw: Json, *, tx: Transaction, services: Services) -> Grants:
    message = _message_in(raw)
    chat = table(message.get("chat"))
    if chat.get("type") == "private":
        author = author_of(message)
        asked = await tx.prompts.open_among({author}) if author is not None else set()
        return Grants(asked=frozenset(asked), username=services.username)
    group = await _group_of(chat, tx=tx)
    since = await consenting_in(message, group, tx=tx, version=services.notice.version)
    return Grants(since=since, username=services.username)


async def _group_of(chat: Json, *, tx: Transaction) -> Group | None:
    chat_id = number(chat.get("id"))
    return await tx.groups.by_chat(chat_id) if chat_id is not None else None


async def _report_unknown(raw: Json, *, tx: Transaction) -> None:
    """Say, by name only, which fields held words that nobody here can read; tell each headteacher once."""
    message = _message_in(raw)
    for name in sorted(unknown_fields(message)):
        if await tx.meta.get(UNKNOWN_FIELD + name) is None:
            await tx.meta.put(UNKNOWN_FIELD + name, tx.now.isoformat())
            _log.warning("Telegram sends a field that is not read: name=%s", name)
        await _tell_headteacher(message, name, tx=tx)


async def _tell_headteacher(message: Json, name: str, *, tx: Transaction) -> None:
    group = await _group_of(table(message.get("chat")), tx=tx)
    if group is None or group.status is not GroupStatus.SANCTIONED:
        return
    told = f"told-{UNKNOWN_FIELD}{group.school_id}:{name}"
    if await tx.meta.get(told) is not None:
        return
    for person in await tx.people.holding(group.school_id, Role.HEADTEACHER):
        if person.telegram_id is not None:
            await tx.outbox.put(
                Tell(to=person.telegram_id, text="door.unknown_field", values={"field": name}),
                key=f"{told}:{person.id}",
                school_id=group.school_id,
            )
            await tx.meta.put(told, tx.now.isoformat())


def _message_in(raw: Json) -> Json:
    return table(raw.get("message")) or table(raw.get("edited_message"))
