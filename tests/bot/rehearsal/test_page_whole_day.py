"""A school's day with the real bot, walked by hand in the page. With SCHOOLGATE_SCREENSHOT=PATH it is also pictured."""

import io
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

pytest.importorskip("playwright", reason="drives a browser")

from bot.rehearsal.command import Options, beginning
from config.texts import Texts
from tests.support.screen import Screen, shown

pytestmark = pytest.mark.browser

TEXTS = Texts()
HEAD, REP, PARENT, NEWCOMER = "Mrs Karen Dickinson", "Becky Lowe", "Daniel Price", "Ewa Kowalska"
#: The real bot shares this machine with a browser.
PATIENCE_MS = 60_000


def seconds_until_the_school_run(now: datetime) -> float:
    """From `now` to the next 8.25 on a weekday, in London."""
    there = now.astimezone(ZoneInfo("Europe/London"))
    morning = there.replace(hour=8, minute=25, second=0)
    while morning <= there or morning.weekday() > 4:
        morning += timedelta(days=1)
    return (morning - there).total_seconds()


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    quiet = Console(file=io.StringIO())
    async with beginning(Options(port=0, folder=tmp_path, open_page=False), quiet) as rehearsal:
        rehearsal.world.clock.advance(seconds_until_the_school_run(rehearsal.world.clock.now()))
        async with shown(rehearsal.url, rehearsal.world) as opened:
            opened.page.set_default_timeout(PATIENCE_MS)
            yield opened


async def open_letter(screen: Screen, name: str) -> None:
    await screen.be(name)
    await screen.page.get_by_role("button", name="Open my letter").click()


async def press(screen: Screen, text: str) -> None:
    """Press the newest button with this label, given by the key of its text."""
    await screen.page.locator(".key", has_text=TEXTS.plain(text)).last.click()


async def step_done(screen: Screen, title: str) -> None:
    await screen.page.locator(".step.done", has_text=title).wait_for()


async def test_a_school_lives_through_its_day_from_the_first_letter_to_the_reopened_group(screen: Screen) -> None:
    head = screen.id_of(HEAD)
    await prepare(screen)
    await chat(screen)
    await screen.be(HEAD, head)
    await screen.page.locator(".key", has_text=TEXTS.plain("decide.close_group")).wait_for()
    await step_done(screen, "A parent crosses a line")
    await picture(screen)

    await press(screen, "decide.close_group")
    await press(screen, "decide.confirm")
    await press(screen, "reasons.close_group.calm.label")
    await step_done(screen, "The group is closed")
    await step_done(screen, "The headteacher reads the alert and decides")
    await screen.be(PARENT, screen.group)
    await screen.page.locator(".composer.barred").wait_for()

    await screen.be(HEAD, head)
    await screen.write("/reopen")
    await screen.page.locator(".key", has_text=screen.school.title).last.click()
    await step_done(screen, "The group is reopened")
    await screen.be(PARENT, screen.group)
    await screen.page.get_by_role("textbox", name="Message").wait_for()
    assert await screen.page.locator(".day .count").inner_text() == "10 of 10"


async def prepare(screen: Screen) -> None:
    """The letters, the bot in the group, its approval, consent, and somebody who joins."""
    await open_letter(screen, HEAD)
    await step_done(screen, "The headteacher opens her letter")
    await screen.be(REP, screen.group)
    await screen.page.get_by_role("button", name="About this chat").first.click()
    await screen.page.get_by_role("button", name="Add the bot").click()
    await screen.page.get_by_role("button", name="Make the bot an administrator").click()
    await screen.page.get_by_role("button", name="Make it an administrator").click()
    await step_done(screen, "The class rep adds the bot")
    await screen.page.get_by_role("button", name="Hand it to somebody").first.click()
    await screen.page.get_by_role("dialog").get_by_role("button", name=NEWCOMER).click()
    await step_done(screen, "Another parent joins by the link")
    await screen.be(HEAD, screen.id_of(HEAD))
    await press(screen, "group.open_button")
    await step_done(screen, "The headteacher approves the group")
    await open_letter(screen, PARENT)
    await press(screen, "code.agree")
    await press(screen, "consent.yes")
    await step_done(screen, "A parent opens a letter and answers")


async def chat(screen: Screen) -> None:
    """Ordinary talk, and then what is not."""
    await screen.act(
        "Priya Nair", "write", chat=screen.group, text="Is it wellies or PE kit today? We are late already"
    )
    await screen.be(PARENT, screen.group)
    await screen.write("Wellies. Forest school first, PE has moved to Friday")
    await step_done(screen, "Parents chat")
    await screen.write("Mr Okafor is a useless idiot, what a joke of a teacher")


async def picture(screen: Screen) -> None:
    path = os.environ.get("SCHOOLGATE_SCREENSHOT")
    if path:
        await screen.page.mouse.move(700, 30)
        await screen.page.locator(".toast:not(.shown)").wait_for(state="attached")
        await screen.page.screenshot(path=path)
