"""The page's checklist and the bot's process: both follow what is so, not what was pressed."""

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="drives a browser")

from tests.support.screen import Screen, open_screen

pytestmark = pytest.mark.browser


class FakeProcess:
    """A process that starts and stops at a word."""

    def __init__(self) -> None:
        self.running = True
        self.exit_status: int | None = None

    async def start(self) -> None:
        self.running, self.exit_status = True, None

    async def stop(self) -> None:
        self.running, self.exit_status = False, 0


async def ticked(screen: Screen, count: int) -> None:
    await screen.page.locator(".day .count", has_text=f"{count} of 10").wait_for()


async def test_steps_are_ticked_by_what_happens_in_the_world_not_on_the_page(tmp_path: Path) -> None:
    async with open_screen(tmp_path) as screen:
        head, group = screen.id_of("Mrs Karen Dickinson"), screen.group
        await ticked(screen, 0)
        await screen.act("Mrs Karen Dickinson", "start", payload="x")
        await ticked(screen, 1)
        await screen.add_bot()
        await ticked(screen, 2)
        await screen.bot("sendMessage", chat_id=group, text="Hello")
        await ticked(screen, 3)
        await screen.act("Priya Nair", "write", chat=group, text="Wellies tomorrow")
        await ticked(screen, 4)
        keys = {"inline_keyboard": [[{"text": "No breach", "callback_data": "1"}]]}
        alert = await screen.bot("sendMessage", chat_id=head, text="Alert", protect_content=True, reply_markup=keys)
        await ticked(screen, 5)
        await screen.bot("editMessageText", chat_id=head, message_id=alert["message_id"], text="Decided")
        await ticked(screen, 6)
        await screen.bot("setChatPermissions", chat_id=group, permissions={"can_send_messages": False})
        await ticked(screen, 7)
        await screen.bot("setChatPermissions", chat_id=group, permissions={"can_send_messages": True})
        await ticked(screen, 8)


async def test_the_next_step_leads_to_the_person_who_takes_it(tmp_path: Path) -> None:
    async with open_screen(tmp_path) as screen:
        await screen.act("Mrs Karen Dickinson", "start", payload="x")
        await screen.page.get_by_role("button", name="Be Becky Lowe").click()
        await screen.page.locator('.phone[aria-label="The phone of Becky Lowe"] .thread').wait_for()


async def test_the_bots_process_is_stopped_and_started_and_its_exit_status_shown(tmp_path: Path) -> None:
    process = FakeProcess()
    async with open_screen(tmp_path, process=process) as screen:
        card = screen.page.locator(".process")
        await card.get_by_role("button", name="Stop").click()
        await card.get_by_text("Stopped, exit status 0").wait_for()
        assert not process.running
        await card.get_by_role("button", name="Start").click()
        await card.get_by_role("button", name="Stop").wait_for()
        assert process.running


async def test_without_the_bot_a_press_says_that_nobody_answers(tmp_path: Path) -> None:
    async with open_screen(tmp_path) as screen:
        head = screen.id_of("Mrs Karen Dickinson")
        await screen.act("Mrs Karen Dickinson", "start")
        keys = {"inline_keyboard": [[{"text": "Close it", "callback_data": "1"}]]}
        await screen.bot("sendMessage", chat_id=head, text="Well?", reply_markup=keys)
        await screen.be("Mrs Karen Dickinson", head)
        await screen.page.get_by_role("button", name="Close it").click()
        await screen.page.get_by_text("The bot has not answered. Is it running?").wait_for(timeout=15_000)
