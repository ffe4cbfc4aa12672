"""The bot's process: one at a time, watched, ended kindly or else by force."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.rehearsal import process as module
from bot.rehearsal.process import BotProcess


def of(script: str, folder: Path, told: list[bool] | None = None) -> BotProcess:
    seen = told if told is not None else []
    made = BotProcess(
        (sys.executable, "-c", script),
        folder=folder,
        log=folder / "log",
        changed=lambda: seen.append(True),
    )
    made.environment = dict(os.environ)
    return made


async def until_printed(folder: Path, process: BotProcess, words: str) -> None:

    async with asyncio.timeout(20):
        while words not in (folder / "log").read_text():
            assert process.running
            await asyncio.sleep(0.01)


async def test_a_process_that_ends_by_itself_leaves_its_exit_status(tmp_path: Path) -> None:
    told: list[bool] = []
    process = of("raise SystemExit(3)", tmp_path, told)
    before = (process.running, process.exit_status)
    assert before == (False, None)
    await process.start()
    during = (process.running, process.exit_status)
    assert during == (True, None)
    assert await process.ended() == 3
    assert (process.running, process.exit_status) == (False, 3)
    assert len(told) == 2


async def test_starting_twice_starts_once(tmp_path: Path) -> None:
    process = of("print('begun', flush=True); input()", tmp_path)
    await process.start()
    await process.start()
    await process.ended()
    assert (tmp_path / "log").read_text().count("begun") == 1


async def test_stopping_asks_it_to_end(tmp_path: Path) -> None:
    script = (
        "import signal,sys,time; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True); time.sleep(60)"
    )
    process = of(script, tmp_path)
    await process.start()
    await until_printed(tmp_path, process, "up")
    await process.stop()
    assert process.exit_status == 0


async def test_one_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    process = of(
        "import signal,time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)", tmp_path
    )
    await process.start()
    await until_printed(tmp_path, process, "up")
    await process.stop()
    assert process.exit_status == -9


async def test_stopping_what_never_ran_or_has_ended_does_nothing(tmp_path: Path) -> None:
    process = of("pass", tmp_path)
    await process.stop()
    assert await process.ended() is None
    await process.start()
    await process.ended()
    await process.stop()
    assert process.exit_status == 0


async def test_it_can_be_started_again(tmp_path: Path) -> None:
    process = of("raise SystemExit(4)", tmp_path)
    await process.start()
    await process.ended()
    await process.start()
    assert process.exit_status is None
    assert await process.ended() == 4
