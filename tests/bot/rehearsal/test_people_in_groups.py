"""What Telegram refuses people who run a group, what makes no sense, and what they see."""

from typing import Any

import pytest

from tests.support.raw_bot import Town
from tests.support.rehearsal import RefusedAct, chat_in


async def test_an_admin_without_a_right_is_told_so(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "promote", chat=chat, user=town.other, rights={"can_pin_messages": True})
    for do, about in (
        ("set_permissions", {"permissions": {}}),
        ("promote", {"user": town.parent, "rights": {}}),
        ("remove_member", {"user": town.parent}),
        ("approve_new", {"on": True}),
    ):
        with pytest.raises(RefusedAct, match="You do not have the right"):
            await town.server.act(town.other, do, chat=chat, **about)
    message = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    await town.server.act(town.other, "pin", chat=chat, message=message)
    assert chat_in(await town.server.state(town.parent), chat)["pinned"] == [message]


async def test_members_invite_and_pin_only_while_the_group_permits_it(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "remove_member", chat=chat, user=town.other)
    await town.server.act(town.parent, "add_member", chat=chat, user=town.other)
    message = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    off = {"can_invite_users": False, "can_pin_messages": False}
    await town.server.act(town.head, "set_permissions", chat=chat, permissions=off)
    with pytest.raises(RefusedAct, match="Members may not invite people"):
        await town.server.act(town.parent, "create_link", chat=chat)
    with pytest.raises(RefusedAct, match="Members may not pin"):
        await town.server.act(town.parent, "pin", chat=chat, message=message)


@pytest.mark.parametrize(
    ("do", "about", "reason"),
    [
        ("write", {"text": " "}, "nothing to send"),
        ("write", {"text": "a" * 4097}, "too long"),
        ("photo", {"caption": "a" * 1025}, "too long"),
        ("poll", {"question": "?", "options": ["one"]}, "A poll has"),
        ("write", {}, "parameter text is missing"),
        ("write", {"text": 5}, "text has to be a text"),
        ("write", {"text": "x", "reply_to": "first"}, "reply_to has to be a number"),
        ("poll", {"question": "?", "options": "ab"}, "options has to be a list"),
        ("set_permissions", {"permissions": "none"}, "permissions has to be an object"),
        ("write", {"text": "x", "reply_to": 999}, "not there any more"),
        ("write", {"text": "x", "reply_to": 1, "quote": "nothing of the kind"}, "does not hold"),
        ("write", {"text": "x", "topic": 9}, "no such topic"),
        ("add_member", {"user": 102}, "in the group already"),
        ("add_member", {"user": 5}, "nobody of that number"),
        ("remove_member", {"user": 101}, "cannot be removed"),
        ("promote", {"user": 103, "rights": {"can_fly": True}}, "no right called can_fly"),
        ("demote", {"user": 103}, "not an administrator"),
        ("create_topic", {"name": "x"}, "has no topics"),
        ("upgrade", {}, "Only the owner of a basic group"),
        ("press", {"message": 1, "label": "Ok"}, "no such button"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_plain_english(
    town: Town, do: str, about: dict[str, Any], reason: str
) -> None:
    chat = await town.group()
    with pytest.raises(RefusedAct, match=reason) as refusal:
        await town.server.act(town.head, do, chat=chat, **about)
    assert 400 <= refusal.value.status < 500


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"title": ""}, "has a title"),
        ({"title": "x", "type": "channel"}, "group or a supergroup"),
        ({"title": "x", "type": "group", "forum": True}, "Only supergroups have topics"),
    ],
)
async def test_groups_that_cannot_be_are_refused(town: Town, about: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedAct, match=reason):
        await town.server.act(town.head, "create_group", **about)


async def test_only_somebody_inside_is_promoted_and_a_supergroup_alone_has_a_channel(town: Town) -> None:
    basic = await town.group("group")
    await town.server.act(town.parent, "leave", chat=basic)
    with pytest.raises(RefusedAct, match="Only somebody in the group"):
        await town.server.act(town.head, "promote", chat=basic, user=town.parent, rights={})
    with pytest.raises(RefusedAct, match="Only a supergroup"):
        await town.server.act(town.head, "channel_post", chat=basic, text="x")
    await town.server.act(town.head, "remove_member", chat=basic, user=town.other)
    assert (await town.server.act(town.other, "join", chat=basic))["joined"]


async def test_an_admin_decides_whether_newcomers_are_approved(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "approve_new", chat=chat, on=True)
    await town.server.act(town.parent, "leave", chat=chat)
    assert (await town.server.act(town.parent, "join", chat=chat))["requested"]
    with pytest.raises(RefusedAct, match="nobody of that number"):
        await town.server.act(town.head, "add_member", chat=chat, user=5)


async def test_a_private_chat_has_no_rights_to_use(town: Town) -> None:
    await town.server.act(town.parent, "start")
    number = (await town.server.private_messages(town.parent))[0]["id"]
    await town.server.act(town.parent, "pin", chat=town.parent, message=number)
    await town.server.act(town.parent, "delete", chat=town.parent, message=number)
    with pytest.raises(RefusedAct, match="private chat"):
        await town.server.act(town.parent, "promote", chat=town.parent, user=town.other, rights={})


async def test_what_is_new_counts_as_unread_until_it_was_looked_at(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "read", chat=chat)
    await town.server.act(town.other, "write", chat=chat, text="Hello", reply_to=1)
    state = await town.server.state(town.parent)
    assert chat_in(state, chat)["unread"] == 1
    assert next(p["unread"] for p in state["people"] if p["id"] == town.parent) == 1
    await town.server.act(town.parent, "read", chat=chat)
    await town.server.act(town.parent, "read", chat=chat)
    assert chat_in(await town.server.state(town.parent), chat)["unread"] == 0


async def test_a_group_shows_each_kind_of_content(town: Town) -> None:
    chat = await town.group()
    first = (await town.server.act(town.parent, "write", chat=chat, text="Bring <wellies>"))["message"]
    await town.server.act(town.other, "write", chat=chat, text="Why?", reply_to=first, quote="wellies")
    await town.server.act(town.head, "pin", chat=chat, message=first)
    await town.server.act(town.other, "photo", chat=chat, caption="Look")
    await town.server.act(town.other, "poll", chat=chat, question="Cake?", options=["Yes", "No"])
    seen = (await town.server.group_messages(town.parent, chat))[-5:]
    assert (seen[0]["html"], seen[0]["mine"], seen[0]["pinned"]) == ("Bring &lt;wellies&gt;", True, True)
    assert seen[1]["reply_to"] == {"id": first, "name": "Priya Shah", "text": "Bring <wellies>"}
    assert seen[1]["quote"] == "wellies"
    assert seen[2]["service"] == "Helen Marsh pinned “Bring <wellies>”"
    picture = await town.bot.http.get(town.server.url + seen[3]["photo"])
    assert picture.headers["Content-Type"] == "image/png"
    assert seen[4]["poll"]["question"] == "Cake?"
    await town.server.act(town.parent, "delete", chat=chat, message=first)
    seen = (await town.server.group_messages(town.parent, chat))[-4:]
    assert seen[0]["reply_to"] is None
    assert seen[1]["service"] == "Helen Marsh pinned “a message”"


@pytest.mark.parametrize(("user", "do", "reason"), [(5, "start", "nobody"), (101, "fly", "no act called fly")])
async def test_nobody_and_nothing_can_be_played(town: Town, user: int, do: str, reason: str) -> None:
    with pytest.raises(RefusedAct, match=reason):
        await town.server.act(user, do)
