"""What Telegram refuses when the bot edits, deletes, pins and answers presses."""

import pytest

from tests.support.raw_bot import Town
from tests.support.rehearsal import RefusedAct

KEYBOARD = {"inline_keyboard": [[{"text": "Agree", "callback_data": "agree"}]]}


async def test_an_edit_has_to_change_something(town: Town) -> None:
    chat = await town.group()
    sent = await town.bot.do("sendMessage", chat_id=chat, text="One", reply_markup=KEYBOARD)
    edit = {"chat_id": chat, "message_id": sent["message_id"]}
    assert "message is not modified" in await town.bot.refused(
        "editMessageText", **edit, text="One", reply_markup=KEYBOARD
    )
    assert "message is not modified" in await town.bot.refused("editMessageReplyMarkup", **edit, reply_markup=KEYBOARD)
    edited = await town.bot.do("editMessageText", **edit, text="Two")
    assert edited["edit_date"] >= edited["date"]
    assert "reply_markup" not in edited
    assert "edit_date" not in await town.bot.do("sendMessage", chat_id=chat, text="Three")


async def test_taking_the_keyboard_away_keeps_the_text(town: Town) -> None:
    chat = await town.group()
    sent = await town.bot.do("sendMessage", chat_id=chat, text="One", reply_markup=KEYBOARD)
    await town.bot.do("editMessageReplyMarkup", chat_id=chat, message_id=sent["message_id"])
    last = (await town.server.group_messages(town.parent, chat))[-1]
    assert (last["text"], last["buttons"], last["edited"]) == ("One", [], False)


async def test_only_the_bots_own_messages_can_be_edited(town: Town) -> None:
    chat = await town.group()
    theirs = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    refuse = town.bot.refused
    assert await refuse("editMessageText", chat_id=chat, message_id=theirs, text="x") == (
        "400 Bad Request: message can't be edited"
    )
    assert await refuse("editMessageText", chat_id=chat, message_id=999, text="x") == (
        "400 Bad Request: message to edit not found"
    )
    assert await refuse("editMessageText", inline_message_id="1", text="x") == (
        "400 Bad Request: message identifier is not specified"
    )


async def test_a_photo_has_no_text_to_edit(town: Town) -> None:
    await town.server.act(town.parent, "start")
    address = f"{town.server.base_url}{town.server.token}/sendPhoto"
    form = {"chat_id": str(town.parent)}
    sent = (await town.bot.http.post(address, data=form, files={"photo": ("p.png", b"png", "image/png")})).json()
    edit = {"chat_id": town.parent, "message_id": sent["result"]["message_id"], "text": "x"}
    assert await town.bot.refused("editMessageText", **edit) == (
        "400 Bad Request: there is no text in the message to edit"
    )


async def test_a_message_can_be_deleted_for_48_hours(town: Town) -> None:
    chat = await town.group()
    old = (await town.server.act(town.parent, "write", chat=chat, text="Old"))["message"]
    await town.server.advance(48 * 3600 + 1)
    assert await town.bot.refused("deleteMessage", chat_id=chat, message_id=old) == (
        "400 Bad Request: message can't be deleted for everyone"
    )
    new = (await town.server.act(town.parent, "write", chat=chat, text="New"))["message"]
    await town.bot.do("deleteMessage", chat_id=chat, message_id=new)
    assert await town.bot.refused("deleteMessage", chat_id=chat, message_id=new) == (
        "400 Bad Request: message to delete not found"
    )


async def test_deleting_what_others_wrote_needs_the_right(town: Town) -> None:
    chat = await town.group(rights={"can_pin_messages": True})
    theirs = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    assert await town.bot.refused("deleteMessage", chat_id=chat, message_id=theirs) == (
        "400 Bad Request: message can't be deleted"
    )
    own = (await town.bot.do("sendMessage", chat_id=chat, text="Mine"))["message_id"]
    await town.bot.do("deleteMessage", chat_id=chat, message_id=own)


async def test_many_are_deleted_at_once_and_missing_ones_are_skipped(town: Town) -> None:
    chat = await town.group()
    number = (await town.server.act(town.parent, "write", chat=chat, text="Hello"))["message"]
    await town.bot.do("deleteMessages", chat_id=chat, message_ids=[number, 999])
    assert number not in [m["id"] for m in await town.server.group_messages(town.parent, chat)]
    assert "wrong number of message identifiers" in await town.bot.refused(
        "deleteMessages", chat_id=chat, message_ids=[]
    )


