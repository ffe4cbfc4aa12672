"""`schoolgate rehearse`: what is set up, what is kept, and that nothing is left behind."""

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from bot.rehearsal import command
from bot.rehearsal.acts import perform
from bot.rehearsal.command import Options, Rehearsal, beginning, rehearse
from bot.rehearsal.founding import RehearsalFailed
from bot.rehearsal.school import load_school, roster_names
from bot.rehearsal.scratch import Scratch

FAKE = Path(__file__).parents[2] / "support" / "fake_schoolgate.py"
QUIET = Console(file=io.StringIO())
REAL_COMMAND = Scratch.command


@pytest.fixture(autouse=True)
def fake_schoolgate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scratch, "command", lambda _, *words: (sys.executable, str(FAKE), *words))


def options(folder: Path | None = None, *, fresh: bool = False, port: int = 0) -> Options:
    return Options(port=port, folder=folder, open_page=False, fresh=fresh)


def commands(folder: Path) -> list[str]:
    return (folder / "commands").read_text().splitlines()


def said(rehearsal: Rehearsal) -> list[str]:
    (group,) = [chat for chat in rehearsal.world.chats.values() if chat.type == "supergroup"]
    return [str(post.content.get("text")) for post in group.posts.values()]


def say(rehearsal: Rehearsal, text: str) -> None:
    (group,) = [chat for chat in rehearsal.world.chats.values() if chat.type == "supergroup"]
    perform(rehearsal.world, load_school().id_of("Becky Lowe"), "write", {"chat": group.id, "text": text})


async def test_everybody_on_the_roster_gets_a_letter_of_their_own_and_the_stranger_none(tmp_path: Path) -> None:
    async with beginning(options(tmp_path), QUIET) as rehearsal:
        holders = {person.name: person.letter for person in rehearsal.world.humans() if person.letter}
    assert set(holders) == set(roster_names())
    assert len(set(holders.values())) == len(holders)


async def test_the_bot_is_a_process_that_listens_and_is_gone_at_the_end(tmp_path: Path) -> None:
    async with beginning(options(tmp_path), QUIET) as rehearsal:
        assert rehearsal.process.running
        assert rehearsal.world.updates.running
    assert rehearsal.process.exit_status == 0
    assert commands(tmp_path) == ["school add", "roster import", "run"]


async def test_the_bot_gets_no_setting_from_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_TELEGRAM_TOKEN", "12345:the-real-one")
    monkeypatch.setenv("SCHOOLGATE_CONFIG", "/somewhere/schoolgate.toml")
    async with beginning(options(tmp_path), QUIET) as rehearsal:
        given = rehearsal.process.environment
    assert "the-real-one" not in " ".join(given.values())
    assert "SCHOOLGATE_CONFIG" not in given
    assert given["SCHOOLGATE_TELEGRAM_BASE_URL"].startswith(rehearsal.url)
    assert given["SCHOOLGATE_CLOCK"] == f"file:{tmp_path / 'clock'}"


async def test_a_temporary_folder_goes_with_the_rehearsal() -> None:
    async with beginning(options(), QUIET) as rehearsal:
        folder = rehearsal.scratch.folder
        assert folder.is_dir()
    assert not folder.exists()


async def test_a_rehearsal_in_a_folder_goes_on_where_it_ended(tmp_path: Path) -> None:
    async with beginning(options(tmp_path), QUIET) as first:
        say(first, "See you tomorrow")
        first.world.clock.advance(3600)
    async with beginning(options(tmp_path), QUIET) as second:
        assert "See you tomorrow" in said(second)
        assert second.world.clock.offset == 3600
    assert commands(tmp_path).count("school add") == 1


async def test_fresh_begins_again(tmp_path: Path) -> None:
    async with beginning(options(tmp_path), QUIET) as first:
        say(first, "See you tomorrow")
        key = first.scratch.key.read_text()
    async with beginning(options(tmp_path, fresh=True), QUIET) as second:
        assert "See you tomorrow" not in said(second)
        assert second.scratch.key.read_text() != key
    assert commands(tmp_path).count("school add") == 2


async def test_after_a_crash_the_day_begins_again_since_world_and_database_no_longer_fit(tmp_path: Path) -> None:
    async with beginning(options(tmp_path), QUIET):
        pass
    (tmp_path / "world.json").unlink()
    async with beginning(options(tmp_path), QUIET):
        assert not (tmp_path / "world.json").exists()
    assert commands(tmp_path).count("school add") == 2


