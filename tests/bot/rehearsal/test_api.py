"""The bot's address: token, methods, parameters in every form, files, and checks against the models."""

import json
import logging
from typing import Any

import pytest

from bot.rehearsal import methods, models
from bot.rehearsal.refused import Refused
from tests.support.raw_bot import Town


@pytest.mark.parametrize("path", ["/bot1:wrong/getMe", "/file/bot1:wrong/photos/file_1.png"])
async def test_a_wrong_token_is_unauthorized(town: Town, path: str) -> None:
    answer = await town.bot.http.get(town.server.url + path)
    assert (answer.status_code, answer.json()) == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


async def test_a_method_that_the_bot_api_does_not_have_is_not_found(town: Town) -> None:
    assert await town.bot.refused("openTheGate") == "404 Not Found"
    answer = await town.bot.http.put(f"{town.server.base_url}{town.server.token}/getMe")
    assert answer.status_code == 404
    assert [call["unknown"] for call in await town.server.calls()] == [True, True]


async def test_a_method_that_the_rehearsal_lacks_is_501_and_marked_in_the_journal(town: Town) -> None:
    refusal = await town.bot.refused("sendDice", chat_id=town.parent)
    assert refusal == "501 Not Implemented: the rehearsal does not carry out sendDice"
    call = (await town.server.calls(method="sendDice"))[0]
    assert (call["unknown"], call["status"]) == (True, 501)


async def test_the_case_of_a_methods_name_does_not_matter(town: Town) -> None:
    assert (await town.bot.do("GETME"))["is_bot"] is True


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"text": "x"}, "chat_id"),
        ({"chat_id": 5}, "text"),
        ({"chat_id": [], "text": "x"}, "chat_id"),
        ({"chat_id": 5, "text": "x", "colour": "red"}, "unknown parameter colour"),
        (
            {"chat_id": 5, "text": "x", "reply_parameters": {"message_id": 1, "mood": 1}},
            "unknown parameter reply_parameters.mood",
        ),
    ],
)
async def test_unsound_parameters_are_refused_by_name(town: Town, params: dict[str, Any], named: str) -> None:
    assert named in await town.bot.refused("sendMessage", **params)


