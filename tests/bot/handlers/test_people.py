"""In private, from the update to what is queued: codes, agreeing, choosing, and finding one's way."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from telegram import Update
from telegram.ext import CallbackContext

from bot.door.words import Grants, private_words
from bot.handlers import commands, joining, people
from moderation.records import Person
from moderation.vocabulary import Role
from tests.support.counter import HEAD, PARENT, STRANGER, Counter, counter


async def consents(desk: Counter, person: Person) -> bool:
    async with desk.services.transaction("look") as tx:
        version = desk.services.notice.version
        return bool(await tx.consents.standing(person.school_id, {person.telegram_id or 0}, version))


async def test_a_link_binds_and_asks_for_the_code_and_a_second_press_of_a_button_says_so(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        person, code = await desk.letter("Priya Nair", Role.PARENT)
        await desk.write(PARENT, f"/start {code}")
        assert await desk.told(PARENT) == ["welcome.parent", "code.ask"]
        assert await desk.tap(PARENT, "code.agree") == "Thank you."
        assert await desk.tap(PARENT, "consent.yes") != ""
        assert await desk.tap(PARENT, "consent.no") == desk.services.texts.plain("buttons.used")
        assert (await desk.told(PARENT))[2:] == ["code.agreed", "consent.ask", "consent.given"]
        async with desk.services.transaction("look") as tx:
            bound = await tx.people.get(person.id)
        assert await consents(desk, bound)


async def test_a_code_may_be_pasted_alone_and_a_head_gets_her_menu(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        _, code = await desk.letter("Mrs Karen Dickinson", Role.HEADTEACHER)
        await desk.group(mode=None)
        await desk.write(HEAD, code.upper().replace("-", " "))
        assert (await desk.told(HEAD))[0] == "welcome.headteacher"
        assert desk.telegram.named("setMyCommands")[-1]["scope"]["chat_id"] == HEAD
        await desk.write(STRANGER, code)
        assert await desk.told(STRANGER) == ["start.used"]


def test_a_sentence_of_twenty_eight_letters_is_no_code() -> None:
    sentence = "he apologised and was cross again"
    message = {"from": {"id": HEAD, "is_bot": False}, "text": sentence}
    assert len(sentence.replace(" ", "")) == 28
    assert private_words(message, Grants(asked=frozenset({HEAD}))) == {"text": sentence}
    assert private_words(message, Grants()) == {}


async def test_a_button_for_an_older_version_brings_the_new_one(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/code")
        old = desk.services
        desk.application.bot_data["services"] = replace(old, code=replace(old.code, version="2"))
        assert await desk.tap(PARENT, "code.agree") == old.texts.plain("code.out_of_date")
        assert await desk.told(PARENT) == ["code.ask", "code.ask_again"]


@pytest.mark.parametrize(
    "handler",
    [
        people.start,
        people.typed_code,
        commands.lost,
        commands.in_private(commands.show_help),
        commands.in_group(commands.show_help),
        joining.requested,
        joining.came_in,
    ],
)
async def test_an_update_that_is_nobodys_is_left_alone(handler: commands.Handler, tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await handler(Update(1), CallbackContext(desk.application))
        assert await desk.effects() == []


async def test_start_alone_greets_whom_it_knows_and_takes_them_back(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        person = await desk.bound(PARENT, Role.PARENT)
        async with desk.services.transaction("block") as tx:
            await tx.people.set_blocked(PARENT, blocked=True)
        await desk.write(PARENT, "/start")
        assert await desk.told(PARENT) == ["start.hello", "code.ask"]
        async with desk.services.transaction("look") as tx:
            assert not (await tx.people.get(person.id)).bot_blocked
        await desk.write(STRANGER, "/start")
        await desk.write(STRANGER, "/start join")
        assert await desk.told(STRANGER) == ["start.stranger", "start.join"]


async def test_agreeing_twice_by_two_messages_is_kindly_fine(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/code")
        await desk.write(PARENT, "/code")
        assert await desk.told(PARENT) == ["code.ask", "code.ask"]
        assert await desk.tap(PARENT, "code.agree") == desk.services.texts.plain("code.thanks")
        first = (await desk.queued(PARENT))[0].rows[0][0]
        await desk.arrive(
            callback_query={
                "id": "2",
                "from": {"id": PARENT, "is_bot": False, "first_name": "x"},
                "chat_instance": "",
                "data": f"h:{first.handle}",
            }
        )
        shown = desk.telegram.named("answerCallbackQuery")[-1]["text"]
        assert shown == desk.services.texts.plain("code.already")


async def test_consent_can_be_read_again_given_and_ended_from_its_page(tmp_path: Path) -> None:
    async with counter(tmp_path, controller="Oakfield Primary", data_protection_contact="dpo@oakfield.example") as desk:
        person = await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/consent")
        page = (await desk.queued(PARENT))[-1]
        assert page.text == "consent.where_unanswered"
        assert "dpo@oakfield.example" in page.values["controller"]
        await desk.tap(PARENT, "consent.read")
        await desk.tap(PARENT, "consent.yes")
        assert await consents(desk, person)
        await desk.write(PARENT, "/consent")
        await desk.tap(PARENT, "consent.withdraw")
        assert not await consents(desk, person)
        assert (await desk.told(PARENT))[-1] == "consent.withdrawn"


async def test_a_button_is_no_use_once_the_person_has_another_account(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        person = await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/consent")
        await desk.tap(PARENT, "consent.read")
        await desk.tap(PARENT, "consent.yes")
        await desk.write(PARENT, "/code")
        await desk.write(PARENT, "/consent")
        desk.clock.advance(minutes=1)
        await desk.tap(PARENT, "consent.read")
        before = await desk.told(PARENT)
        with closing(sqlite3.connect(tmp_path / "schoolgate.db", isolation_level=None)) as connection:
            connection.execute("UPDATE person SET telegram_id = 10 WHERE id = ?", (person.id,))
        not_yours = desk.services.texts.plain("buttons.not_yours")
        for label in ("code.agree", "consent.no", "consent.read", "consent.withdraw"):
            assert await desk.tap(PARENT, label) == not_yours
        assert await desk.told(PARENT) == before


async def test_everybody_gets_the_help_that_fits(tmp_path: Path) -> None:
    async with counter(tmp_path, office_contact="01632 960123") as desk:
        for account, roles, texts in (
            (10, (Role.DEPUTY,), ["help.headteacher"]),
            (11, (Role.CHAIR,), ["help.staff"]),
            (12, (Role.CLASS_REP, Role.PARENT), ["help.parent", "help.class_rep"]),
            (13, (Role.PARENT,), ["help.parent"]),
        ):
            await desk.bound(account, *roles)
            await desk.write(account, "/help")
            assert await desk.told(account) == texts
        await desk.write(STRANGER, "/help")
        assert "01632 960123" in (await desk.queued(STRANGER))[0].values["contact"]


async def test_a_stranger_may_read_the_code_and_has_nothing_to_withdraw(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        for command in ("/code", "/consent", "/withdraw"):
            await desk.write(STRANGER, command)
        assert await desk.told(STRANGER) == ["code.shown", "consent.stranger", "consent.stranger"]


async def test_what_is_not_understood_gets_the_short_list_once_a_minute(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.write(STRANGER, "/unknown")
        await desk.write(STRANGER, "hello?")
        assert await desk.told(STRANGER) == ["help.stranger"]
        desk.clock.advance(minutes=1)
        await desk.write(STRANGER, "hello?")
        assert await desk.told(STRANGER) == ["help.stranger", "help.stranger"]


async def test_one_account_may_be_a_parent_of_two_schools(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.bound(PARENT, Role.PARENT)
        async with desk.services.transaction("school") as tx:
            elm = await tx.schools.add("Elm Park Primary")
        _, code = await desk.letter("Priya N.", Role.PARENT, school_id=elm.id)
        await desk.write(PARENT, f"/start {code}")
        await desk.write(PARENT, "/withdraw")
        assert (await desk.told(PARENT))[-2:] == ["consent.nothing_to_withdraw"] * 2
