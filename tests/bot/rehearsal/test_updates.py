"""getUpdates: order, confirmation, waiting, conflict, and who is told what."""

import asyncio

import httpx
import pytest

from bot.rehearsal.posting import publish, written
from bot.rehearsal.world import Person
from tests.support.raw_bot import Town


async def test_updates_stay_until_a_later_offset_confirms_them(town: Town) -> None:
    await town.server.act(town.parent, "start")
    await town.server.act(town.parent, "write", chat=town.parent, text="Hello")
    first = await town.bot.do("getUpdates")
    assert await town.bot.do("getUpdates") == first
    numbers = [update["update_id"] for update in first]
    assert numbers == [numbers[0], numbers[0] + 1]
    assert await town.bot.do("getUpdates", offset=numbers[1]) == first[1:]
    assert await town.bot.do("getUpdates", offset=numbers[1] + 1) == []


async def test_a_limit_and_a_negative_offset_cut_the_list(town: Town) -> None:
    for _ in range(3):
        await town.server.act(town.parent, "start")
    assert len(await town.bot.do("getUpdates", limit=2)) == 2
    last = await town.bot.do("getUpdates", offset=-1)
    assert len(last) == 1
    assert await town.bot.do("getUpdates") == last


async def test_a_poll_waits_for_the_first_update(town: Town) -> None:
    poll = asyncio.create_task(town.bot.do("getUpdates", timeout=20))
    await town.server.wait_until(lambda state: state["bot"]["running"], town.parent)
    await town.server.act(town.parent, "start")
    assert [update["message"]["text"] for update in await poll] == ["/start"]


async def test_a_poll_that_waits_in_vain_answers_an_empty_list(town: Town) -> None:
    assert await town.bot.do("getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_first_with_409_and_goes_on(town: Town) -> None:
    first = asyncio.create_task(town.bot.refused("getUpdates", timeout=20))
    await town.server.wait_until(lambda state: state["bot"]["running"], town.parent)
    second = asyncio.create_task(town.bot.do("getUpdates", timeout=20))
    assert (await first).startswith("409 Conflict: terminated by other getUpdates request")
    await town.server.act(town.parent, "start")
    assert len(await second) == 1


async def test_a_bot_that_has_gone_away_is_not_running(town: Town) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await town.bot.http.get(
            f"{town.server.base_url}{town.server.token}/getUpdates", params={"timeout": "20"}, timeout=0.2
        )
    await town.server.wait_until(lambda state: not state["bot"]["running"], town.parent)


async def test_a_bot_that_stops_polling_is_noticed(town: Town) -> None:
    await town.bot.do("getUpdates")
    assert (await town.server.state(town.parent))["bot"]["running"]
    await town.server.wait_until(lambda state: not state["bot"]["running"], town.parent)


async def test_changes_of_members_come_only_if_asked_for_and_that_is_remembered(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    assert await town.bot.kinds() == ["message"]
    await town.bot.do("getUpdates", allowed_updates=["chat_member"])
    await town.server.act(town.parent, "join", chat=chat)
    update = (await town.bot.updates())[0]["chat_member"]
    assert (update["old_chat_member"]["status"], update["new_chat_member"]["status"]) == ("left", "member")
    await town.bot.do("getUpdates", allowed_updates=[])
    await town.server.act(town.parent, "leave", chat=chat)
    assert await town.bot.kinds() == ["message"]


async def test_changes_of_members_come_to_an_administrator_only(town: Town) -> None:
    chat = await town.group(rights=None)
    await town.bot.do("getUpdates", allowed_updates=["chat_member"])
    await town.server.act(town.parent, "leave", chat=chat)
    assert await town.bot.kinds() == []


async def test_the_bot_hears_of_its_own_changes(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "demote", chat=chat, user=town.bot.id)
    await town.server.act(town.head, "remove_bot", chat=chat)
    updates = await town.bot.updates()
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in updates] == ["member", "kicked"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Hello all", False),
        ("/help@schoolgate_rehearsal_bot", True),
        ("/help@another_bot", False),
        ("/help", False),
        ("see a/help", False),
    ],
)
async def test_privacy_mode_shows_only_commands_to_the_bot(town: Town, text: str, seen: bool) -> None:
    chat = await town.group(rights=None)
    await town.server.act(town.parent, "write", chat=chat, text=text)
    assert await town.bot.kinds() == (["message"] if seen else [])


async def test_privacy_mode_shows_replies_to_the_bot_and_service_messages(town: Town) -> None:
    chat = await town.group(rights=None)
    notice = (await town.bot.do("sendMessage", chat_id=chat, text="Notice"))["message_id"]
    await town.server.act(town.parent, "write", chat=chat, text="What is this?", reply_to=notice)
    await town.server.act(town.other, "leave", chat=chat)
    await town.server.act(town.parent, "write", chat=chat, text="/help")
    assert await town.bot.kinds() == ["message"] * 3


@pytest.mark.parametrize("rights", [None, {}])
async def test_an_administrator_or_a_bot_without_privacy_mode_sees_all(
    town: Town, rights: dict[str, bool] | None
) -> None:
    chat = await town.group(rights=rights)
    if rights is None:
        await town.bot.http.post(f"{town.server.url}/control/world", json={"bot": {"privacy_mode": False}})
    assert (await town.bot.do("getMe"))["can_read_all_group_messages"] is (rights is None)
    await town.server.act(town.parent, "write", chat=chat, text="Hello all")
    assert await town.bot.kinds() == ["message"]


