"""The page in a class group: writing, answering, editing, and what its administrators do."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="drives a browser")

from playwright.async_api import TimeoutError as NotYet

from tests.support.screen import Screen, open_screen

pytestmark = pytest.mark.browser


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    async with open_screen(tmp_path) as opened:
        yield opened


async def test_what_one_person_writes_the_others_read(screen: Screen) -> None:
    await screen.be("Tom Bennett", screen.group)
    await screen.write("Has anybody seen a blue lunchbox?")
    await screen.bubble("blue lunchbox").wait_for()
    assert await screen.page.locator('.person:has-text("Priya Nair") .badge').count() == 1
    await screen.be("Priya Nair", screen.group)
    await screen.bubble("blue lunchbox").wait_for()
    assert await screen.bubble("blue lunchbox").locator(".sender").inner_text() == "Tom Bennett"


async def test_a_draft_and_the_focus_outlast_a_change_of_the_world(screen: Screen) -> None:
    await screen.be("Daniel Price", screen.group)
    box = screen.page.get_by_role("textbox", name="Message")
    await box.fill("half a sent")
    await screen.act("Priya Nair", "write", chat=screen.group, text="Something new")
    await screen.bubble("Something new").wait_for()
    await screen.page.keyboard.type("ence")
    assert await box.input_value() == "half a sentence"


async def test_an_answer_quotes_the_message_and_an_edit_is_marked(screen: Screen) -> None:
    await screen.be("Daniel Price", screen.group)
    await screen.menu("green or the blue", "Reply")
    await screen.write("It is green, promise")
    await screen.bubble("It is green, promise").locator(".snippet", has_text="Priya Nair").wait_for()
    await screen.menu("It is green, promise", "Edit")
    await screen.write("It is blue, sorry")
    await screen.bubble("It is blue, sorry").get_by_text("edited").wait_for()


async def test_words_are_quoted_and_a_message_is_forwarded(screen: Screen) -> None:
    await screen.be("Daniel Price", screen.group)
    await screen.menu("green or the blue", "Forward")
    await screen.page.get_by_role("dialog").get_by_role("button", name=screen.school.title).click()
    await screen.bubble("Forwarded from Priya Nair").wait_for()
    await screen.menu("Forwarded from Priya Nair", "Reply to a part")
    await screen.write("Which of the two, then?")
    await screen.bubble("Which of the two, then?").locator(".snippet", has_text="“").wait_for()


async def test_a_photo_and_a_poll_are_sent(screen: Screen) -> None:
    await screen.be("Daniel Price", screen.group)
    await screen.page.get_by_role("button", name="Attach").click()
    await screen.page.get_by_role("dialog").get_by_role("button", name="Photo").click()
    await screen.page.get_by_label("Caption").fill("The lunchbox in question")
    await screen.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    picture = screen.bubble("The lunchbox in question").locator("img.photo")
    await picture.wait_for()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    await screen.page.get_by_role("button", name="Attach").click()
    await screen.page.get_by_role("dialog").get_by_role("button", name="Poll").click()
    await screen.page.get_by_label("Question").fill("Whose is it?")
    await screen.page.get_by_label("Options, one a line").fill("Mine\nNot mine")
    await screen.page.get_by_role("button", name="Send the poll").click()
    await screen.bubble("Whose is it?").get_by_text("Not mine").wait_for()


async def test_the_class_rep_adds_the_bot_and_chooses_its_rights(screen: Screen) -> None:
    await screen.be("Becky Lowe", screen.group)
    await screen.page.get_by_role("button", name="About this chat").first.click()
    await screen.page.get_by_role("button", name="Add the bot").click()
    await screen.page.get_by_role("button", name="Make the bot an administrator").click()
    await screen.page.get_by_label("Pin messages").uncheck()
    await screen.page.get_by_role("button", name="Make it an administrator").click()
    await screen.page.get_by_role("button", name="Change the bot's rights").wait_for()
    rights = screen.world.chats[screen.group].members[screen.world.bot.id].rights
    assert rights["can_restrict_members"]
    assert not rights["can_pin_messages"]
    await screen.page.locator(".allows .no", has_text="Pin messages").wait_for()


async def test_a_member_is_told_that_the_bot_cannot_be_added(screen: Screen) -> None:
    await screen.act("Becky Lowe", "set_permissions", chat=screen.group, permissions={"can_invite_users": False})
    await screen.be("Priya Nair", screen.group)
    about = screen.page.get_by_role("button", name="About this chat").first
    offered = screen.page.get_by_role("button", name="Add the bot")
    # The page may draw the chat anew just as it is pressed; a person would press again.
    for _ in range(5):
        await about.click()
        with suppress(NotYet):
            await offered.wait_for(timeout=3000)
            break
    await offered.click()
    await screen.shows("Members may not invite people here.")


async def test_in_a_closed_group_a_member_reads_why_they_cannot_write(screen: Screen) -> None:
    await screen.be("Priya Nair", screen.group)
    closed = dict.fromkeys(screen.world.chats[screen.group].permissions, False)
    await screen.act("Becky Lowe", "set_permissions", chat=screen.group, permissions=closed)
    await screen.page.locator(".composer.barred", has_text="This group is closed").wait_for()
    assert await screen.page.get_by_role("textbox", name="Message").count() == 0
    await screen.be("Becky Lowe", screen.group)
    assert await screen.page.get_by_role("textbox", name="Message").count() == 1


async def test_a_link_that_is_handed_to_somebody_makes_a_request_where_members_are_approved(screen: Screen) -> None:
    await screen.be("Becky Lowe", screen.group)
    await screen.page.get_by_role("button", name="About this chat").first.click()
    await screen.page.get_by_role("button", name="Approve new members first").click()
    await screen.page.get_by_role("button", name="Hand it to somebody").click()
    await screen.page.get_by_role("dialog").get_by_role("button", name="Kev Marsh").click()
    await screen.page.locator(".composer.barred", has_text="Your request to join is waiting.").wait_for()
    await screen.be("Becky Lowe", screen.group)
    await screen.page.get_by_role("button", name="About this chat").first.click()
    await screen.page.get_by_role("button", name="Let in").click()
    await screen.page.locator(".member", has_text="Kev Marsh").wait_for()


async def test_a_group_of_ones_own_is_made_with_approval_of_members(screen: Screen) -> None:
    await screen.be("Becky Lowe")
    await screen.page.get_by_role("button", name="New group").click()
    await screen.page.get_by_role("button", name="Make the group").click()
    await screen.page.get_by_role("heading", name="Oak (Year 5)").wait_for()
    made = next(chat for chat in screen.world.chats.values() if chat.title == "Oak (Year 5)")
    assert made.approve_new
    assert made.type == "supergroup"
