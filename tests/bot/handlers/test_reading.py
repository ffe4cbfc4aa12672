"""Reading in a group: what follows from a message, and from whose it is never even scored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from telegram import Update
from telegram.ext import ContextTypes

from bot.handlers.reading import FILTER, how_to_complain, read
from bot.runtime.screening import NotScored
from bot.services import AlreadyHandled
from moderation.effects import Alert, Tell
from moderation.records import GroupStatus
from storage.outbox import Queued
from storage.store import Transaction
from tests.support.any_update import AGREEING, CONSENTED, SANCTIONED, SILENT
from tests.support.doorstep import HEAD, Doorstep, doorstep
from tests.support.word_engine import WordEngine

AUTHOR, OTHER = AGREEING
STAFF = SILENT[5]
Json = dict[str, Any]


@dataclass
class Context:
    """What a handler asks of python-telegram-bot's context."""

    bot_data: dict[str, Any]


@dataclass
class Classroom:
    """The school before the door, and what people write in its group."""

    door: Doorstep
    engine: WordEngine
    last: int = 0

    async def say(self, text: str = "", *, by: int = AUTHOR, edit: int = 0, number: int = 0, **fields: Any) -> None:
        """Write, or edit the message of that number; through the door and to the handler."""
        await self.handle(await self.arrive(text, by=by, edit=edit, number=number, **fields))

    async def arrive(
        self, text: str = "", *, by: int = AUTHOR, edit: int = 0, number: int = 0, **fields: Any
    ) -> Update:
        """Only let it arrive."""
        self.last += 1
        made = message(by, number or self.last, **({"text": text} if text else {}), **fields)
        kind = "edited_message" if edit else "message"
        received = await self.door.receive(
            {"update_id": self.last, kind: made | ({"edit_date": CONSENTED + 100 + edit} if edit else {})}
        )
        update = Update.de_json(dict(received.payload), None)
        assert update is not None
        return update

    async def handle(self, update: Update) -> None:
        """What the bot does about it."""
        if FILTER.check_update(update):
            context = Context({"services": self.door.services})
            await read(update, cast(ContextTypes.DEFAULT_TYPE, context))

    async def queued(self) -> list[Queued]:
        """Everything that is to be carried out."""
        found: list[Queued] = await self.door.do(lambda tx: tx.outbox.due())
        return found

    async def tells(self, key: str) -> list[Tell]:
        """The private messages of this text."""
        return [one.effect for one in await self.queued() if isinstance(one.effect, Tell) and one.effect.text == key]

    async def alerts(self) -> list[Alert]:
        """The alerts to the headteacher."""
        return [one.effect for one in await self.queued() if isinstance(one.effect, Alert) and one.effect.to == HEAD]

    async def case(self, number: int = 1) -> Any:
        """The newest case on a message."""
        return await self.door.do(lambda tx: tx.cases.latest_for_message(SANCTIONED, number))


def message(by: int, number: int, **fields: Any) -> Json:
    return {
        "message_id": number,
        "date": CONSENTED + 60,
        "chat": {"id": SANCTIONED, "type": "supergroup", "title": "Willow"},
        "from": {"id": by, "is_bot": False, "first_name": "x"},
        **fields,
    }


async def withdraw(room: Classroom) -> None:
    async def end(tx: Transaction) -> None:
        person = await tx.people.by_telegram(AUTHOR)
        assert person is not None
        assert await tx.consents.withdraw(person.id)

    await room.door.do(end)


@pytest.fixture
async def room(tmp_path: Path) -> Any:
    async with doorstep(tmp_path) as door:
        engine = door.services.engine
        assert isinstance(engine, WordEngine)
        yield Classroom(door, engine)


async def test_nothing_follows_from_ordinary_chat(room: Classroom) -> None:
    await room.say("who has the costume list")
    assert len(room.engine.batches) == 1
    assert await room.queued() == []
    assert await room.case() is None


@pytest.mark.parametrize("author", SILENT)
async def test_who_does_not_agree_is_not_even_scored(room: Classroom, author: int) -> None:
    await room.say("what a clown", by=author)
    assert room.engine.batches == []
    assert await room.queued() == []


async def test_abuse_becomes_a_case_and_reaches_the_headteacher(room: Classroom) -> None:
    await room.say("what a clown")
    case = await room.case()
    assert case.text == "what a clown"
    assert case.engine == "words 1"
    assert case.policy_version == room.door.services.policy.version
    assert not case.edited
    assert [alert.case_id for alert in await room.alerts()] == [case.id]


async def test_a_concern_becomes_a_case_though_nothing_is_flagged(room: Classroom) -> None:
    await room.say("maya came home with bruises again")
    assert (await room.case()).concern == "child"
    assert await room.tells("pointer.complaint") == []


async def test_a_grievance_gets_a_pointer_at_most_once_a_day(room: Classroom) -> None:
    await room.say("i grumble about the fees")
    await room.say("i grumble about the food")
    [pointer] = await room.tells("pointer.complaint")
    assert pointer.to == AUTHOR
    assert pointer.values["group"] == "Willow"
    assert await room.case() is None
    room.door.clock.advance(hours=room.door.services.settings.pointer_hours)
    await room.say("i grumble once more")
    assert len(await room.tells("pointer.complaint")) == 2


async def test_each_parent_gets_a_pointer_of_their_own(room: Classroom) -> None:
    await room.say("i grumble about the fees")
    await room.say("i grumble too", by=OTHER)
    assert [pointer.to for pointer in await room.tells("pointer.complaint")] == [AUTHOR, OTHER]


