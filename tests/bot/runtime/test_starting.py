"""At each start: menus, and everybody asked again after a new version, once."""

from dataclasses import replace
from pathlib import Path

from bot.menu import offer_commands
from bot.runtime.starting import ask_again, at_start
from moderation.vocabulary import Role
from tests.support.counter import HEAD, PARENT, counter
from tests.support.scripted_telegram import Answer


async def test_a_new_version_is_asked_about_once_however_often_the_bot_starts(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await at_start(desk.services)
        await desk.bound(HEAD, Role.HEADTEACHER)
        await desk.bound(PARENT, Role.PARENT)
        await at_start(desk.services)
        assert await desk.effects() == []
        newer = replace(desk.services, code=replace(desk.services.code, version="2"))
        for _ in range(2):
            await ask_again(newer)
        assert await desk.told(PARENT) == ["code.ask"]
        assert await desk.told(HEAD) == []
        assert desk.services.inbox_ready.is_set()


async def test_menus_differ_by_place_and_role(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.bound(HEAD, Role.DEPUTY)
        await desk.bound(8, Role.CHAIR)
        await desk.bound(PARENT, Role.PARENT)
        await offer_commands(desk.services)
        menus = {
            call["scope"].get("chat_id", call["scope"]["type"]): [one["command"] for one in call["commands"]]
            for call in desk.telegram.named("setMyCommands")
        }
        assert menus["all_private_chats"] == ["help", "code", "consent", "withdraw"]
        assert menus[HEAD] == ["groups", "close", "reopen", "help", "code"]
        assert menus[8] == ["help", "code"]
        assert PARENT not in menus
        assert len(desk.telegram.named("deleteMyCommands")) == 1


async def test_a_menu_that_telegram_refuses_keeps_nobody_from_starting(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        desk.telegram.next("setMyCommands", Answer(code=400, description="Bad Request: no"))
        await at_start(desk.services)
        assert len(desk.telegram.named("setMyCommands")) == 1
