"""What Telegram refuses a bot without the right: permissions, members, links, topics."""

from typing import Any

import pytest

from bot.rehearsal.permissions import ALL_PERMISSIONS, MEDIA
from tests.support.raw_bot import Town
from tests.support.rehearsal import RefusedAct, chat_in


async def test_closing_needs_the_right_to_restrict(town: Town) -> None:
    chat = await town.group(rights={"can_delete_messages": True})
    assert await town.bot.refused("setChatPermissions", chat_id=chat, permissions={}) == (
        "400 Bad Request: not enough rights to change chat permissions"
    )
    await town.server.act(town.head, "start")
    assert "only for groups" in await town.bot.refused("setChatPermissions", chat_id=town.head, permissions={})


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_closed_group_refuses_its_members_and_not_its_admins(town: Town, kind: str) -> None:
    chat = await town.group(kind)
    await town.bot.do("setChatPermissions", chat_id=chat, permissions={})
    with pytest.raises(RefusedAct, match="only administrators can write"):
        await town.server.act(town.parent, "write", chat=chat, text="Hello")
    await town.server.act(town.head, "write", chat=chat, text="It is closed.")
    seen = chat_in(await town.server.state(town.parent), chat)
    assert seen["is_closed"]
    assert not seen["can"]["photo"]["ok"]
    await town.bot.do("setChatPermissions", chat_id=chat, permissions=ALL_PERMISSIONS)
    await town.server.act(town.parent, "write", chat=chat, text="Thank you")


@pytest.mark.parametrize(
    ("given", "independent", "on"),
    [
        ({"can_send_polls": True}, False, {"can_send_polls", "can_send_messages"}),
        ({"can_send_polls": True}, True, {"can_send_polls"}),
        ({"can_send_photos": True}, False, {"can_send_photos", "can_send_messages"}),
        (
            {"can_send_other_messages": True},
            False,
            {"can_send_other_messages", "can_send_messages", *MEDIA},
        ),
        ({"can_send_other_messages": True}, True, {"can_send_other_messages"}),
    ],
)
async def test_permissions_imply_each_other_unless_they_are_independent(
    town: Town, given: dict[str, bool], independent: bool, on: set[str]
) -> None:
    chat = await town.group()
    how: dict[str, Any] = {"use_independent_chat_permissions": True} if independent else {}
    await town.bot.do("setChatPermissions", chat_id=chat, permissions=given, **how)
    now = (await town.bot.do("getChat", chat_id=chat))["permissions"]
    assert {name for name, value in now.items() if value} == on


async def test_restricting_is_for_supergroups_and_needs_the_right(town: Town) -> None:
    basic = await town.group("group")
    who = {"user_id": town.parent, "permissions": {}}
    assert await town.bot.refused("restrictChatMember", chat_id=basic, **who) == (
        "400 Bad Request: method is available for supergroup and channel chats only"
    )
    weak = await town.group(rights={"can_pin_messages": True})
    assert await town.bot.refused("restrictChatMember", chat_id=weak, **who) == (
        "400 Bad Request: not enough rights to restrict/unrestrict chat member"
    )


async def test_a_restricted_member_cannot_write_until_the_time_is_up(town: Town) -> None:
    chat = await town.group()
    until = town.server.world.clock.timestamp() + 3600
    who = {"chat_id": chat, "user_id": town.parent}
    await town.bot.do("restrictChatMember", **who, permissions={}, until_date=until)
    with pytest.raises(RefusedAct, match="restricted you"):
        await town.server.act(town.parent, "write", chat=chat, text="Hello")
    assert (await town.bot.do("getChatMember", **who))["status"] == "restricted"
    await town.server.advance(3601)
    await town.server.act(town.parent, "write", chat=chat, text="Hello")
    assert (await town.bot.do("getChatMember", **who))["status"] == "member"


async def test_a_restriction_outlives_leaving_and_coming_back(town: Town) -> None:
    chat = await town.group()
    who = {"chat_id": chat, "user_id": town.parent}
    await town.bot.do("restrictChatMember", **who, permissions={})
    await town.server.act(town.parent, "leave", chat=chat)
    assert (await town.bot.do("getChatMember", **who))["is_member"] is False
    await town.server.act(town.parent, "join", chat=chat)
    assert (await town.bot.do("getChatMember", **who))["is_member"] is True
    await town.bot.do("restrictChatMember", **who, permissions=ALL_PERMISSIONS)
    assert (await town.bot.do("getChatMember", **who))["status"] == "member"


@pytest.mark.parametrize("method", ["restrictChatMember", "banChatMember", "unbanChatMember"])
async def test_administrators_and_the_owner_are_out_of_the_bots_reach(town: Town, method: str) -> None:
    chat = await town.group()
    await town.server.act(town.head, "promote", chat=chat, user=town.other, rights={})
    extra: dict[str, Any] = {"permissions": {}} if method == "restrictChatMember" else {}
    assert "user is an administrator" in await town.bot.refused(method, chat_id=chat, user_id=town.other, **extra)
    assert "can't remove chat owner" in await town.bot.refused(method, chat_id=chat, user_id=town.head, **extra)
    assert "PARTICIPANT_ID_INVALID" in await town.bot.refused(method, chat_id=chat, user_id=5, **extra)


