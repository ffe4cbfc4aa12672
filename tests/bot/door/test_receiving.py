"""The door: what nobody agreed to is not kept, in any update; what was agreed to is."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from tests.support.any_update import AGREEING, ALLOWED, CONSENTED, KINDS, SANCTIONED, SECRET, SILENT, Maker
from tests.support.doorstep import HEAD, Doorstep, doorstep, logged

LATER = CONSENTED + 60
STRANGER, UNASKED, WITHDRAWN, LATE, OLD_NOTICE, STAFF, ELSEWHERE = SILENT
Json = dict[str, Any]


class Runner:
    """A doorstep with an event loop of its own, for tests that try many updates on one school."""

    def __init__(self, loop: asyncio.Runner, door: Doorstep) -> None:
        self.loop, self.door = loop, door

    def let_in(self, raw: Json) -> str:
        """What is kept of an update, as JSON; python-telegram-bot must be able to read it."""
        received = self.loop.run(self.door.receive(raw))
        assert Update.de_json(dict(received.payload), None) is not None
        return json.dumps(received.payload, ensure_ascii=False)


@pytest.fixture
def tries(tmp_path: Path) -> Iterator[Runner]:
    with asyncio.Runner() as loop:
        manager = doorstep(tmp_path)
        door = loop.run(manager.__aenter__())
        yield Runner(loop, door)
        loop.run(manager.__aexit__(None, None, None))


@pytest.fixture
async def door(tmp_path: Path) -> Any:
    async with doorstep(tmp_path) as found:
        yield found


def message(**fields: Any) -> Json:
    """A message in the sanctioned group by somebody who agrees, unless told otherwise."""
    author = fields.pop("by", AGREEING[0])
    made = {
        "message_id": 7,
        "date": LATER,
        "chat": {"id": SANCTIONED, "type": "supergroup", "title": "Willow"},
        "from": {"id": author, "is_bot": False, "first_name": SECRET},
        **fields,
    }
    return {"update_id": 1, "message": made}


def private(text: str, **fields: Any) -> Json:
    author = fields.get("by", STRANGER)
    return message(text=text, chat={"id": author, "type": "private", "first_name": SECRET}, **({"by": author} | fields))


async def kept(door: Doorstep, raw: Json) -> Json:
    return dict((await door.receive(raw)).payload)


def test_no_update_of_any_kind_carries_in_what_nobody_agreed_to(tries: Runner) -> None:
    seen = dict.fromkeys(KINDS, 0)
    allowed = 0

    @settings(max_examples=900, deadline=None, database=None)
    @given(kind=st.sampled_from(KINDS + ("message", "edited_message") * 14), seed=st.integers(0, 2**32))
    def through_the_door(kind: str, seed: int) -> None:
        nonlocal allowed
        maker = Maker(seed)
        payload = tries.let_in(maker.update(kind))
        assert SECRET not in payload
        # What nobody forbids may still be dropped (a forward whose origin is of no known type); never the reverse.
        assert maker.readable or ALLOWED not in payload
        seen[kind] += 1
        allowed += ALLOWED in payload

    with logged() as log:
        through_the_door()
        tries.loop.run(tries.door.do(lambda tx: tx.inbox.count_waiting()))
    assert min(seen.values()) > 0, "every kind was tried"
    assert allowed > 20, "the agreed words were there to be kept"
    opened = tries.loop.run(tries.door.kept())
    assert SECRET not in opened
    assert ALLOWED in opened
    for words in (SECRET, ALLOWED):
        assert words.encode() not in tries.door.on_disk()
        assert json.dumps(words).encode() not in tries.door.on_disk()
        assert words not in log.getvalue()


@pytest.mark.parametrize("author", SILENT)
async def test_the_words_of_who_does_not_agree_stay_outside(door: Doorstep, author: int) -> None:
    payload = await kept(door, message(by=author, text=SECRET))
    assert payload["message"]["from"]["id"] == author
    assert "text" not in payload["message"]


async def test_a_message_in_the_second_of_consent_is_read_and_one_from_before_is_not(door: Doorstep) -> None:
    assert "text" in (await kept(door, message(text=ALLOWED, date=CONSENTED)))["message"]
    assert "text" not in (await kept(door, message(text=SECRET, date=CONSENTED - 1)))["message"]


async def test_what_was_written_before_the_group_was_sanctioned_is_never_read(door: Doorstep) -> None:
    approved = datetime.fromtimestamp(CONSENTED + 30, UTC)
    await door.do(lambda tx: tx.groups.change(door.group.id, decided_at=approved))
    before, after = CONSENTED + 29, CONSENTED + 30
    edited = {"update_id": 2, "edited_message": message(text=SECRET, date=before, edit_date=LATER)["message"]}
    assert SECRET not in json.dumps(await kept(door, edited), ensure_ascii=False)
    answered = message(text=SECRET, date=before)["message"]
    answer = await kept(door, message(text=ALLOWED, date=after, reply_to_message=answered))
    assert ALLOWED in json.dumps(answer)
    assert SECRET not in json.dumps(answer, ensure_ascii=False)


async def test_an_edit_counts_from_when_the_message_was_first_written(door: Doorstep) -> None:
    raw = message(text=SECRET, date=CONSENTED - 60, edit_date=LATER)
    payload = await kept(door, {"update_id": 2, "edited_message": raw["message"]})
    assert SECRET not in json.dumps(payload, ensure_ascii=False)
    assert payload["edited_message"]["edit_date"] == LATER


async def test_a_forward_needs_the_consent_of_both(door: Doorstep) -> None:
    def forward(by: int, writer: int, written: int = LATER, kind: str = "user") -> Json:
        origin = {"type": kind, "date": written, "sender_user": {"id": writer, "is_bot": False, "first_name": "x"}}
        return message(by=by, text="said", forward_origin=origin)

    both = await kept(door, forward(*AGREEING))
    assert both["message"]["text"] == "said"
    for unread in (
        forward(AGREEING[0], STRANGER),
        forward(STRANGER, AGREEING[0]),
        forward(*AGREEING, written=CONSENTED - 60),
        forward(*AGREEING, kind="hidden_user"),
        message(text="said", forward_date=LATER, forward_sender_name="x"),
    ):
        assert "text" not in (await kept(door, unread))["message"]


async def test_what_is_answered_and_quoted_goes_by_its_own_author(door: Doorstep) -> None:
    def answer(by: int, to: int) -> Json:
        answered = message(by=to, text="earlier", message_id=3)["message"]
        return message(by=by, text="now", reply_to_message=answered, quote={"text": "earl", "position": 0})

    both = (await kept(door, answer(*AGREEING)))["message"]
    assert (both["reply_to_message"]["text"], both["quote"]["text"]) == ("earlier", "earl")
    one = (await kept(door, answer(AGREEING[0], UNASKED)))["message"]
    assert one["text"] == "now"
    assert "text" not in one["reply_to_message"]
    assert one["reply_to_message"]["from"]["id"] == UNASKED
    assert "quote" not in one
    none = json.dumps(await kept(door, answer(UNASKED, AGREEING[0])))
    assert "earl" not in none


async def test_words_quoted_from_another_chat_go_by_their_author(door: Doorstep) -> None:
    def quoting(writer: int) -> Json:
        origin = {"type": "user", "date": LATER, "sender_user": {"id": writer, "is_bot": False, "first_name": "x"}}
        return message(text="see", external_reply={"origin": origin}, quote={"text": "there", "position": 0})

    assert (await kept(door, quoting(AGREEING[1])))["message"]["quote"]["text"] == "there"
    assert "quote" not in (await kept(door, quoting(UNASKED)))["message"]


async def test_polls_and_checklists_keep_only_what_their_author_wrote(door: Doorstep) -> None:
    stranger = {"id": STRANGER, "is_bot": False, "first_name": SECRET}
    options = [{"text": "yes"}, {"text": SECRET, "added_by_user": stranger}]
    poll = (await kept(door, message(poll={"question": "Cake?", "options": options, "media": SECRET})))["message"][
        "poll"
    ]
    assert [option["text"] for option in poll["options"]] == ["yes"]
    tasks = [{"id": 1, "text": "bake"}]
    alone = await kept(door, message(checklist={"title": "Fair", "tasks": tasks}))
    assert alone["message"]["checklist"]["tasks"] == tasks
    shared = await kept(door, message(checklist={"title": "Fair", "tasks": tasks, "others_can_add_tasks": True}))
    assert shared["message"]["checklist"]["tasks"] == []


@pytest.mark.parametrize(
    "mark",
    [
        {"via_bot": {"id": 9, "is_bot": True, "first_name": "gifs"}},
        {"sender_chat": {"id": SANCTIONED, "type": "supergroup", "title": SECRET}},
        {"is_automatic_forward": True},
        {"from": {"id": AGREEING[0], "is_bot": True, "first_name": "x"}},
    ],
)
async def test_what_is_not_a_persons_own_is_not_theirs_to_agree_to(door: Doorstep, mark: Json) -> None:
    assert SECRET not in json.dumps(await kept(door, message(text=SECRET) | {} | _with(mark)), ensure_ascii=False)


def _with(mark: Json) -> Json:
    return message(**({"text": SECRET} | mark))


@pytest.mark.parametrize("typed", ["/close you lot", "/close@Oakfield_Bot you lot", "/CLOSE\nyou lot"])
async def test_a_command_in_the_group_is_kept_alone_from_anyone(door: Doorstep, typed: str) -> None:
    payload = (await kept(door, message(by=STRANGER, text=typed)))["message"]
    assert payload["text"].partition("@")[0] == "/close"
    assert payload["entities"] == [{"type": "bot_command", "offset": 0, "length": len(payload["text"])}]


@pytest.mark.parametrize("typed", ["/closed", "/rant", "/close@another_bot now", "please /close"])
async def test_what_only_looks_like_a_command_is_words_like_any_other(door: Doorstep, typed: str) -> None:
    assert "text" not in (await kept(door, message(by=STRANGER, text=typed)))["message"]
    assert (await kept(door, message(text=typed)))["message"]["text"] == typed


async def test_words_behind_a_command_that_takes_none_are_said_to_the_group(door: Doorstep) -> None:
    kept = (await door.receive(message(text="/help you are all useless"))).payload["message"]
    assert kept["text"] == "/help you are all useless"
    assert kept["entities"] == []
    silent = (await door.receive(message(by=STRANGER, text="/help you are all useless"))).payload["message"]
    assert silent["text"] == "/help"


async def test_an_edit_never_becomes_a_command(door: Doorstep) -> None:
    raw = message(text="/close", entities=[{"type": "bot_command", "offset": 0, "length": 6}])["message"]
    payload = await kept(door, {"update_id": 2, "edited_message": raw})
    assert payload["edited_message"]["entities"] == []
    in_private = private("/withdraw", by=AGREEING[0])["message"]
    assert "text" not in (await kept(door, {"update_id": 3, "edited_message": in_private}))["edited_message"]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("/start abc-DEF_1", "/start abc-DEF_1"),
        ("/start you are all clowns", "/start"),
        ("/help me please", "/help"),
        ("ABCD efgh jkmn pqrs tvwx yz01 2345", "abcd-efgh-jkmn-pqrs-tvwx-yz01-2345"),
    ],
)
async def test_in_private_commands_and_codes_are_kept(door: Doorstep, typed: str, left: str) -> None:
    assert (await kept(door, private(typed)))["message"]["text"] == left


@pytest.mark.parametrize("author", [STRANGER, UNASKED, AGREEING[0], STAFF])
async def test_in_private_anything_else_is_dropped_unless_it_was_asked_for(door: Doorstep, author: int) -> None:
    assert "text" not in (await kept(door, private(SECRET, by=author)))["message"]
    await door.do(lambda tx: tx.prompts.ask(author, "reason", {}, school_id=door.school.id))
    assert (await kept(door, private("because", by=author)))["message"]["text"] == "because"
    forwarded = private(SECRET, by=author, forward_origin={"type": "hidden_user", "date": 1})
    assert "text" not in (await kept(door, forwarded))["message"]


async def test_who_is_let_in_or_out_is_kept_without_names(door: Doorstep) -> None:
    newcomer = {"id": STRANGER, "is_bot": False, "first_name": SECRET, "username": SECRET}
    payload = await kept(door, message(by=STRANGER, new_chat_members=[newcomer], migrate_to_chat_id=-100777))
    assert payload["message"]["new_chat_members"] == [{"id": STRANGER, "is_bot": False, "first_name": ""}]
    assert payload["message"]["migrate_to_chat_id"] == -100777
    link = {"invite_link": SECRET, "name": SECRET, "creator": newcomer, "creates_join_request": True}
    request = {"chat": message()["message"]["chat"], "from": newcomer, "date": LATER, "user_chat_id": STRANGER}
    asked = await kept(door, {"update_id": 2, "chat_join_request": request | {"bio": SECRET, "invite_link": link}})
    assert asked["chat_join_request"]["user_chat_id"] == STRANGER
    assert asked["chat_join_request"]["invite_link"]["creator"]["id"] == STRANGER
    assert SECRET not in json.dumps(asked, ensure_ascii=False)


async def test_rights_are_kept_and_titles_of_people_are_not(door: Doorstep) -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "Gate"}
    admin = {"user": bot, "status": "administrator", "can_delete_messages": True, "custom_title": SECRET}
    chat = message()["message"]["chat"]
    change = {"chat": chat, "from": bot, "date": LATER, "old_chat_member": {"user": bot, "status": "odd"}}
    payload = await kept(door, {"update_id": 2, "my_chat_member": change | {"new_chat_member": admin}})
    kept_member = payload["my_chat_member"]["new_chat_member"]
    assert kept_member["can_delete_messages"] is True
    assert "custom_title" not in kept_member
    assert payload["my_chat_member"]["old_chat_member"]["status"] == "left"


async def test_a_press_keeps_its_handle_and_not_the_message_it_is_under(door: Doorstep) -> None:
    query = {"id": "123", "from": message()["message"]["from"], "chat_instance": SECRET, "data": "h:abc_DEF-1"}
    payload = await kept(door, {"update_id": 2, "callback_query": query | {"message": message(text=SECRET)["message"]}})
    assert payload["callback_query"]["data"] == "h:abc_DEF-1"
    assert payload["callback_query"]["message"]["message_id"] == 7
    assert SECRET not in json.dumps(payload, ensure_ascii=False)
    forged = await kept(door, {"update_id": 3, "callback_query": query | {"data": SECRET}})
    assert "data" not in forged["callback_query"]


@pytest.mark.parametrize("kind", ["brain_wave", "Not A Field: " + SECRET, "channel_post"])
async def test_a_kind_that_is_not_handled_leaves_its_number_alone(door: Doorstep, kind: str) -> None:
    received = await door.receive({"update_id": 5, kind: {"text": SECRET}})
    assert received.payload == {"update_id": 5}
    assert SECRET not in received.kind


@pytest.mark.parametrize(
    "broken", [{"chat": {"id": 2**70, "type": ["group"]}}, {"from": {"id": "x"}}, {"date": SECRET}]
)
async def test_a_door_that_cannot_rebuild_an_update_keeps_its_number_alone(door: Doorstep, broken: Json) -> None:
    with logged() as log:
        payload = await kept(door, message(**({"text": SECRET} | broken)))
    assert payload["update_id"] == 1
    assert SECRET not in json.dumps(payload, ensure_ascii=False) + log.getvalue()


async def test_a_field_that_nobody_here_can_read_is_reported_once_by_name(door: Doorstep) -> None:
    with logged() as log:
        for text in (SECRET, "more"):
            payload = await kept(door, message(rich_message={"blocks": [{"text": text}]}, counter={"n": 4}))
            assert SECRET not in json.dumps(payload, ensure_ascii=False)
    assert log.getvalue().count("rich_message") == 1
    assert "counter" not in log.getvalue()
    assert SECRET not in log.getvalue()
    told = await door.do(lambda tx: tx.outbox.due())
    assert [(queued.effect.to, queued.effect.values["field"]) for queued in told] == [(HEAD, "rich_message")]
    assert await door.do(lambda tx: tx.meta.get("unknown-field:rich_message")) is not None


async def test_a_field_seen_where_nobody_can_be_told_is_still_remembered(door: Doorstep) -> None:
    await kept(door, private("/help", rich_message={"text": SECRET}))
    await kept(door, message(**{"Made Up " + SECRET: SECRET}))
    assert await door.do(lambda tx: tx.meta.get("unknown-field:rich_message")) is not None
    assert await door.do(lambda tx: tx.meta.get("unknown-field:unnamed")) is not None
