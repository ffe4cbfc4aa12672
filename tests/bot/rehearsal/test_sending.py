"""What Telegram refuses when the bot sends, and what becomes of what it sends."""

import pytest

from tests.support.raw_bot import Town


async def test_a_person_who_never_started_the_bot_cannot_be_written_to(town: Town) -> None:
    assert await town.bot.refused("sendMessage", chat_id=town.parent, text="Hello") == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )
    await town.server.act(town.parent, "start")
    await town.bot.do("sendMessage", chat_id=town.parent, text="Hello")
    assert [m["text"] for m in await town.server.private_messages(town.parent)] == ["/start", "Hello"]


async def test_a_person_who_blocked_the_bot_cannot_be_written_to(town: Town) -> None:
    await town.server.act(town.parent, "start")
    sent = await town.bot.do("sendMessage", chat_id=town.parent, text="Hello")
    await town.server.act(town.parent, "block_bot")
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await town.bot.refused("sendMessage", chat_id=town.parent, text="Hello") == blocked
    edit = {"chat_id": town.parent, "message_id": sent["message_id"], "text": "Bye"}
    assert await town.bot.refused("editMessageText", **edit) == blocked
    await town.server.act(town.parent, "unblock_bot")
    await town.bot.do("editMessageText", **edit)


async def test_chats_that_are_not_there_and_other_bots_are_refused(town: Town) -> None:
    assert await town.bot.refused("sendMessage", chat_id=-4, text="x") == "400 Bad Request: chat not found"
    assert await town.bot.refused("sendMessage", chat_id="@school", text="x") == "400 Bad Request: chat not found"
    assert "bots can't send messages to bots" in await town.bot.refused("sendMessage", chat_id=town.bot.id, text="x")


async def test_a_group_that_the_bot_is_not_in_is_refused(town: Town) -> None:
    chat = (await town.server.act(town.head, "create_group", title="Oak", type="group"))["chat"]
    refusal = await town.bot.refused("sendMessage", chat_id=chat, text="x")
    assert refusal == "403 Forbidden: bot is not a member of the group chat"
    willow = await town.group()
    await town.server.act(town.head, "remove_bot", chat=willow)
    assert await town.bot.refused("sendMessage", chat_id=willow, text="x") == (
        "403 Forbidden: bot was kicked from the supergroup chat"
    )
    await town.server.act(town.head, "add_bot", chat=willow)
    await town.bot.do("sendMessage", chat_id=willow, text="x")


async def test_a_bot_that_is_no_admin_keeps_the_groups_permissions(town: Town) -> None:
    chat = await town.group(rights=None)
    await town.server.act(town.head, "set_permissions", chat=chat, permissions={"can_send_messages": False})
    refusal = await town.bot.refused("sendMessage", chat_id=chat, text="x")
    assert refusal == "400 Bad Request: not enough rights to send text messages to the chat"


@pytest.mark.parametrize(
    ("text", "accepted"),
    [("a" * 4096, True), ("a" * 4097, False), ("😀" * 2048, True), ("😀" * 2048 + "a", False)],
)
async def test_text_is_at_most_4096_utf16_units(town: Town, text: str, accepted: bool) -> None:
    await town.server.act(town.parent, "start")
    answer = await town.bot.call("sendMessage", chat_id=town.parent, text=text)
    assert answer["ok"] is accepted
    assert accepted or answer["description"] == "Bad Request: message is too long"


async def test_markup_does_not_count_but_empty_text_is_refused(town: Town) -> None:
    await town.server.act(town.parent, "start")
    await town.bot.do("sendMessage", chat_id=town.parent, text="<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    refusal = await town.bot.refused("sendMessage", chat_id=town.parent, text="<b> </b>", parse_mode="HTML")
    assert refusal == "400 Bad Request: message text is empty"


async def test_a_caption_is_at_most_1024_units(town: Town) -> None:
    await town.server.act(town.parent, "start")
    upload = {"photo": ("p.png", b"png", "image/png")}
    address = f"{town.server.base_url}{town.server.token}/sendPhoto"
    form = {"chat_id": str(town.parent), "caption": "a" * 1025}
    answer = await town.bot.http.post(address, data=form, files=upload)
    assert answer.json()["description"] == "Bad Request: message caption is too long"
    answer = await town.bot.http.post(address, data=form | {"caption": "a" * 1024}, files=upload)
    assert answer.json()["ok"]


@pytest.mark.parametrize("data", ["", "a" * 65, "é" * 33])
async def test_callback_data_is_1_to_64_bytes(town: Town, data: str) -> None:
    await town.server.act(town.parent, "start")
    keyboard = {"inline_keyboard": [[{"text": "Ok", "callback_data": data}]]}
    refusal = await town.bot.refused("sendMessage", chat_id=town.parent, text="x", reply_markup=keyboard)
    assert refusal == "400 Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    "button",
    [
        {"text": "", "callback_data": "a"},
        {"text": "Ok"},
        {"text": "Ok", "callback_data": "a", "url": "https://example.org"},
    ],
)
async def test_a_button_has_a_text_and_one_action(town: Town, button: dict[str, str]) -> None:
    await town.server.act(town.parent, "start")
    keyboard = {"inline_keyboard": [[button]]}
    refusal = await town.bot.refused("sendMessage", chat_id=town.parent, text="x", reply_markup=keyboard)
    assert refusal.startswith("400 Bad Request: can't parse inline keyboard button")


