"""Journey 4, end to end: what follows from what a parent who has agreed writes in the class group."""

from pathlib import Path

from tests.support.classroom import ABUSE, CAPTION_ABUSE, CHAT, GRIEVANCE, alerts, classroom
from tests.support.journey import HEAD, OTHER, PARENT, Day, pattern


async def pointers(day: Day, name: str) -> int:
    """How many pointers somebody got."""
    return sum(bool(pattern("pointer.complaint").search(letter["text"] or "")) for letter in await day.letters(name))


async def test_nobody_is_bothered_by_ordinary_chat(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        before = {name: len(await day.letters(name)) for name in (HEAD, PARENT)}
        await day.say(PARENT, CHAT)
        await day.say(PARENT, "Thanks so much, see you at the gate")
        await day.settled()
        assert {name: len(await day.letters(name)) for name in (HEAD, PARENT)} == before


async def test_a_grievance_gets_a_private_pointer_at_most_once_a_day(tmp_path: Path) -> None:
    contact = "the office, 01632 960123"
    async with classroom(tmp_path, PARENT, OTHER, SCHOOLGATE_COMPLAINTS_CONTACT=contact) as day:
        await day.say(PARENT, GRIEVANCE)
        pointer = await day.told(PARENT, "pointer.complaint", group=day.school.title)
        assert contact in pointer["text"]
        await day.say(PARENT, GRIEVANCE)
        await day.settled()
        assert await pointers(day, PARENT) == 1
        await day.say(OTHER, GRIEVANCE)
        await day.told(OTHER, "pointer.complaint")
        await day.rehearsal.advance(25 * 3600)
        await day.say(PARENT, GRIEVANCE)
        await day.settled()
        assert await pointers(day, PARENT) == 2
        assert await alerts(day) == []


async def test_abuse_is_flagged_in_texts_captions_and_polls(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.say(PARENT, ABUSE)
        await day.told(HEAD, "alert.first_line")
        await day.act(PARENT, "photo", chat=day.group, caption=CAPTION_ABUSE)
        await day.act(PARENT, "poll", chat=day.group, question="Who is it?", options=[ABUSE, "nobody"])
        await day.settled()
        shown = [alert["text"] for alert in await alerts(day)]
        assert [any(words in text for text in shown) for words in (ABUSE, CAPTION_ABUSE, "Who is it?")] == [True] * 3
        assert len(shown) == 3
        media = {call["method"] for call in await day.rehearsal.calls()}
        assert not media & {"getFile", "forwardMessage", "copyMessage"}


async def test_a_clean_message_edited_into_abuse_is_flagged_and_an_edit_of_nothing_is_not(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        message = await day.say(PARENT, CHAT)
        await day.settled()
        assert await alerts(day) == []
        await day.rehearsal.advance(5)
        await day.act(PARENT, "edit", chat=day.group, message=message, text=ABUSE)
        await day.told(HEAD, "alert.first_line")
        await day.rehearsal.advance(5)
        await day.act(PARENT, "touch", chat=day.group, message=message)
        await day.settled()
        assert len(await alerts(day)) == 1


async def test_an_edit_of_a_message_from_before_consent_is_not_read(tmp_path: Path) -> None:
    async with classroom(tmp_path) as day:
        message = await day.say(PARENT, CHAT)
        await day.rehearsal.advance(5)
        await day.enrolled_parent(PARENT)
        await day.rehearsal.advance(5)
        await day.act(PARENT, "edit", chat=day.group, message=message, text=ABUSE)
        await day.settled()
        assert await alerts(day) == []
        await day.say(PARENT, ABUSE)
        await day.told(HEAD, "alert.first_line")


async def test_replies_quotes_and_forwards_are_read_as_what_they_are(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT, OTHER) as day:
        asked = await day.say(OTHER, CHAT)
        reply = await day.say(PARENT, ABUSE, reply_to=asked, quote="spare PE top")
        alert = await day.told(HEAD, "alert.first_line")
        assert ABUSE in alert["text"]
        await day.rehearsal.advance(5)
        await day.act(PARENT, "forward", from_chat=day.group, message=reply, to_chat=day.group)
        await day.settled()
        assert len(await alerts(day)) == 2


async def test_the_channel_of_the_school_and_anonymous_admins_are_not_people(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        owner = next(
            who for who, member in day.rehearsal.world.chats[day.group].members.items() if member.status == "creator"
        )
        await day.rehearsal.act(owner, "channel_post", chat=day.group, text=ABUSE)
        await day.settled()
        assert await alerts(day) == []