async def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    async with beginning(options(tmp_path, fresh=True), QUIET):
        pass
    assert (tmp_path / "mine.txt").read_text() == "keep me"


async def test_a_set_up_that_fails_says_why_and_leaves_no_half_of_it_to_go_on_with(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("line 3: no such role")
    with pytest.raises(RehearsalFailed, match="roster import failed with status 1: line 3: no such role"):
        async with beginning(options(tmp_path), QUIET):
            pass
    assert not (tmp_path / "world.json").exists()
    (tmp_path / "broken").unlink()
    async with beginning(options(tmp_path), QUIET) as rehearsal:
        assert any(person.letter for person in rehearsal.world.humans())


async def test_a_bot_that_dies_leaves_the_page_open_to_say_so(tmp_path: Path) -> None:
    (tmp_path / "dead").touch()
    async with beginning(options(tmp_path), QUIET) as rehearsal:
        assert not rehearsal.process.running
        assert rehearsal.process.exit_status == 7


async def test_a_port_that_is_taken_is_refused_if_asked_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(RehearsalFailed, match=f"Port {port} is taken"):
            async with beginning(options(tmp_path, port=port), QUIET):
                pass


async def test_the_usual_port_is_given_up_for_a_free_one_if_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(command, "USUAL_PORT", port)
        async with beginning(Options(folder=tmp_path, open_page=False), QUIET) as rehearsal:
            assert not rehearsal.url.endswith(f":{port}")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RehearsalFailed, match="cannot be used"):
        async with beginning(options(tmp_path / "file" / "inside"), QUIET):
            pass


class Terminal(io.StringIO):
    """A terminal that does something when certain words appear on it."""

    def __init__(self, words: str, then: Callable[[], None]) -> None:
        super().__init__()
        self.words, self.then, self.done = words, then, False

    def write(self, text: str) -> int:
        written = super().write(text)
        if not self.done and self.words in self.getvalue():
            self.done = True
            self.then()
        return written


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    terminal = Terminal("Ctrl-C ends the rehearsal.", lambda: os.kill(os.getpid(), number))
    before = signal.getsignal(number)
    rehearse(options(tmp_path), Console(file=terminal, width=200))
    assert "http://127.0.0.1:" in terminal.getvalue()
    assert terminal.getvalue().endswith("The rehearsal has ended.\n")
    assert signal.getsignal(number) == before
    assert (tmp_path / "world.json").exists()


def test_an_interruption_during_the_set_up_ends_it_too(tmp_path: Path) -> None:
    terminal = Terminal("on this computer alone", lambda: os.kill(os.getpid(), signal.SIGINT))
    rehearse(options(tmp_path), Console(file=terminal, width=200))
    assert terminal.getvalue().endswith("The rehearsal has ended.\n")
    assert not (tmp_path / "world.json").exists()


async def test_a_set_up_that_is_broken_off_takes_its_command_along(tmp_path: Path) -> None:
    (tmp_path / "slow").touch()

    async def set_up() -> None:
        async with beginning(options(tmp_path), QUIET):
            pass

    task = asyncio.create_task(set_up())
    async with asyncio.timeout(20):
        while not (tmp_path / "waiting").exists():
            assert not task.done()
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (tmp_path / "world.json").exists()


def test_the_commands_are_schoolgates_own(tmp_path: Path) -> None:
    command_line = REAL_COMMAND(Scratch(tmp_path, temporary=False), "version")
    done = subprocess.run(command_line, check=True, capture_output=True, text=True)
    assert "schoolgate" in done.stdout


def test_the_end_of_the_bot_is_told_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "dead").touch()
    terminal = Terminal("What it printed last", lambda: os.kill(os.getpid(), signal.SIGINT))
    rehearse(options(tmp_path), Console(file=terminal, width=200))
    assert "The bot has stopped, exit status 7." in terminal.getvalue()


def test_the_page_is_opened_only_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for display in ("", ":0"):
        monkeypatch.setenv("DISPLAY", display)
        terminal = Terminal("Ctrl-C ends", interrupt_soon)
        rehearse(Options(port=0, folder=tmp_path, open_page=True), Console(file=terminal, width=200))
    assert len(opened) == 1


def interrupt_soon() -> None:
    asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
