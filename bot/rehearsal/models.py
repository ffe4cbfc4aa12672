"""The published models of the Bot API (PyPI ``aiogram``), used to check what is asked and what is answered.

They allow unknown fields; here an unknown field anywhere is a mistake.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from aiogram import methods
from aiogram.client.default import Default
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.rehearsal.refused import bad

Json = dict[str, Any]

METHODS: dict[str, type[methods.TelegramMethod[Any]]] = {
    kind.__api_method__: kind
    for name in methods.__all__
    if name not in ("TelegramMethod", "Request", "Response")
    for kind in [getattr(methods, name)]
    if isinstance(kind, type) and issubclass(kind, methods.TelegramMethod)
}
_BY_LOWER = {name.lower(): name for name in METHODS}


class Unsound(Exception):
    """The rehearsal itself would have answered something that the Bot API does not know."""


def method_named(name: str) -> str | None:
    """The method's own spelling, or None if the Bot API has none of that name (case does not matter)."""
    return _BY_LOWER.get(name.lower())


@cache
def is_text(method: str, parameter: str) -> bool:
    """Whether a parameter is plain text, so that a form's value is not JSON."""
    known = METHODS[method].model_fields.get(parameter)
    if known is None:
        return True
    kinds = set(get_args(known.annotation)) or {known.annotation}
    return (str in kinds and int not in kinds) or kinds == {Default, type(None)}


def read_request(method: str, given: Json) -> Json:
    """The parameters as JSON values of the right types. Refused (400) if one is unknown, missing or wrong."""
    try:
        model = METHODS[method].model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise bad(f"{method}: parameter {where}: {first['msg']}") from None
    for path in _unknown(model, ""):
        raise bad(f"{method}: unknown parameter {path}")
    read: Json = model.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    chat = read.get("chat_id")
    if isinstance(chat, str) and chat.lstrip("-").isdigit():
        read["chat_id"] = int(chat)
    return read


@cache
def _answer(method: str) -> TypeAdapter[Any]:
    return TypeAdapter(METHODS[method].__returning__)


def check_answer(method: str, result: Any) -> None:
    """Unsound if ``result`` is not what the Bot API says that ``method`` returns."""
    # Updates were checked when they were queued; those that a test pushes raw may be of any shape.
    if method != "getUpdates":
        _check(_answer(method), result, method)


_UPDATE = TypeAdapter(Update)


def check_update(update: Json) -> None:
    """Unsound if ``update`` is not an Update of the Bot API."""
    _check(_UPDATE, update, "update")


def _check(adapter: TypeAdapter[Any], value: Any, what: str) -> None:
    try:
        model = adapter.validate_python(value)
    except ValidationError as error:
        places = [".".join(str(part) for part in e["loc"]) for e in error.errors(include_input=False)]
        raise Unsound(f"{what}: wrong at {places}") from None
    for path in _unknown(model, ""):
        raise Unsound(f"{what}: {path} is not in the Bot API")


def _unknown(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}{name}"
        for name in value.model_fields_set & set(type(value).model_fields):
            yield from _unknown(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from _unknown(item, path)
