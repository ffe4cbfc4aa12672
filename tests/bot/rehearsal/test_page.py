"""The page: being anybody, seeing what they see, and being told what Telegram refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="drives a browser")

from tests.support.screen import PHONE, Screen, open_screen

pytestmark = pytest.mark.browser


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    async with open_screen(tmp_path) as opened:
        yield opened


async def test_one_can_be_everybody_of_the_school_and_the_stranger(screen: Screen) -> None:
    names = await screen.page.locator(".person strong").all_inner_texts()
    assert sorted(names) == sorted(account.name for account in screen.school.accounts)
    await screen.be("Daniel Price")
    assert await screen.page.locator('.person[aria-pressed="true"] strong').inner_text() == "Daniel Price"


async def test_a_person_sees_only_their_own_chats(screen: Screen) -> None:
    await screen.be("Kev Marsh")
    assert await screen.page.locator(".chat-row").count() == 1
    await screen.be("Priya Nair")
    assert await screen.page.locator(".chat-row").count() == 2


async def test_a_letter_is_opened_with_one_press_and_then_it_is_gone(screen: Screen) -> None:
    await screen.be("Daniel Price")
    await screen.page.get_by_role("button", name="Open my letter").click()
    await screen.shows(f"/start code{screen.id_of('Daniel Price')}")
    await screen.page.get_by_role("button", name="Back to the chats").click()
    await screen.page.locator(".chat-list").wait_for()
    assert await screen.page.get_by_role("button", name="Open my letter").count() == 0


async def test_the_stranger_has_no_letter(screen: Screen) -> None:
    await screen.be("Kev Marsh")
    assert await screen.page.get_by_role("button", name="Open my letter").count() == 0


async def test_pressing_a_button_of_the_bots_shows_its_answer(screen: Screen) -> None:
    head = screen.id_of("Mrs Karen Dickinson")
    await screen.act("Mrs Karen Dickinson", "start")
    keys = {"inline_keyboard": [[{"text": "Yes, it is ours", "callback_data": "yes"}]]}
    await screen.bot("sendMessage", chat_id=head, text="Is this your group?", reply_markup=keys)
    await screen.be("Mrs Karen Dickinson", head)
    await screen.page.get_by_role("button", name="Yes, it is ours").click()
    await screen.page.locator(".key.waiting").wait_for()
    pressed = screen.world.updates.pending[-1]["callback_query"]
    await screen.bot("answerCallbackQuery", callback_query_id=pressed["id"], text="Thank you, noted.", show_alert=True)
    dialog = screen.page.get_by_role("dialog")
    await dialog.get_by_text("Thank you, noted.").wait_for()
    await dialog.get_by_role("button", name="OK").click()
    await dialog.wait_for(state="detached")


async def test_what_the_bot_wrote_is_formatted_and_its_links_stay_in_the_rehearsal(screen: Screen) -> None:
    head = screen.id_of("Mrs Karen Dickinson")
    await screen.act("Mrs Karen Dickinson", "start")
    text = '<b>Bold words</b> and <a href="https://oakfield.example/privacy">the notice</a>'
    await screen.bot("sendMessage", chat_id=head, text=text, parse_mode="HTML")
    await screen.be("Mrs Karen Dickinson", head)
    assert await screen.page.locator(".words b").inner_text() == "Bold words"
    await screen.page.get_by_role("button", name="the notice").click()
    await screen.shows("In the rehearsal no link leads outside.")
    assert screen.page.url.startswith(screen.url)


async def test_a_protected_message_cannot_be_forwarded(screen: Screen) -> None:
    head = screen.id_of("Mrs Karen Dickinson")
    await screen.act("Mrs Karen Dickinson", "start")
    await screen.bot("sendMessage", chat_id=head, text="For your eyes", protect_content=True)
    await screen.be("Mrs Karen Dickinson", head)
    await screen.menu("For your eyes", "Forward")
    await screen.page.get_by_role("dialog").get_by_role("button", name="Schoolgate (the bot)").click()
    await screen.shows("This message is protected: it cannot be forwarded or saved.")


async def test_the_clock_is_moved_by_a_day(screen: Screen) -> None:
    await screen.page.get_by_role("button", name="+1 day").click()
    await screen.shows("1 day ahead of real time")
    assert screen.world.clock.offset == 86_400


async def test_the_page_asks_nothing_of_any_other_computer(screen: Screen) -> None:
    await screen.be("Priya Nair", screen.group)
    assert screen.hosts == {screen.url.removeprefix("http://")}


async def test_a_script_in_a_message_stays_text(screen: Screen) -> None:
    wicked = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    await screen.act("Tom Bennett", "write", chat=screen.group, text=wicked)
    await screen.be("Priya Nair", screen.group)
    await screen.shows(wicked)
    assert await screen.page.title() == "Schoolgate rehearsal"
    assert await screen.page.locator(".words img, .words script").count() == 0


async def test_a_small_screen_shows_one_part_at_a_time_and_nothing_beside_it(tmp_path: Path) -> None:
    async with open_screen(tmp_path, size=PHONE) as small:
        assert await small.page.locator(".people").is_hidden()
        await small.page.get_by_role("button", name="People").click()
        await small.be("Priya Nair", small.group)
        await small.page.get_by_role("button", name="The day").click()
        await small.page.get_by_role("heading", name="A school's day").wait_for()
        width = await small.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE[0]
