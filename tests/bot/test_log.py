"""The log: one line an event, no token, and no words of people, not even inside an exception."""

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.log import QUIET, describe, set_up_logging
from storage.errors import NotFound

TOKEN = "8123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def test_a_text_line_has_time_level_and_place(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    logging.getLogger("bot.x").info("case %d decided", 7)
    (line,) = stream.getvalue().splitlines()
    assert line.endswith("+00:00 INFO bot.x: case 7 decided")


def test_a_json_line_can_be_read_by_machines(stream: io.StringIO) -> None:
    set_up_logging(style="json", stream=stream)
    try:
        raise NotFound("case", 7)
    except NotFound:
        logging.getLogger("bot.x").exception("failed\nhere")
    (line,) = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["logger"], entry["message"]) == ("ERROR", "bot.x", "failed here")
    assert entry["raised"].startswith("storage.errors.NotFound (case 7 does not exist) at ")


def test_a_json_line_without_an_exception_has_no_word_of_one(stream: io.StringIO) -> None:
    set_up_logging(style="json", stream=stream)
    logging.getLogger("bot.x").info("started")
    assert set(json.loads(stream.getvalue())) == {"at", "level", "logger", "message"}


def test_a_foreign_exception_is_logged_without_its_words(stream: io.StringIO) -> None:
    set_up_logging(stream=stream)
    try:
        try:
            raise KeyError("Priya wrote this")
        except KeyError as cause:
            raise RuntimeError("Priya wrote that") from cause
    except RuntimeError:
        logging.getLogger("bot.x").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "Priya" not in line
    assert "RuntimeError at " in line
    assert "<- KeyError at " in line
    assert "test_log.py:" in line


async def test_a_task_that_nobody_asks_about_is_logged_without_its_words(stream: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError("words of a parent")

    set_up_logging(stream=stream)
    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert "Task exception was never retrieved" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "words of a parent" not in stream.getvalue()


def test_a_chain_of_exceptions_that_bites_its_tail_ends() -> None:
    first, second = ValueError("a"), TypeError("b")
    first.__cause__, second.__cause__ = second, first
    assert describe(first) == "ValueError <- TypeError"


def test_the_token_is_blotted_out_wherever_it_turns_up(stream: io.StringIO) -> None:
    set_up_logging(secrets=["throw-away", ""], stream=stream)
    log = logging.getLogger("bot.x")
    log.info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("POST %s", TOKEN.replace(":", "%3A"))
    log.info("with throw-away")
    shown = stream.getvalue()
    assert shown.count("[secret]") == 3
    assert TOKEN[-20:] not in shown
    assert "throw-away" not in shown


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "sqlalchemy.engine.Engine", "aiosqlite", "alembic"])
def test_libraries_that_log_addresses_or_values_are_quiet(stream: io.StringIO, level: str, name: str) -> None:
    set_up_logging(level, stream=stream)
    logging.getLogger(name).info("values")
    logging.getLogger("telegram.ext.ExtBot").debug("call with values")
    assert stream.getvalue() == ""
    logging.getLogger(name).warning("trouble")
    assert "trouble" in stream.getvalue()


def test_setting_up_twice_logs_once(stream: io.StringIO) -> None:
    set_up_logging(stream=io.StringIO())
    set_up_logging("WARNING", stream=stream)
    logging.getLogger("bot.x").warning("once")
    logging.getLogger("bot.x").info("never")
    assert len(stream.getvalue().splitlines()) == 1
