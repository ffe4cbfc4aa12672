"""Whose words a message holds, and which of them may be kept: only its author's, by the author's own consent.

Pure: what is known of consents and open questions comes in as `Grants`. All times are seconds since 1970, as
Telegram gives them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.crypto import canonical_code

Json = Mapping[str, Any]

#: The bot's own commands. Of a message that is one, the command itself is kept whoever wrote it.
COMMANDS = frozenset({"start", "help", "code", "consent", "withdraw", "groups", "close", "reopen"})

#: Commands that a class rep may well follow with a reason; the bot asks for it in private instead.
_REASONED = frozenset({"close", "reopen"})

#: Marks of words that somebody or something else than the sender put together.
_NOT_OWN = (
    "via_bot",
    "sender_business_bot",
    "guest_bot_caller_user",
    "guest_bot_caller_chat",
    "guest_query_id",
    "sender_chat",
    "is_automatic_forward",
    "forward_from_chat",
    "forward_sender_name",
)
_COMMAND = re.compile(r"/([a-z]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|$)", re.IGNORECASE)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODE = re.compile(r"(?:[0-9a-z]{4}-){6}[0-9a-z]{4}")
_DIGIT_OR_HYPHEN = re.compile(r"[0-9-]")
_ENTITIES = frozenset(
    {"mention", "hashtag", "cashtag", "url", "email", "phone_number", "text_link", "text_mention", "custom_emoji"}
    | {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote"}
)
_LARGEST_ID = 2**53


@dataclass(frozen=True, slots=True)
class Grants:
    """What the door may keep: since when each parent of a sanctioned group's school has consented (seconds),
    which accounts have been asked a question in private, and what the bot is called."""

    since: Mapping[int, float] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    username: str = ""


def number(value: object) -> int | None:
    """A whole number as Telegram sends ids and times, or None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_ID:
        return value
    return None


def table(value: object) -> Json:
    """A JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A string, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def author_of(message: Json) -> int | None:
    """The account of the person whose own words a message would be; None for bots, channels, inline results."""
    sender = table(message.get("from"))
    if sender.get("is_bot") is not False or any(message.get(mark) for mark in _NOT_OWN):
        return None
    return number(sender.get("id"))


def accounts_in(message: Json) -> Iterator[int]:
    """Every account whose consent decides about some of a message's words."""
    for part in (message, table(message.get("reply_to_message"))):
        origin = table(table(part.get("forward_origin")).get("sender_user"))
        for account in (author_of(part), number(origin.get("id"))):
            if account is not None:
                yield account
    elsewhere = number(table(_external_origin(message).get("sender_user")).get("id"))
    if elsewhere is not None:
        yield elsewhere


def may_read(message: Json, grants: Grants) -> bool:
    """Whether the words of a group message may be kept: the sender's consent, and of a forward the writer's too."""
    if not _consents(author_of(message), message.get("date"), grants):
        return False
    if "forward_origin" in message:
        return _origin_consents(table(message["forward_origin"]), grants)
    # Before Bot API 7.0 a forward had no origin: whose words they were is not certain.
    return "forward_date" not in message and "forward_from" not in message


def may_read_answered(message: Json, grants: Grants) -> bool:
    """Whether the words of the message that this one answers may be kept: one of the same group."""
    answered = table(message.get("reply_to_message"))
    here, there = table(message.get("chat")), table(answered.get("chat"))
    return here.get("id") == there.get("id") and may_read(answered, grants)


def may_read_quote(message: Json, grants: Grants) -> bool:
    """Whether quoted words may be kept: by the consent of whoever wrote the message that they are quoted from."""
    if "reply_to_message" in message:
        return may_read_answered(message, grants)
    return _origin_consents(_external_origin(message), grants)


def own_words(message: Json) -> dict[str, Any]:
    """A message's text, caption, poll and checklist, rebuilt field by field."""
    kept: dict[str, Any] = {}
    for words, entities in (("text", "entities"), ("caption", "caption_entities")):
        if text(message.get(words)):
            kept[words] = message[words]
            kept[entities] = _entities(message.get(entities))
    if table(message.get("poll")):
        kept["poll"] = _poll(message["poll"])
    if table(message.get("checklist")):
        kept["checklist"] = _checklist(message["checklist"])
    return kept


