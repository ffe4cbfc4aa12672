"""The library that the bot is built on talks to the rehearsal over real HTTP."""

import pytest
from telegram import Bot, ChatPermissions, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter

from tests.support.raw_bot import Town


def library_bot(town: Town) -> Bot:
    return Bot(town.server.token, base_url=town.server.base_url, base_file_url=town.server.file_url)


async def test_a_whole_round_by_python_telegram_bot(town: Town) -> None:
    async with library_bot(town) as bot:
        assert (await bot.get_me()).username == "schoolgate_rehearsal_bot"
        await town.server.act(town.parent, "start", payload="code")
        updates = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
        message = updates[0].message
        assert message is not None
        assert message.text == "/start code"
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("I agree", callback_data="agree")]])
        sent = await bot.send_message(
            town.parent, "<b>Hello</b>", parse_mode="HTML", reply_markup=keyboard, protect_content=True
        )
        assert (sent.text, sent.reply_markup) == ("Hello", keyboard)
        query = await town.server.press(town.parent, town.parent, sent.message_id, "I agree")
        press = (await bot.get_updates(offset=updates[0].update_id + 1))[0].callback_query
        assert press is not None
        await press.answer("Thank you")
        await press.edit_message_text("Done")
        assert (await town.server.answer_to(town.parent, query))["text"] == "Thank you"
        assert (await town.server.private_messages(town.parent))[-1]["text"] == "Done"


async def test_its_errors_are_those_of_telegram(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without this the library warns of its next version whenever it meets a 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    chat = await town.group("group")
    async with library_bot(town) as bot:
        with pytest.raises(Forbidden, match="can't initiate"):
            await bot.send_message(town.parent, "x")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(-5, "x")
        await town.server.fault("sendMessage", "429", retry_after=7)
        with pytest.raises(RetryAfter):
            await bot.send_message(chat, "x")
        for kind in ("500", "502", "drop", "drop_after"):
            await town.server.fault("sendMessage", kind)
            with pytest.raises(NetworkError):
                await bot.send_message(chat, "x")
        await town.server.act(town.head, "upgrade", chat=chat)
        with pytest.raises(ChatMigrated):
            await bot.send_message(chat, "x")
        await town.server.fault("getMe", "400", description="Conflict: somebody else")
        with pytest.raises((BadRequest, Conflict)):
            await bot.get_me()


async def test_it_reads_every_kind_of_object_that_the_rehearsal_makes(town: Town) -> None:
    chat = await town.group(forum=True)
    act = town.server.act
    await act(town.parent, "photo", chat=chat, caption="Look")
    for kind in ("video", "document", "voice"):
        await act(town.parent, kind, chat=chat)
    await act(town.parent, "poll", chat=chat, question="Cake?", options=["Yes", "No"])
    for kind in ("send_dice", "send_location"):
        await act(town.parent, kind, chat=chat)
    await act(town.parent, "send_contact", chat=chat, name="Sam")
    await act(town.head, "create_topic", chat=chat, name="Trips")
    async with library_bot(town) as bot:
        updates = await bot.get_updates()
        photo = updates[0].message
        assert photo is not None
        data = await (await bot.get_file(photo.photo[-1])).download_as_bytearray()
        assert data.startswith(b"\x89PNG")
        assert len(updates) == 9
        assert (await bot.get_chat(chat)).permissions is not None
        assert [admin.status for admin in await bot.get_chat_administrators(chat)] == ["creator", "administrator"]
        await bot.restrict_chat_member(chat, town.parent, photo_permissions())
        assert (await bot.get_chat_member(chat, town.parent)).status == "restricted"
        assert (await bot.create_chat_invite_link(chat, name="Letter")).name == "Letter"


def photo_permissions() -> ChatPermissions:
    return ChatPermissions(can_send_photos=True)