async def test_the_pointer_shows_in_words_how_to_complain(tmp_path: Path) -> None:
    async with doorstep(tmp_path) as door:
        assert "complaints procedure" in how_to_complain(door.services)
        given = {"complaints_url": "https://oakfield.example/complain", "complaints_contact": "the chair"}
        services = door.services
        object.__setattr__(services, "settings", services.settings.model_copy(update=given))
        assert how_to_complain(services) == "https://oakfield.example/complain · the chair"


@pytest.mark.parametrize(
    "fields",
    [
        {"caption": "what a clown", "photo": [{"file_id": "x"}]},
        {"poll": {"question": "Is he a clown?", "options": [{"text": "yes"}, {"text": "no"}]}},
        {"poll": {"question": "Who?", "options": [{"text": "the clown"}, {"text": "nobody"}]}},
        {"checklist": {"title": "Fair", "tasks": [{"id": 1, "text": "tell the clown to go"}]}},
    ],
)
async def test_captions_polls_and_checklists_are_read(room: Classroom, fields: Json) -> None:
    await room.say(**fields)
    assert "clown" in (await room.case()).text


async def test_a_clean_message_edited_into_abuse_is_flagged_once(room: Classroom) -> None:
    await room.say("what a day")
    await room.say("what a clown", number=1, edit=1)
    case = await room.case()
    assert case.edited
    await room.say("what a clown", number=1, edit=2)
    assert [alert.case_id for alert in await room.alerts()] == [case.id]
    await room.say("what a useless clown", number=1, edit=3)
    assert len(await room.alerts()) == 2


async def test_the_words_answered_are_scored_with_only_if_their_author_agrees(room: Classroom) -> None:
    answered = message(OTHER, 50, text="have you seen the timetable")
    await room.say("you clown", reply_to_message=answered)
    await room.say("you clown", reply_to_message=answered | {"from": {"id": SILENT[1], "is_bot": False}})
    await room.say("you clown", reply_to_message=answered, quote={"text": "timetable", "position": 18})
    whole, hidden, quoted = (found[0].reply_text for found in room.engine.batches if found[0].text == "you clown")
    assert "timetable" in whole
    assert hidden == ""
    assert quoted == "timetable"


async def test_an_answer_to_staff_counts_as_said_to_staff(room: Classroom) -> None:
    await room.say("you clown", reply_to_message=message(STAFF, 50))
    assert (await room.case()).target == "staff"


async def test_an_answer_out_of_another_chat_counts_by_its_author(room: Classroom) -> None:
    origin = {"type": "user", "date": CONSENTED, "sender_user": {"id": STAFF, "is_bot": False, "first_name": "x"}}
    await room.say("you clown", external_reply={"origin": origin})
    assert (await room.case()).target == "staff"


@pytest.mark.parametrize(
    "answered",
    [
        message(1, 50) | {"from": {"id": 1, "is_bot": True}},
        message(STAFF, 50) | {"sender_chat": {"id": SANCTIONED, "type": "supergroup"}},
    ],
)
async def test_an_answer_to_a_bot_or_to_nobody_in_particular_is_none(room: Classroom, answered: Json) -> None:
    await room.say("you clown", reply_to_message=answered)
    assert (await room.case()).target_because != "reply"


async def test_a_message_in_a_topic_does_not_answer_the_topics_first(room: Classroom) -> None:
    first = message(STAFF, 40, forum_topic_created={"name": "x", "icon_color": 1})
    await room.say("you clown", reply_to_message=first, is_topic_message=True, message_thread_id=40)
    assert (await room.case()).target_because != "reply"


async def test_who_withdrew_before_it_was_read_is_not_read(room: Classroom) -> None:
    update = await room.arrive("what a clown")
    await withdraw(room)
    await room.handle(update)
    assert room.engine.batches == []


async def test_who_withdrew_while_it_was_scored_hears_nothing_more_of_it(room: Classroom) -> None:
    update = await room.arrive("what a clown")
    screen = room.door.services.screening.screen

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        found = await screen(*args, **kwargs)
        await withdraw(room)
        return found

    room.door.services.screening.screen = slowly  # type: ignore[method-assign]  # the moment between the two looks
    await room.handle(update)
    assert len(room.engine.batches) > 0
    assert await room.case() is None
    assert await room.queued() == []
    assert not await room.door.do(lambda tx: tx.inbox.is_waiting(update.update_id)), "its words are destroyed"


async def test_in_a_group_that_is_no_longer_sanctioned_nothing_is_read(room: Classroom) -> None:
    update = await room.arrive("what a clown")
    await room.door.do(lambda tx: tx.groups.change(room.door.group.id, status=GroupStatus.REFUSED))
    await room.handle(update)
    assert room.engine.batches == []


async def test_the_same_update_is_never_acted_on_twice(room: Classroom) -> None:
    update = await room.arrive("what a clown")
    await room.handle(update)
    with pytest.raises(AlreadyHandled):
        await room.handle(update)
    assert len(await room.alerts()) == 1


async def test_what_cannot_be_scored_waits_sealed(room: Classroom) -> None:
    update = await room.arrive("poison clown")
    with pytest.raises(NotScored) as failed:
        await room.handle(update)
    assert "poison" not in str(failed.value).replace("EngineFailed", "")
    assert await room.door.do(lambda tx: tx.inbox.is_waiting(update.update_id))
    assert b"poison" not in room.door.on_disk()


async def test_the_pointers_text_has_all_it_names(room: Classroom) -> None:
    await room.say("i grumble")
    [pointer] = await room.tells("pointer.complaint")
    assert "Willow" in room.door.services.texts.render(pointer.text, **pointer.values)