def quoted_words(message: Json) -> dict[str, Any]:
    """The quote of a reply, rebuilt."""
    quote = table(message.get("quote"))
    if not text(quote.get("text")):
        return {}
    return {"quote": {"text": quote["text"], "position": number(quote.get("position")) or 0}}


def command_words(message: Json, username: str, *, payload: bool = False) -> dict[str, Any]:
    """The bot's own command alone, if a message is one; after /start its payload too where asked for."""
    found = _COMMAND.match(text(message.get("text")))
    if found is None or found[1].lower() not in COMMANDS:
        return {}
    if found[2] and found[2].lower() != username.lower():
        return {}
    command = f"/{found[1].lower()}" + (f"@{username}" if found[2] else "")
    line = command
    rest = message["text"][found.end() :].strip()
    if payload and found[1].lower() == "start" and _PAYLOAD.fullmatch(rest):
        line = f"{command} {rest}"
    return {"text": line, "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}


def hides_words(message: Json) -> bool:
    """Whether words stand behind a command that takes none: they are said to the group, not to the bot."""
    typed = text(message.get("text"))
    found = _COMMAND.match(typed)
    return found is not None and found[1].lower() not in _REASONED and bool(typed[found.end() :].strip())


def private_words(message: Json, grants: Grants) -> dict[str, Any]:
    """What may be kept of what somebody typed to the bot: a command, a one-time code, or an answer it asked for."""
    typed = text(message.get("text"))
    if not typed or author_of(message) is None or any(mark in message for mark in ("forward_origin", "forward_date")):
        return {}
    command = command_words(message, grants.username, payload=True)
    if command:
        return command
    code = canonical_code(typed)
    # Twenty-eight letters may be a sentence; no code is without a digit, or hyphens where it was pasted.
    if _CODE.fullmatch(code) and _DIGIT_OR_HYPHEN.search(typed):
        return {"text": code}
    return {"text": typed} if author_of(message) in grants.asked else {}


def _consents(account: int | None, date: object, grants: Grants) -> bool:
    written = number(date)
    since = grants.since.get(account) if account is not None else None
    return since is not None and written is not None and since <= written


def _origin_consents(origin: Json, grants: Grants) -> bool:
    writer = table(origin.get("sender_user"))
    if origin.get("type") != "user" or writer.get("is_bot") is not False:
        return False
    return _consents(number(writer.get("id")), origin.get("date"), grants)


def _external_origin(message: Json) -> Json:
    return table(table(message.get("external_reply")).get("origin"))


def _entities(value: object) -> list[dict[str, Any]]:
    """Where formatting and links are, without where links lead; no command: in words that are kept it is none."""
    entities = [table(one) for one in value] if isinstance(value, list) else []
    return [
        {"type": one["type"], "offset": number(one.get("offset")) or 0, "length": number(one.get("length")) or 0}
        for one in entities
        if one.get("type") in _ENTITIES
    ]


def _poll(poll: Json) -> dict[str, Any]:
    options = [table(option) for option in poll["options"]] if isinstance(poll.get("options"), list) else []
    kept: dict[str, Any] = {
        "id": "",
        "question": text(poll.get("question")),
        # What others added to a poll is theirs.
        "options": [
            {"text": text(option.get("text")), "voter_count": 0, "persistent_id": ""}
            for option in options
            if not option.get("added_by_user") and not option.get("added_by_chat")
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    return kept | {name: poll[name] for name in ("description", "explanation") if text(poll.get(name))}


def _checklist(checklist: Json) -> dict[str, Any]:
    # Telegram does not say who added a task: where others may, none counts as the author's.
    shared = checklist.get("others_can_add_tasks") is True or not isinstance(checklist.get("tasks"), list)
    tasks = [] if shared else [table(task) for task in checklist["tasks"]]
    return {
        "title": text(checklist.get("title")),
        "tasks": [{"id": number(task.get("id")) or 0, "text": text(task.get("text"))} for task in tasks],
    }
