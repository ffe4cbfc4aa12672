"""Logging: one line an event, as text or JSON, to standard error.

Nothing personal goes into a log. Callers log ids and counts only; this module sees to what others log:
exceptions are written as their type and place without their words (a database error quotes its parameters),
libraries that log addresses or values are quietened, and the token is blotted out wherever it turns up.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO

from bot.errors import BotError
from config.errors import ConfigError
from storage.errors import StorageError

#: The least level for libraries that log too much below it: httpx the token in the address (INFO), alembic how the
#: database is opened (INFO), the others parameters of calls and queries, with people's words in them (DEBUG;
#: sqlalchemy.engine at INFO too).
QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "asyncio": logging.WARNING,
    "alembic": logging.WARNING,
    # A sweep that is still running when its next turn comes is no news: the turn after makes it good.
    "apscheduler": logging.ERROR,
    "telegram": logging.INFO,
}

#: A Telegram bot token, wherever it stands.
_TOKEN = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
_BLOT = "[secret]"

#: Our own errors, whose words hold ids and names of settings, never what people write.
_OURS = (BotError, ConfigError, StorageError)

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """One record as one line of text or JSON, without secrets and without the words of foreign exceptions."""

    def __init__(self, style: Literal["text", "json"], secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._line_style = style
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The line for `record`."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = " ".join(_message(record).split())
        raised = self.formatException(record.exc_info) if record.exc_info else ""
        if self._line_style == "json":
            entry = {"at": moment, "level": record.levelname, "logger": record.name, "message": message}
            if raised:
                entry["raised"] = raised
            line = json.dumps(entry, ensure_ascii=False)
        else:
            line = f"{moment} {record.levelname} {record.name}: {message}"
            if raised:
                line += f" | {raised}"
        return self._blot(line)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is logging's
        """What was raised and where, on one line."""
        return describe(ei[1]) if ei[1] else ""

    def _blot(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, _BLOT)
        return _TOKEN.sub(_BLOT, line)


def _message(record: logging.LogRecord) -> str:
    """The message. asyncio writes what it tells of into it from the second line on, exceptions with their words."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message


def describe(error: BaseException) -> str:
    """An exception and what led to it: types and places; the message only where it is ours, which holds ids."""
    return " <- ".join(_one(link) for link in _chain(error))


def set_up_logging(
    level: str = "INFO",
    style: Literal["text", "json"] = "text",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every log line to `stream` (standard error by default), replacing what was set up before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(style, secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _one(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    words = f" ({' '.join(str(error).split())})" if isinstance(error, _OURS) else ""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = ", ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{name}{words} at {places}" if places else f"{name}{words}"