async def test_a_group_takes_20_messages_a_minute(town: Town) -> None:
    chat = await town.group()
    await town.server.limits(overall_per_second=0)
    for _ in range(20):
        await town.bot.do("sendMessage", chat_id=chat, text="x")
    refusal = await town.bot.call("sendMessage", chat_id=chat, text="x")
    wait = refusal["parameters"]["retry_after"]
    assert refusal["error_code"] == 429
    assert refusal["description"] == f"Too Many Requests: retry after {wait}"
    assert 1 <= wait <= 60
    await town.server.advance(wait)
    await town.bot.do("sendMessage", chat_id=chat, text="x")


async def test_all_chats_together_take_30_messages_a_second(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.server.act(town.parent, "start")
    world = town.server.world
    now = world.clock.precise()
    world.sent = [(now, 1)] * 30
    monkeypatch.setattr(world.clock, "precise", lambda: now)
    refusal = await town.bot.call("sendMessage", chat_id=town.parent, text="x")
    assert refusal["parameters"] == {"retry_after": 1}
    await town.server.limits(overall_per_second=0)
    await town.bot.do("sendMessage", chat_id=town.parent, text="x")


async def test_a_reply_names_a_message_that_is_there(town: Town) -> None:
    chat = await town.group()
    gone = {"message_id": 999}
    refusal = await town.bot.refused("sendMessage", chat_id=chat, text="x", reply_parameters=gone)
    assert refusal == "400 Bad Request: message to be replied not found"
    anyway = gone | {"allow_sending_without_reply": True}
    sent = await town.bot.do("sendMessage", chat_id=chat, text="x", reply_parameters=anyway)
    assert "reply_to_message" not in sent


async def test_a_quote_holds_words_of_the_message(town: Town) -> None:
    chat = await town.group()
    first = (await town.server.act(town.parent, "write", chat=chat, text="Bring 😀 wellies"))["message"]
    reply = {"message_id": first, "quote": "wellies"}
    sent = await town.bot.do("sendMessage", chat_id=chat, text="x", reply_parameters=reply)
    assert sent["quote"]["position"] == 9
    assert sent["reply_to_message"]["message_id"] == first
    wrong = {"message_id": first, "quote": "hats"}
    refusal = await town.bot.refused("sendMessage", chat_id=chat, text="x", reply_parameters=wrong)
    assert refusal == "400 Bad Request: QUOTE_TEXT_INVALID"
    across = {"message_id": first, "chat_id": town.parent}
    assert "across chats" in await town.bot.refused("sendMessage", chat_id=chat, text="x", reply_parameters=across)


async def test_what_the_rehearsal_does_not_carry_out_is_refused_not_ignored(town: Town) -> None:
    await town.server.act(town.parent, "start")
    refusal = await town.bot.refused("sendMessage", chat_id=town.parent, text="x", message_effect_id="1")
    assert refusal == "400 Bad Request: the rehearsal does not carry out parameter message_effect_id"
    refusal = await town.bot.refused("sendMessage", chat_id=town.parent, text="*x*", parse_mode="MarkdownV2")
    assert "parse_mode HTML only" in refusal


async def test_a_file_that_was_never_sent_is_refused(town: Town) -> None:
    await town.server.act(town.parent, "start")
    for method, field in (("sendPhoto", "photo"), ("sendDocument", "document")):
        refusal = await town.bot.refused(method, **{"chat_id": town.parent, field: "nonsense"})
        assert refusal == "400 Bad Request: wrong file identifier/HTTP URL specified"
    assert "wrong file identifier" in await town.bot.refused("getFile", file_id="nonsense")


async def test_typing_is_refused_where_a_message_would_be(town: Town) -> None:
    assert "can't initiate" in await town.bot.refused("sendChatAction", chat_id=town.parent, action="typing")
    await town.server.act(town.parent, "start")
    assert await town.bot.do("sendChatAction", chat_id=town.parent, action="typing") is True


async def test_protected_messages_say_so(town: Town) -> None:
    await town.server.act(town.parent, "start")
    sent = await town.bot.do("sendMessage", chat_id=town.parent, text="x", protect_content=True)
    assert sent["has_protected_content"] is True
    assert (await town.server.private_messages(town.parent))[-1]["protected"]
