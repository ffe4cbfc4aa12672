"""A school's day, end to end: a rehearsal server, a school set up by the real command line, the bot as a process.

`async with journey(tmp_path) as day:` gives the world after set-up: nobody has opened their letter, and the
bot is running but in no group. Words are looked for by text key, so that editing config/texts.toml breaks nothing.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.school import FOLDER, School, build_world, load_school
from config.texts import Texts
from storage.crypto import MasterKey
from tests.support.rehearsal import Json, Rehearsal, chat_in, rehearsal
from tests.support.waiting import until_idle, until_polling

TEXTS = Texts()
HEAD, DSL, CHAIR = "Mrs Karen Dickinson", "Mr Paul Whitcombe", "Mrs Anita Desai"
OFFICE, TEACHER, REP = "Mrs Gill Hussain", "Mr James Okafor", "Becky Lowe"
PARENT, OTHER, THIRD, STRANGER = "Priya Nair", "Tom Bennett", "Femi Adeyemi", "Kev Marsh"
BOT_RIGHTS = ("can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages")


@dataclass(frozen=True)
class Setup:
    """A school that the command line has set up, to be copied for each test."""

    folder: Path
    links: Mapping[str, str]


@cache
def set_up(username: str) -> Setup:
    """Register the sample school and import its roster, once a test run."""
    folder = Path(tempfile.mkdtemp(prefix="schoolgate-setup-"))
    environment = _environment(folder, base_url="http://127.0.0.1:9/bot", token="7000000001:setup-token")
    MasterKey.generate_file(folder / "schoolgate.key")
    _command(folder, environment, "school", "add", "Oakfield Primary")
    printed = _command(
        folder, environment, "roster", "import", str(FOLDER / "roster.csv"), "--username", username, "--json"
    )
    links = {person["name"]: person["link"] for person in json.loads(printed)["people"]}
    return Setup(folder, links)


def _command(folder: Path, environment: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli.main", *words],
        check=False,
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment(folder: Path, *, base_url: str, token: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHOOLGATE_")}
    return {
        **kept,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONWARNINGS": "error",
        "SCHOOLGATE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'schoolgate.db'}",
        "SCHOOLGATE_KEY_FILE": str(folder / "schoolgate.key"),
        "SCHOOLGATE_TELEGRAM_TOKEN": token,
        "SCHOOLGATE_TELEGRAM_BASE_URL": base_url,
        "SCHOOLGATE_CLOCK": f"file:{folder / 'clock'}",
        "SCHOOLGATE_SWEEP_SECONDS": "0.3",
    }


def pattern(key: str, **values: str) -> re.Pattern[str]:
    """What a text looks like on a phone: its tags gone, every value that is not given matching anything."""
    holes = {name: values.get(name, "\0") for name in TEXTS.placeholders(key)}
    shown = re.sub(r"<[^>]+>", "", TEXTS.plain(key, **holes))
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.compile(".*?".join(re.escape(piece) for piece in shown.split("\0")), re.DOTALL)


@dataclass
class Day:
    """The world, the bot's process and the people, by name."""

    rehearsal: Rehearsal
    school: School
    folder: Path
    links: Mapping[str, str]
    group: int
    environment: dict[str, str]
    command: tuple[str, ...] = ("-m", "bot.cli.main", "run")
    process: asyncio.subprocess.Process | None = field(default=None)

    def id_of(self, name: str) -> int:
        """A person's Telegram account."""
        return self.school.id_of(name)

    async def start_bot(self, **extra: str) -> None:
        """Start the bot and wait until it polls."""
        log = (self.folder / "bot.log").open("ab")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, *self.command, cwd=self.folder, env={**self.environment, **extra}, stderr=log, stdout=log
        )
        log.close()
        await self.polling()

    async def polling(self) -> None:
        """Wait until the bot polls; fail with its log if it ends instead."""
        assert self.process is not None
        assert await until_polling(self.rehearsal.world, self.process), f"the bot ended:\n{self.log()[-3000:]}"

    async def stop_bot(self, how: int = signal.SIGTERM) -> int:
        """Stop the bot (SIGTERM; SIGKILL for a crash) and wait for its end; its exit status."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            async with asyncio.timeout(60):
                return await self.process.wait()
        except TimeoutError:
            self.process.kill()
            raise AssertionError(f"the bot did not stop.\n{self.log()[-3000:]}") from None

    async def ended(self) -> int:
        """Wait until the bot has ended by itself."""
        assert self.process is not None
        return await self.process.wait()

    def log(self) -> str:
        """What the bot has logged."""
        return (self.folder / "bot.log").read_text("utf-8", errors="replace")

    async def act(self, name: str, do: str, /, **kw: Any) -> Any:
        """What a person does."""
        return await self.rehearsal.act(self.id_of(name), do, **kw)

    async def say(self, name: str, text: str, **kw: Any) -> int:
        """Write in the class group; the message's id. The clock moves on first, so that consent is older."""
        await self.rehearsal.advance(2)
        return int((await self.act(name, "write", chat=self.group, text=text, **kw))["message"])

    async def write_privately(self, name: str, text: str) -> None:
        """Write to the bot in private."""
        await self.act(name, "write", chat=self.id_of(name), text=text)

    async def letters(self, name: str) -> list[Json]:
        """The messages in a person's private chat with the bot, oldest first; none before it is opened."""
        try:
            return await self.rehearsal.private_messages(self.id_of(name))
        except LookupError:
            return []

    async def told(self, name: str, key: str, *, timeout: float = 90, **values: str) -> Json:  # noqa: ASYNC109 - the server waits
        """Wait until the bot has told a person this text; the newest such message."""
        looks = pattern(key, **values)

        def newest(state: Json) -> Json | None:
            try:
                messages = chat_in(state, self.id_of(name))["messages"]
            except LookupError:
                return None
            fitting = [m for m in messages if m["from"]["is_bot"] and looks.search(m["text"] or "")]
            return dict(fitting[-1]) if fitting else None

        try:
            found: Json = await self.rehearsal.wait_until(newest, self.id_of(name), timeout=timeout)
        except TimeoutError:
            raise AssertionError(f"{name} was not told {key}.\n{self.log()[-3000:]}") from None
        return found

    async def not_told(self, name: str, key: str) -> None:
        """Make sure that a person has not been told this; call it only after `settled`."""
        assert not [m for m in await self.letters(name) if pattern(key).search(m["text"] or "")], key

    async def notice(self, key: str, *, by: str = REP, timeout: float = 90) -> Json:  # noqa: ASYNC109 - the server waits
        """Wait until the group shows this text; the newest such message, as `by` sees it."""
        looks = pattern(key)

        def newest(state: Json) -> Json | None:
            fitting = [m for m in chat_in(state, self.group)["messages"] if looks.search(m["text"] or "")]
            return dict(fitting[-1]) if fitting else None

        found: Json = await self.rehearsal.wait_until(newest, self.id_of(by), timeout=timeout)
        return found

    async def tap(self, name: str, label: str, *, timeout: float = 90) -> Json:  # noqa: ASYNC109 - the server waits
        """Wait for the newest private message with a button of this label (a text key) and press it; the answer."""
        query = await self.press(name, label, timeout=timeout)
        return await self.rehearsal.answer_to(self.id_of(name), query, timeout=timeout)

    async def press(self, name: str, label: str, *, timeout: float = 90) -> str:  # noqa: ASYNC109 - the server waits
        """The same without waiting for the bot's answer; the query's id."""
        looks = pattern(label)

        def offering(state: Json) -> tuple[int, str] | None:
            try:
                messages = chat_in(state, self.id_of(name))["messages"]
            except LookupError:
                return None
            for message in reversed(messages):
                for row in message.get("buttons") or []:
                    for button in row:
                        if looks.fullmatch(button["text"]):
                            return int(message["id"]), str(button["text"])
            return None

        try:
            message, shown = await self.rehearsal.wait_until(offering, self.id_of(name), timeout=timeout)
        except TimeoutError:
            raise AssertionError(f"{name} was offered no {label}.\n{self.log()[-3000:]}") from None
        return await self.rehearsal.press(self.id_of(name), self.id_of(name), message, shown)

    async def settled(self) -> None:
        """Wait until the bot has handled everything: its inbox and outbox hold nothing that is due."""
        await until_idle(self.folder / "schoolgate.db", self.rehearsal.world)

    async def enrol(self, *names: str) -> None:
        """Open the letters of these people."""
        for name in names:
            await self.act(name, "open", link=self.links[name])

    async def enrolled_parent(self, name: str, *, consent: bool | None = True) -> None:
        """A parent opens the letter, agrees to keep to the code, and answers the notice (None: leaves it open)."""
        await self.enrol(name)
        await self.tap(name, "code.agree")
        await self.told(name, "consent.ask")
        if consent is not None:
            await self.tap(name, "consent.yes" if consent else "consent.no")
            await self.told(name, "consent.given" if consent else "consent.declined")

    async def add_bot(self, rights: tuple[str, ...] = BOT_RIGHTS) -> None:
        """The class rep adds the bot to the group and makes it an admin."""
        await self.act(REP, "add_bot", chat=self.group)
        if rights:
            await self.act(
                REP, "promote", chat=self.group, user=self.rehearsal.world.bot.id, rights=dict.fromkeys(rights, True)
            )


@asynccontextmanager
async def journey(tmp_path: Path, *, start: bool = True) -> AsyncIterator[Day]:
    """A fresh day; the bot is stopped at its end."""
    school = load_school()
    folder = tmp_path / "bot"
    folder.mkdir()
    world = build_world(school, RehearsalClock(folder / "clock"))
    done = set_up(world.bot.username or "")
    shutil.copytree(done.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("clock"))
    async with rehearsal(folder, world) as server:
        environment = _environment(folder, base_url=server.base_url, token=server.token)
        group = next(chat.id for chat in world.chats.values() if chat.title == school.title)
        day = Day(server, school, folder, done.links, group, environment)
        try:
            if start:
                await day.start_bot()
            yield day
        finally:
            if day.process is not None and day.process.returncode is None:
                await day.stop_bot()
