"""Taking one account's words out of an update that waits: its own, and those that others quote or forward."""

from collections.abc import Mapping
from typing import Any

_WORDS = frozenset({"text", "entities", "caption", "caption_entities", "poll", "checklist"})
_QUOTE = frozenset({"quote"})


def without_words_of(account: int, update: Mapping[str, Any]) -> dict[str, Any] | None:
    """The update as the door would have kept it had the account not consented; None if it holds none of its words.

    A command to the bot stays: it was meant for the bot.
    """
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        if isinstance(message, dict):
            kept = _stripped(account, message)
            return None if kept == message else {**update, kind: kept}
    return None


def _stripped(account: int, message: Mapping[str, Any]) -> dict[str, Any]:
    gone: frozenset[str] = frozenset()
    if _writer(message) == account and not _is_command(message):
        gone |= _WORDS
    if _origin(message.get("forward_origin")) == account:
        gone |= _WORDS
    answered = message.get("reply_to_message") or {}
    elsewhere = message.get("external_reply") or {}
    if account in {_writer(answered), _origin(answered.get("forward_origin")), _origin(elsewhere.get("origin"))}:
        gone |= _QUOTE
    kept = {name: value for name, value in message.items() if name not in gone}
    if answered:
        kept["reply_to_message"] = _stripped(account, answered)
    return kept


def _writer(message: Mapping[str, Any]) -> int | None:
    found: int | None = (message.get("from") or {}).get("id")
    return found


def _origin(origin: Mapping[str, Any] | None) -> int | None:
    found: int | None = ((origin or {}).get("sender_user") or {}).get("id")
    return found


def _is_command(message: Mapping[str, Any]) -> bool:
    return any(entity.get("type") == "bot_command" for entity in message.get("entities") or ())