async def test_who_is_banned_cannot_come_back_by_a_link(town: Town) -> None:
    chat = await town.group()
    number = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    await town.bot.do("pinChatMessage", chat_id=chat, message_id=number)
    await town.bot.do("banChatMember", chat_id=chat, user_id=town.parent, revoke_messages=True)
    assert number not in town.server.world.chats[chat].posts
    assert "pinned_message" not in await town.bot.do("getChat", chat_id=chat)
    with pytest.raises(RefusedAct, match="cannot come back"):
        await town.server.act(town.parent, "join", chat=chat)
    await town.bot.do("unbanChatMember", chat_id=chat, user_id=town.parent, only_if_banned=True)
    assert (await town.server.act(town.parent, "join", chat=chat))["joined"]


async def test_unbanning_a_member_removes_them_unless_only_if_banned(town: Town) -> None:
    chat = await town.group()
    who = {"chat_id": chat, "user_id": town.parent}
    await town.bot.do("unbanChatMember", **who, only_if_banned=True)
    assert (await town.bot.do("getChatMember", **who))["status"] == "member"
    await town.bot.do("unbanChatMember", **who)
    assert (await town.bot.do("getChatMember", **who))["status"] == "left"


async def test_members_are_counted_and_administrators_listed(town: Town) -> None:
    chat = await town.group()
    assert await town.bot.do("getChatMemberCount", chat_id=chat) == 4
    admins = await town.bot.do("getChatAdministrators", chat_id=chat)
    assert [a["user"]["id"] for a in admins] == [town.head, town.bot.id]
    await town.server.act(town.head, "start")
    assert await town.bot.do("getChatMemberCount", chat_id=town.head) == 2
    assert "no administrators" in await town.bot.refused("getChatAdministrators", chat_id=town.head)
    assert "can't be changed in private" in await town.bot.refused("leaveChat", chat_id=town.head)


async def test_the_bot_leaves_and_is_out(town: Town) -> None:
    chat = await town.group()
    await town.bot.do("leaveChat", chat_id=chat)
    assert await town.bot.kinds() == ["my_chat_member"]
    assert "not a member" in await town.bot.refused("getChat", chat_id=chat)
    assert "left the group" in (await town.server.group_messages(town.head, chat))[-1]["service"]


async def test_topics_need_the_right_and_a_forum(town: Town) -> None:
    weak = await town.group(rights={"can_pin_messages": True}, forum=True)
    assert await town.bot.refused("closeGeneralForumTopic", chat_id=weak) == (
        "400 Bad Request: not enough rights to manage topics"
    )
    plain = await town.group()
    assert await town.bot.refused("closeGeneralForumTopic", chat_id=plain) == (
        "400 Bad Request: the chat is not a forum"
    )


async def test_a_closed_topic_takes_no_messages_from_members(town: Town) -> None:
    chat = await town.group(forum=True)
    topic = (await town.server.act(town.head, "create_topic", chat=chat, name="Trips"))["topic"]
    assert (await town.server.group_messages(town.parent, chat))[-1]["service"].endswith("topic “Trips”")
    created = (await town.bot.updates())[0]["message"]
    assert created["message_thread_id"] == created["message_id"] == topic
    await town.server.act(town.parent, "write", chat=chat, topic=topic, text="When?")
    await town.bot.do("closeForumTopic", chat_id=chat, message_thread_id=topic)
    with pytest.raises(RefusedAct, match="topic is closed"):
        await town.server.act(town.parent, "write", chat=chat, topic=topic, text="When?")
    again = {"chat_id": chat, "message_thread_id": topic}
    assert "TOPIC_NOT_MODIFIED" in await town.bot.refused("closeForumTopic", **again)
    await town.bot.do("sendMessage", **again, text="Closed for now")
    await town.server.act(town.head, "promote", chat=chat, user=town.bot.id, rights={})
    assert "TOPIC_CLOSED" in await town.bot.refused("sendMessage", **again, text="x")
    await town.server.act(town.head, "promote", chat=chat, user=town.bot.id, rights="all")
    await town.bot.do("reopenForumTopic", **again)
    await town.server.act(town.parent, "write", chat=chat, topic=topic, text="When?")
    assert "message thread not found" in await town.bot.refused(
        "sendMessage", chat_id=chat, message_thread_id=999, text="x"
    )
    assert "message thread not found" in await town.bot.refused("closeForumTopic", chat_id=chat, message_thread_id=999)


async def test_the_general_topic_closes_and_opens(town: Town) -> None:
    chat = await town.group(forum=True)
    await town.bot.do("closeGeneralForumTopic", chat_id=chat)
    assert town.server.world.chats[chat].topics[1].closed
    await town.bot.do("reopenGeneralForumTopic", chat_id=chat)
    seen = (await town.server.group_messages(town.parent, chat))[-2:]
    assert [m["service"] for m in seen] == ["Schoolgate closed the topic", "Schoolgate reopened the topic"]