async def test_pinning_needs_the_right_and_is_announced(town: Town) -> None:
    chat = await town.group(rights={"can_pin_messages": True})
    sent = (await town.bot.do("sendMessage", chat_id=chat, text="Notice"))["message_id"]
    await town.bot.do("pinChatMessage", chat_id=chat, message_id=sent)
    update = (await town.bot.updates())[0]
    assert update["message"]["pinned_message"]["text"] == "Notice"
    assert (await town.bot.do("getChat", chat_id=chat))["pinned_message"]["message_id"] == sent
    assert await town.bot.refused("pinChatMessage", chat_id=chat, message_id=999) == (
        "400 Bad Request: message to pin not found"
    )
    await town.bot.do("unpinChatMessage", chat_id=chat)
    assert "message to unpin not found" in await town.bot.refused("unpinChatMessage", chat_id=chat)
    await town.server.act(town.head, "promote", chat=chat, user=town.bot.id, rights={})
    assert await town.bot.refused("pinChatMessage", chat_id=chat, message_id=sent) == (
        "400 Bad Request: not enough rights to manage pinned messages in the chat"
    )


async def test_pinning_again_moves_a_message_to_the_top(town: Town) -> None:
    chat = await town.group()
    first, second = [(await town.bot.do("sendMessage", chat_id=chat, text=t))["message_id"] for t in "ab"]
    for message in (first, second, first):
        await town.bot.do("pinChatMessage", chat_id=chat, message_id=message)
    assert town.server.world.chats[chat].pinned == [second, first]
    await town.bot.do("deleteMessage", chat_id=chat, message_id=first)
    assert town.server.world.chats[chat].pinned == [second]


async def test_a_press_is_answered_once_within_a_minute(town: Town) -> None:
    chat = await town.group()
    sent = (await town.bot.do("sendMessage", chat_id=chat, text="?", reply_markup=KEYBOARD))["message_id"]
    query = await town.server.press(town.parent, chat, sent, "Agree")
    press = (await town.bot.updates())[0]["callback_query"]
    assert (press["id"], press["data"], press["message"]["text"]) == (query, "agree", "?")
    assert await town.server.act(town.parent, "query", id=query) is None
    await town.bot.do("answerCallbackQuery", callback_query_id=query, text="Thank you", show_alert=True)
    assert await town.server.answer_to(town.parent, query) == {"text": "Thank you", "show_alert": True}
    late = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await town.bot.refused("answerCallbackQuery", callback_query_id=query) == late
    assert await town.bot.refused("answerCallbackQuery", callback_query_id="1") == late
    query = await town.server.press(town.parent, chat, sent, "Agree")
    assert await town.bot.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )
    await town.server.advance(61)
    assert await town.bot.refused("answerCallbackQuery", callback_query_id=query) == late


async def test_a_button_that_is_gone_cannot_be_pressed_unless_the_phone_still_shows_it(town: Town) -> None:
    chat = await town.group()
    sent = (await town.bot.do("sendMessage", chat_id=chat, text="?", reply_markup=KEYBOARD))["message_id"]
    await town.bot.do("editMessageText", chat_id=chat, message_id=sent, text="Done")
    with pytest.raises(RefusedAct, match="no such button"):
        await town.server.press(town.parent, chat, sent, "Agree")
    stale = {"chat": chat, "data": "agree", "stale": True}
    await town.server.act(town.parent, "press", message=sent, **stale)
    await town.bot.do("deleteMessage", chat_id=chat, message_id=sent)
    await town.server.act(town.parent, "press", message=sent, **stale)
    first, second = await town.bot.updates()
    assert first["callback_query"]["message"]["text"] == "Done"
    assert second["callback_query"]["message"]["date"] == 0
    with pytest.raises(RefusedAct, match="no such press"):
        await town.server.act(town.other, "query", id=first["callback_query"]["id"])


async def test_nobody_presses_buttons_on_another_persons_phone(town: Town) -> None:
    await town.server.act(town.parent, "start")
    sent = await town.bot.do("sendMessage", chat_id=town.parent, text="?", reply_markup=KEYBOARD)
    with pytest.raises(RefusedAct, match="no such chat"):
        await town.server.press(town.other, town.parent, sent["message_id"], "Agree")