async def test_bots_do_not_see_other_bots_nor_what_they_wrote_themselves(town: Town) -> None:
    chat = await town.group()
    world = town.server.world
    world.people[999] = Person(999, "Other", "other_bot", is_bot=True)
    await town.server.act(town.head, "add_member", chat=chat, user=999)
    await town.bot.updates()
    publish(world, world.chats[chat], 999, written("I am a bot"))
    await town.bot.do("sendMessage", chat_id=chat, text="So am I")
    assert await town.bot.kinds() == []
    await town.server.act(town.head, "promote", chat=chat, user=999, rights={})
    admins = await town.bot.do("getChatAdministrators", chat_id=chat)
    assert 999 not in [admin["user"]["id"] for admin in admins]


async def test_the_bot_is_not_told_when_people_delete(town: Town) -> None:
    chat = await town.group()
    number = (await town.server.act(town.parent, "write", chat=chat, text="Oops"))["message"]
    await town.bot.updates()
    await town.server.act(town.parent, "delete", chat=chat, message=number)
    assert await town.bot.kinds() == []


async def test_an_edit_can_come_without_a_change(town: Town) -> None:
    chat = await town.group()
    number = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    await town.server.act(town.parent, "touch", chat=chat, message=number)
    await town.server.act(town.parent, "edit", chat=chat, message=number, text="Goodbye")
    texts = [update.get("edited_message", {}).get("text") for update in await town.bot.updates()]
    assert texts == [None, "Hello", "Goodbye"]


async def test_raw_updates_of_any_shape_get_the_next_number(town: Town) -> None:
    odd = {"update_id": 5, "strange_kind": {"text": "x"}}
    number = (await town.server.act(town.parent, "raw_update", update=odd))["update_id"]
    assert await town.bot.updates() == [odd | {"update_id": number}]


async def test_pending_updates_are_counted_and_can_be_dropped(town: Town) -> None:
    await town.server.act(town.parent, "start")
    assert (await town.bot.do("getWebhookInfo"))["pending_update_count"] == 1
    await town.bot.do("deleteWebhook")
    assert (await town.bot.do("getWebhookInfo"))["pending_update_count"] == 1
    await town.bot.do("deleteWebhook", drop_pending_updates=True)
    assert await town.bot.do("getUpdates") == []


async def test_anonymous_administrators_appear_as_the_group(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "promote", chat=chat, user=town.head, rights={}, anonymous=True)
    await town.server.act(town.head, "write", chat=chat, text="/close")
    message = (await town.bot.updates())[-1]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["sender_chat"]["id"] == chat
    assert "bots can't send messages to bots" in await town.bot.refused("sendMessage", chat_id=1087968824, text="Who?")
    assert (await town.bot.do("getChatAdministrators", chat_id=chat))[0]["is_anonymous"]
    seen = (await town.server.group_messages(town.parent, chat))[-1]["from"]
    assert (seen["name"], seen["anonymous"]) == ("Willow", True)
    await town.server.act(town.head, "promote", chat=chat, user=town.other, rights={}, anonymous=True)
    assert (await town.bot.updates()) == []


async def test_a_linked_channels_posts_arrive_as_automatic_forwards(town: Town) -> None:
    chat = await town.group()
    number = (await town.server.act(town.head, "channel_post", chat=chat, text="Newsletter"))["message"]
    message = (await town.bot.updates())[-1]["message"]
    assert (message["from"]["id"], message["is_automatic_forward"]) == (777000, True)
    assert message["forward_origin"]["type"] == "channel"
    assert message["sender_chat"]["id"] == (await town.bot.do("getChat", chat_id=chat))["linked_chat_id"]
    await town.server.act(town.head, "channel_post", chat=chat, text="Another")
    assert len([c for c in town.server.world.chats.values() if c.type == "channel"]) == 1
    seen = await town.server.group_messages(town.parent, chat)
    assert seen[-1]["forwarded_from"] == "Willow news"
    assert number == seen[-2]["id"]


async def test_an_upgraded_group_has_another_id_and_the_old_one_leads_there(town: Town) -> None:
    old = await town.group("group")
    await town.bot.do("setChatPermissions", chat_id=old, permissions={"can_send_messages": True})
    new = (await town.server.act(town.head, "upgrade", chat=old))["chat"]
    first, second = [update["message"] for update in await town.bot.updates()]
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old, new)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new, old)
    refusal = await town.bot.call("sendMessage", chat_id=old, text="x")
    assert refusal["error_code"] == 400
    assert refusal["parameters"] == {"migrate_to_chat_id": new}
    assert (await town.bot.do("getChat", chat_id=new))["permissions"]["can_send_polls"] is False
    await town.server.act(town.parent, "write", chat=old, text="Hello")
    assert [c["id"] for c in (await town.server.state(town.parent))["me"]["chats"]] == [town.parent, new]


async def test_world_time_is_in_whole_seconds_on_messages(town: Town) -> None:
    await town.server.act(town.parent, "start")
    before = (await town.bot.updates())[0]["message"]["date"]
    await town.server.advance(3600)
    await town.server.act(town.parent, "start")
    after = (await town.bot.updates())[0]["message"]["date"]
    assert 3600 <= after - before <= 3620
