"""Updates of every kind that the Bot API knows, filled at random from its published models.

Every text in them is `SECRET`, but for the words of messages that a consenting person wrote by themselves, which
are `ALLOWED`. Which is which is decided here by rules of its own, not by the door's.
"""

import random
import typing
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any

from aiogram import types
from pydantic import BaseModel

from tests.support.services import START

SECRET = "sekret ünheard wörds"
ALLOWED = "agreed to be read"
KINDS = tuple(name for name in types.Update.model_fields if name != "update_id")
CONSENTED = int(START.timestamp()) - 86_400

SANCTIONED, REFUSED, ELSEWHERE = -1001, -1002, -1003
AGREEING = (501, 502)
#: A stranger, somebody who never answered, one who withdrew, one who agreed later, one who agreed to an old notice,
#: one of the staff, one of another school.
SILENT = (601, 602, 603, 604, 605, 606, 607)

_WORDS = frozenset({"text", "caption", "poll", "checklist"})
_OTHERS_WORK = frozenset(
    {"via_bot", "sender_business_bot", "guest_bot_caller_user", "guest_bot_caller_chat", "guest_query_id"}
    | {"sender_chat", "is_automatic_forward", "forward_from", "forward_from_chat", "forward_sender_name"}
    | {"forward_date"}
)
_DEEPEST = 4
Json = dict[str, Any]


class Maker:
    """Makes one update. `readable` tells whether the words of the outermost message may be kept."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data, to be repeatable from its seed
        self._words = SECRET
        self.readable = False

    def update(self, kind: str) -> Json:
        """An update of this kind."""
        annotation = types.Update.model_fields[kind].annotation
        made = self._value(annotation, kind, 0)
        if kind in {"my_chat_member", "chat_member", "chat_join_request"}:
            made["chat"]["title"] = "Willow"  # what the school's own group is called may be known
        if kind in {"message", "edited_message"}:
            self.readable = made.pop("~readable") and made["chat"]["id"] == SANCTIONED
        return {"update_id": self._random.randrange(1, 2**31), kind: _bare(made)}

    def _value(self, annotation: Any, name: str, depth: int) -> Any:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            return self._value(typing.get_args(annotation)[0], name, depth)
        if origin in {typing.Union, UnionType}:
            choices = [one for one in typing.get_args(annotation) if one is not NoneType]
            return self._value(self._random.choice(choices), name, depth)
        if origin is typing.Literal:
            chosen = self._random.choice(typing.get_args(annotation))
            return chosen.value if isinstance(chosen, Enum) else chosen
        if origin is list:
            item = typing.get_args(annotation)[0]
            return [self._value(item, name, depth) for _ in range(self._random.randrange(1, 3))]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._model(annotation, depth)
        plain = {bool: self._chance(0.5), int: self._random.randrange(1, 99), float: 1.5, datetime: self._time()}
        return plain.get(annotation, self._words)

    def _model(self, model: type[BaseModel], depth: int) -> Json:
        if model is types.User:
            return self._user(self._random.choice(AGREEING + SILENT))
        if model is types.Message:
            return self._message(depth)
        if model is types.Chat:
            return self._chat()
        return self._fields(model, depth, often=0.4, leave=frozenset())

    def _fields(self, model: type[BaseModel], depth: int, *, often: float, leave: frozenset[str]) -> Json:
        made: Json = {}
        for field, about in model.model_fields.items():
            name = about.alias or field
            if name in leave or field in {"model_config", "bot"}:
                continue
            wanted = about.is_required() or (depth < _DEEPEST and self._chance(often))
            if wanted:
                made[name] = self._value(about.annotation, name, depth + 1)
        return made

    def _user(self, account: int) -> Json:
        named = {name: SECRET for name in ("first_name", "last_name", "username", "language_code")}
        return {"id": account, "is_bot": self._chance(0.05), **named}

    def _chat(self) -> Json:
        return {
            "id": self._random.choice((-5, *AGREEING, *SILENT)),
            "type": self._random.choice(("private", "channel", "supergroup")),
            **dict.fromkeys(("title", "first_name", "last_name", "username", "bio", "description"), SECRET),
        }

    def _message(self, depth: int) -> Json:
        """A message in a group or in private, whose words are its author's own or not."""
        author = self._random.choice(AGREEING + SILENT)
        agreeing = self._chance(0.6)
        author = self._random.choice(AGREEING) if agreeing else author
        made = self._fields(types.Message, depth, often=0.12, leave=_WORDS | _OTHERS_WORK | {"chat", "quote"})
        for name in _OTHERS_WORK:
            if self._chance(0.03):
                made[name] = True if name == "is_automatic_forward" else self._value(str, name, depth)
        made |= {"from": self._user(author), "chat": self._place(author), "date": self._time()}
        readable = self._is_readable(made)
        made["~readable"] = readable
        self._say(made, depth, ALLOWED if readable and made["chat"]["id"] == SANCTIONED else SECRET)
        self._quote(made, readable)
        return made

    def _place(self, author: int) -> Json:
        place = self._random.choice((SANCTIONED, SANCTIONED, SANCTIONED, REFUSED, ELSEWHERE, author))
        kind = "private" if place == author else "supergroup"
        return {"id": place, "type": kind, "title": "Willow", "username": SECRET, "first_name": SECRET}

    def _say(self, made: Json, depth: int, words: str) -> None:
        before, self._words = self._words, words
        for name in self._random.sample(sorted(_WORDS), k=self._random.randrange(1, 4)):
            annotation = types.Message.model_fields[name].annotation
            made[name] = self._value(annotation, name, max(depth, _DEEPEST - 1))
        self._words = before
        for option in table(made.get("poll")).get("options", []):
            if "added_by_user" in option or "added_by_chat" in option:
                option["text"] = SECRET
        checklist = table(made.get("checklist"))
        if checklist.get("others_can_add_tasks"):
            for task in checklist["tasks"]:
                task["text"] = SECRET

    def _quote(self, made: Json, readable: bool) -> None:
        if not self._chance(0.3):
            return
        if "reply_to_message" in made:
            theirs = table(made["reply_to_message"]).get("~readable", False)
        else:
            theirs = _origin_agrees(table(made.get("external_reply")).get("origin", {}))
        words = ALLOWED if readable and theirs and made["chat"]["id"] == SANCTIONED else SECRET
        made["quote"] = {"text": words, "position": 0, "is_manual": True}

    def _is_readable(self, made: Json) -> bool:
        if made["from"]["id"] not in AGREEING or made["from"]["is_bot"] or made["date"] < CONSENTED:
            return False
        if any(name in made for name in _OTHERS_WORK):
            return False
        return "forward_origin" not in made or _origin_agrees(made["forward_origin"])

    def _time(self) -> int:
        return CONSENTED + self._random.choice((-7200, 0, 60, 7200))

    def _chance(self, likely: float) -> bool:
        return self._random.random() < likely


def table(value: Any) -> Json:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def _origin_agrees(origin: Json) -> bool:
    user = table(origin.get("sender_user"))
    return bool(user) and user["id"] in AGREEING and not user["is_bot"] and origin["date"] >= CONSENTED


def _bare(value: Any) -> Any:
    """Without the notes that the maker leaves for itself."""
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if name != "~readable"}
    return [_bare(one) for one in value] if isinstance(value, list) else value