@pytest.mark.parametrize("body", ["{", "[1]"])
async def test_a_body_that_is_no_json_object_is_refused(town: Town, body: str) -> None:
    answer = await town.bot.http.post(
        f"{town.server.base_url}{town.server.token}/getMe",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    assert "JSON" in answer.json()["description"]


async def test_get_and_forms_are_read_like_json(town: Town) -> None:
    await town.server.act(town.parent, "start")
    address = f"{town.server.base_url}{town.server.token}/sendMessage"
    keyboard = json.dumps({"inline_keyboard": [[{"text": "Ok", "callback_data": "1"}]]})
    form = {"chat_id": str(town.parent), "text": "123", "protect_content": "true", "reply_markup": keyboard}
    for answer in (
        await town.bot.http.get(address, params=form),
        await town.bot.http.post(address, data=form),
        await town.bot.http.post(address, data=form, files={"unused": ("a.txt", b"a")}),
        await town.bot.http.post(address, json={"chat_id": str(town.parent), "text": "123"}),
    ):
        body = answer.json()
        if "unused" in str(body):
            assert body["description"] == "Bad Request: sendMessage: unknown parameter unused"
        else:
            assert body["result"]["text"] == "123"


async def test_an_unreadable_list_in_a_form_is_refused(town: Town) -> None:
    address = f"{town.server.base_url}{town.server.token}/deleteMessages"
    answer = await town.bot.http.post(address, data={"chat_id": "5", "message_ids": "one"})
    assert "message_ids" in answer.json()["description"]


@pytest.mark.parametrize("attached", [False, True])
async def test_a_file_comes_back_as_it_was_sent(town: Town, attached: bool) -> None:
    await town.server.act(town.parent, "start")
    address = f"{town.server.base_url}{town.server.token}/sendDocument"
    form = {"chat_id": str(town.parent)} | ({"document": "attach://part"} if attached else {})
    part = "part" if attached else "document"
    answer = await town.bot.http.post(address, data=form, files={part: ("letter.pdf", b"%PDF-", "application/pdf")})
    document = answer.json()["result"]["document"]
    assert document["mime_type"] == "application/pdf"
    path = (await town.bot.do("getFile", file_id=document["file_id"]))["file_path"]
    got = await town.bot.http.get(f"{town.server.file_url}{town.server.token}/{path}")
    assert got.content == b"%PDF-"
    gone = await town.bot.http.get(f"{town.server.file_url}{town.server.token}/documents/none.pdf")
    assert gone.status_code == 404
    again = await town.bot.do("sendDocument", chat_id=town.parent, document=document["file_id"])
    assert again["document"] == document


async def test_an_answer_that_the_models_do_not_know_is_an_error_of_the_rehearsal(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong: dict[str, Any] = {"id": 1, "is_bot": True, "first_name": "B", "colour": "red"}
    monkeypatch.setitem(methods.HANDLERS, "getMe", lambda world, params: wrong)
    with caplog.at_level(logging.CRITICAL):
        assert "getMe: colour is not in the Bot API" in await town.bot.refused("getMe")
        del wrong["first_name"]
        assert "getMe: wrong at ['first_name']" in await town.bot.refused("getMe")


def test_every_method_carried_out_is_in_the_bot_api() -> None:
    assert methods.HANDLERS.keys() <= models.METHODS.keys()


def test_an_update_that_the_models_do_not_know_is_unsound() -> None:
    with pytest.raises(models.Unsound, match=r"message\.colour"):
        models.check_update(
            {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "colour": 1}}
        )


def test_text_parameters_are_told_from_json_ones() -> None:
    assert models.is_text("sendMessage", "text")
    assert models.is_text("sendMessage", "parse_mode")
    assert models.is_text("sendPhoto", "photo")
    assert models.is_text("sendPhoto", "no_such_parameter")
    assert not models.is_text("sendMessage", "chat_id")
    assert not models.is_text("sendMessage", "reply_markup")
    assert not models.is_text("sendMessage", "protect_content")


def test_a_number_written_as_text_names_a_chat() -> None:
    read = models.read_request("sendMessage", {"chat_id": "-100", "text": "x"})
    assert read == {"chat_id": -100, "text": "x"}
    with pytest.raises(Refused, match="unknown parameter"):
        models.read_request("getMe", {"x": 1})


async def test_what_the_bot_is_called_and_does_is_kept(town: Town) -> None:
    commands = [{"command": "help", "description": "What I do"}]
    await town.bot.do("setMyCommands", commands=commands)
    scope = {"type": "chat", "chat_id": 5}
    await town.bot.do("setMyCommands", commands=[], scope=scope)
    assert await town.bot.do("getMyCommands") == commands
    assert await town.bot.do("getMyCommands", scope=scope) == []
    assert (await town.server.state(town.parent))["bot"]["commands"] == commands
    await town.bot.do("deleteMyCommands")
    assert await town.bot.do("getMyCommands") == []
    for method, field in (("setMyDescription", "description"), ("setMyShortDescription", "short_description")):
        await town.bot.do(method, **{field: "For parents"})
        assert "too long" in await town.bot.refused(method, **{field: "a" * 513})
    for bad in ({"command": "no way", "description": "x"}, {"command": "help", "description": ""}):
        assert "BOT_COMMAND" in await town.bot.refused("setMyCommands", commands=[bad])
    assert await town.bot.do("logOut") is True
    assert await town.bot.do("close") is True


async def test_a_stranger_cannot_be_looked_up_before_the_first_message(town: Town) -> None:
    assert "chat not found" in await town.bot.refused("getChat", chat_id=town.parent)
    await town.server.act(town.parent, "start")
    about = await town.bot.do("getChat", chat_id=town.parent)
    assert (about["first_name"], about["last_name"], about["type"]) == ("Priya", "Shah", "private")


async def test_pages_of_other_sites_are_refused(town: Town) -> None:
    address = f"{town.server.url}/control/state"
    for headers in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
        answer = await town.bot.http.get(address, headers=headers)
        assert answer.status_code == 403
    own = await town.bot.http.get(address, headers={"Origin": town.server.url})
    assert own.status_code == 200
