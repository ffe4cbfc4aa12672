"""The rehearsal's page in headless Chromium, and the bot by plain HTTP behind it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Locator, Page, Request, async_playwright

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.command import PAGE
from bot.rehearsal.control import BotProcess
from bot.rehearsal.school import School, build_world, load_school
from bot.rehearsal.server import serve
from bot.rehearsal.world import World

TOKEN = "7000000001:page-token"
WIDE, PHONE = (1440, 900), (420, 800)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Screen:
    """The page, and the world behind it."""

    page: Page
    url: str
    world: World
    school: School
    http: httpx.AsyncClient
    hosts: set[str] = field(default_factory=set)
    mistakes: list[str] = field(default_factory=list)

    @property
    def group(self) -> int:
        """The class group."""
        return next(chat.id for chat in self.world.chats.values() if chat.title == self.school.title)

    def id_of(self, name: str) -> int:
        """Somebody's account."""
        return self.school.id_of(name)

    async def be(self, name: str, chat: int | None = None) -> None:
        """Choose a person, and perhaps open one of their chats."""
        await self.page.locator(f'[data-key="person-{self.id_of(name)}"]').click()
        await self.page.locator(f'.phone[aria-label="The phone of {name}"]').wait_for()
        if chat is not None:
            await self.page.locator(f'[data-key="chat-{chat}"]').click()
            await self.page.locator(".thread").wait_for()

    async def write(self, text: str) -> None:
        """Write in the chat that is open."""
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")

    def bubble(self, text: str) -> Locator:
        """The message with these words."""
        return self.page.locator(".message", has_text=text)

    async def menu(self, text: str, choice: str) -> None:
        """Choose something from the menu of a message."""
        await self.bubble(text).hover()
        await self.bubble(text).locator(".more").click()
        await self.page.get_by_role("dialog").get_by_role("button", name=choice, exact=False).first.click()

    async def act(self, name: str, do: str, **about: Any) -> Any:
        """Somebody else does something, not on this page."""
        answer = await self.http.post(f"{self.url}/control/act", json={"as": self.id_of(name), "do": do, **about})
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def bot(self, method: str, **about: Any) -> Any:
        """The bot calls Telegram."""
        answer = await self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=about)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def add_bot(self) -> None:
        """The class rep adds the bot and makes it an administrator."""
        await self.act("Becky Lowe", "add_bot", chat=self.group)
        await self.act("Becky Lowe", "promote", chat=self.group, user=self.world.bot.id, rights="all")

    async def shows(self, text: str) -> None:
        """Wait until the page shows these words."""
        await self.page.get_by_text(text).first.wait_for()


@asynccontextmanager
async def open_screen(
    folder: Path, *, size: tuple[int, int] = WIDE, process: BotProcess | None = None, letters: bool = True
) -> AsyncIterator[Screen]:
    """The page of the sample school, without the bot's process unless one is given. Fails on a script's mistake."""
    school = load_school()
    world = build_world(school, RehearsalClock(folder / "clock"))
    if letters:
        for account in school.accounts[:-1]:
            world.people[account.id].letter = f"https://t.me/{world.bot.username}?start=code{account.id}"
    serving = await serve(world, clock=world.clock, token=TOKEN, process=process, page=PAGE)
    try:
        async with shown(serving.url, world, size) as screen:
            yield screen
    finally:
        await serving.close()


@asynccontextmanager
async def shown(url: str, world: World, size: tuple[int, int] = WIDE) -> AsyncIterator[Screen]:
    """The page of a rehearsal that is under way."""
    async with _page(size) as page, httpx.AsyncClient(timeout=20, trust_env=False) as http:
        screen = Screen(page, url, world, load_school(), http)
        _listen(page, screen)
        await page.goto(f"{url}/")
        await page.locator(".phone").wait_for()
        yield screen
        assert not screen.mistakes


@asynccontextmanager
async def _page(size: tuple[int, int]) -> AsyncIterator[Page]:
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.set_default_timeout(10_000)
        try:
            yield page
        finally:
            await browser.close()


def _listen(page: Page, screen: Screen) -> None:
    def asked(request: Request) -> None:
        screen.hosts.add(request.url.split("/")[2])

    page.on("request", asked)
    page.on("pageerror", lambda error: screen.mistakes.append(str(error)))
