"""The check of a group names exactly what is missing there."""

from typing import Any

import pytest
from telegram import ChatFullInfo, ChatMember, ChatMemberLeft, ChatMemberMember

from bot.doctor.findings import State
from bot.doctor.groups import RIGHTS, TOPIC_RIGHTS, GroupSeen, check_group
from moderation.records import Group, GroupStatus
from moderation.usecases import rights
from tests.support.telegram_objects import BOT, admin

GROUP = Group("g", "s", -100123, "Willow (Year 3)", GroupStatus.SANCTIONED)


def chat(kind: str = "supergroup", **more: Any) -> ChatFullInfo:
    return ChatFullInfo(-100123, kind, accent_color_id=1, max_reaction_count=1, accepted_gift_types=None, **more)  # type: ignore[arg-type]  # gifts do not matter here


def test_the_rights_are_those_that_the_bot_itself_asks_for() -> None:
    assert {*RIGHTS, *TOPIC_RIGHTS} == set(rights.RIGHTS)


def test_a_supergroup_with_every_right_is_fine() -> None:
    assert check_group(GroupSeen(GROUP, chat(), admin("can_manage_topics"))).state is State.FINE


@pytest.mark.parametrize("right", RIGHTS)
def test_a_missing_right_is_named_with_where_to_switch_it_on(right: str) -> None:
    found = check_group(GroupSeen(GROUP, chat(), admin(right)))
    assert found.state is State.WRONG
    assert found.text == f"The bot lacks rights: {right}."
    assert RIGHTS[right] in found.remedy
    assert found.check == "group Willow (Year 3)"


def test_in_a_group_with_topics_managing_them_is_needed_too() -> None:
    found = check_group(GroupSeen(GROUP, chat(is_forum=True), admin("can_manage_topics")))
    assert found.text == "The bot lacks rights: can_manage_topics."


def test_a_bot_that_is_no_admin_is_wrong() -> None:
    found = check_group(GroupSeen(GROUP, chat(), ChatMemberMember(BOT)))
    assert found.state is State.WRONG
    assert "Delete messages" in found.remedy


@pytest.mark.parametrize("member", [ChatMemberLeft(BOT), None])
def test_a_bot_that_is_not_in_the_group_is_wrong(member: ChatMember | None) -> None:
    found = check_group(GroupSeen(GROUP, chat(), member))
    assert found.state is State.WRONG
    assert "not in this group" in found.text


def test_a_basic_group_is_wrong() -> None:
    found = check_group(GroupSeen(GROUP, chat("group"), admin()))
    assert found.state is State.WRONG
    assert "supergroup" in found.text
