"""What Telegram refuses people who write, edit, delete and forward."""

from typing import Any

import pytest

from tests.support.raw_bot import Town
from tests.support.rehearsal import RefusedAct


async def test_writing_to_the_bot_begins_with_start(town: Town) -> None:
    with pytest.raises(RefusedAct, match="Press Start first"):
        await town.server.act(town.parent, "write", chat=town.parent, text="Hello")
    await town.server.act(town.parent, "write", chat=town.parent, text="/start")
    await town.server.act(town.parent, "write", chat=town.parent, text="Hello")
    assert await town.bot.kinds() == ["message", "message"]


async def test_who_the_bot_wrote_to_first_can_answer(town: Town) -> None:
    chat = await town.group(approve_new=True)
    await town.server.act(town.parent, "leave", chat=chat)
    await town.server.act(town.parent, "join", chat=chat)
    await town.bot.do("sendMessage", chat_id=town.parent, text="Welcome")
    await town.server.act(town.parent, "write", chat=town.parent, text="Hello")
    await town.server.advance(600)
    await town.bot.do("sendMessage", chat_id=town.parent, text="Hello again")


@pytest.mark.parametrize(
    ("kind", "permission", "reason", "content"),
    [
        ("write", "can_send_messages", "closed", {"text": "x"}),
        ("photo", "can_send_photos", "photos", {}),
        ("video", "can_send_videos", "videos", {}),
        ("document", "can_send_documents", "documents", {}),
        ("voice", "can_send_voice_notes", "voice notes", {}),
        ("poll", "can_send_polls", "polls", {"question": "?", "options": ["a", "b"]}),
        ("send_dice", "can_send_other_messages", "other messages", {}),
    ],
)
async def test_each_kind_of_message_needs_its_permission(
    town: Town, kind: str, permission: str, reason: str, content: dict[str, Any]
) -> None:
    chat = await town.group()
    await town.server.act(town.parent, kind, chat=chat, **content)
    await town.server.act(town.head, "set_permissions", chat=chat, permissions={permission: False})
    with pytest.raises(RefusedAct, match=reason) as refusal:
        await town.server.act(town.parent, kind, chat=chat, **content)
    assert refusal.value.status == 403
    await town.server.act(town.head, kind, chat=chat, **content)


async def test_outsiders_neither_write_nor_read(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    with pytest.raises(RefusedAct, match="not in this group"):
        await town.server.act(town.parent, "write", chat=chat, text="Hello")
    with pytest.raises(RefusedAct, match="not in this group"):
        await town.server.act(town.parent, "pin", chat=chat, message=1)
    assert await town.server.group_messages(town.parent, chat) == []


async def test_a_protected_message_cannot_be_forwarded(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "start")
    sent = await town.bot.do("sendMessage", chat_id=town.parent, text="Yours alone", protect_content=True)
    forward = {"from_chat": town.parent, "to_chat": chat}
    with pytest.raises(RefusedAct, match="protected"):
        await town.server.act(town.parent, "forward", message=sent["message_id"], **forward)
    sent = await town.bot.do("sendMessage", chat_id=town.parent, text="For all")
    await town.server.act(town.parent, "forward", message=sent["message_id"], **forward)
    message = (await town.bot.updates())[-1]["message"]
    assert message["forward_origin"]["sender_user"]["id"] == town.bot.id
    assert (await town.server.group_messages(town.other, chat))[-1]["forwarded_from"] == "Schoolgate"


async def test_a_forward_keeps_its_first_author(town: Town) -> None:
    chat = await town.group()
    first = (await town.server.act(town.other, "write", chat=chat, text="Hello"))["message"]
    await town.server.act(town.parent, "start")
    step = await town.server.act(town.parent, "forward", from_chat=chat, message=first, to_chat=town.parent)
    await town.server.act(town.parent, "forward", from_chat=town.parent, message=step["message"], to_chat=chat)
    assert (await town.server.group_messages(town.head, chat))[-1]["forwarded_from"] == "Tom Wicks"


async def test_forwards_of_anonymous_admins_and_channels_name_the_group_and_the_channel(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.head, "promote", chat=chat, user=town.head, rights={}, anonymous=True)
    await town.server.act(town.parent, "start")
    spoken = (await town.server.act(town.head, "write", chat=chat, text="Notice"))["message"]
    posted = (await town.server.act(town.head, "channel_post", chat=chat, text="News"))["message"]
    for message in (spoken, posted):
        await town.server.act(town.parent, "forward", from_chat=chat, message=message, to_chat=town.parent)
    seen = await town.server.private_messages(town.parent)
    assert [m["forwarded_from"] for m in seen[-2:]] == ["Willow", "Willow news"]


async def test_service_messages_are_not_forwarded_and_permissions_hold_for_forwards(town: Town) -> None:
    chat = await town.group()
    service = (await town.server.group_messages(town.parent, chat))[0]["id"]
    photo = (await town.server.act(town.parent, "photo", chat=chat, caption="Look"))["message"]
    with pytest.raises(RefusedAct, match="cannot be forwarded"):
        await town.server.act(town.parent, "forward", from_chat=chat, message=service, to_chat=chat)
    await town.server.act(town.head, "set_permissions", chat=chat, permissions={"can_send_photos": False})
    with pytest.raises(RefusedAct, match="photos"):
        await town.server.act(town.parent, "forward", from_chat=chat, message=photo, to_chat=chat)


async def test_people_edit_their_own_words_within_48_hours(town: Town) -> None:
    chat = await town.group()
    mine = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    with pytest.raises(RefusedAct, match="your own messages only"):
        await town.server.act(town.other, "edit", chat=chat, message=mine, text="Ha")
    with pytest.raises(RefusedAct, match="Nothing was changed"):
        await town.server.act(town.parent, "edit", chat=chat, message=mine, text="Hello ")
    photo = (await town.server.act(town.parent, "photo", chat=chat, caption="Look"))["message"]
    await town.server.act(town.parent, "edit", chat=chat, message=photo, text="Look at https://example.org/a")
    message = (await town.bot.updates())[-1]["edited_message"]
    assert message["caption"] == "Look at https://example.org/a"
    assert message["caption_entities"][0]["type"] == "url"
    await town.server.advance(48 * 3600 + 1)
    with pytest.raises(RefusedAct, match="too old"):
        await town.server.act(town.parent, "edit", chat=chat, message=mine, text="Bye")


async def test_people_delete_their_own_and_admins_any(town: Town) -> None:
    chat = await town.group()
    first = (await town.server.act(town.parent, "write", chat=chat, text="One"))["message"]
    with pytest.raises(RefusedAct, match="delete other people's"):
        await town.server.act(town.other, "delete", chat=chat, message=first)
    await town.server.act(town.head, "delete", chat=chat, message=first)
    with pytest.raises(RefusedAct, match="not there any more"):
        await town.server.act(town.parent, "delete", chat=chat, message=first)
