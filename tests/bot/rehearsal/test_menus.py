"""The commands that a person is offered: those of the narrowest scope that fits."""

import pytest

from bot.rehearsal.menus import menu
from bot.rehearsal.methods.me import set_my_commands
from bot.rehearsal.world import Chat, Json, Member, World

ADMIN, PARENT = 101, 102


@pytest.fixture
def group(world: World) -> Chat:
    for person in (ADMIN, PARENT):
        world.add_person(person, f"Person {person}")
    chat = world.new_chat("supergroup", "Willow")
    chat.members = {ADMIN: Member("creator"), PARENT: Member("member")}
    return chat


def offer(world: World, name: str, **scope: Json | int | str) -> None:
    set_my_commands(world, {"commands": [{"command": name, "description": name}], "scope": scope})


def offered(world: World, chat: Chat, user: int) -> list[str]:
    return [str(command["command"]) for command in menu(world, chat, user)]


def test_nothing_is_offered_before_the_bot_sets_commands(world: World, group: Chat) -> None:
    assert offered(world, group, PARENT) == []


def test_a_private_chat_shows_its_own_commands_before_those_of_all(world: World, group: Chat) -> None:
    offer(world, "everywhere", type="default")
    assert offered(world, world.private(PARENT), PARENT) == ["everywhere"]
    offer(world, "privately", type="all_private_chats")
    assert offered(world, world.private(PARENT), PARENT) == ["privately"]
    offer(world, "yours", type="chat", chat_id=PARENT)
    assert offered(world, world.private(PARENT), PARENT) == ["yours"]
    assert offered(world, world.private(ADMIN), ADMIN) == ["privately"]
    assert offered(world, group, PARENT) == ["everywhere"]


def test_in_a_group_administrators_are_offered_theirs(world: World, group: Chat) -> None:
    offer(world, "members", type="all_group_chats")
    offer(world, "admins", type="all_chat_administrators")
    assert offered(world, group, PARENT) == ["members"]
    assert offered(world, group, ADMIN) == ["admins"]
    offer(world, "here", type="chat_administrators", chat_id=group.id)
    assert offered(world, group, ADMIN) == ["here"]
    offer(world, "you", type="chat_member", chat_id=group.id, user_id=ADMIN)
    assert offered(world, group, ADMIN) == ["you"]
