"""Journey 2, end to end: into a gated group only with the school's letter and the code acknowledged."""

import re
from pathlib import Path

from tests.support.journey import HEAD, OFFICE, REP, STRANGER, THIRD, Day, journey

NEWCOMER = "Ewa Kowalska"
_HOUR = 3600


async def gated(day: Day, *staff: str) -> str:
    """The headteacher (and `staff`) enrol, and she has the gate kept; the group's join link."""
    await day.enrol(HEAD, *staff)
    await day.settled()
    await day.add_bot()
    await day.tap(HEAD, "group.gated_button")
    told = await day.told(HEAD, "group.link")
    await day.settled()
    found = re.search(r"https?://t\.me/\S+", told["text"])
    assert found
    return found.group()


def status(day: Day, name: str) -> str:
    """What somebody is in the class group, as Telegram has it."""
    return day.rehearsal.world.member(day.rehearsal.world.chats[day.group], day.id_of(name)).status


def waits(day: Day, name: str) -> bool:
    """Whether somebody's request to join is still open in Telegram."""
    return day.id_of(name) in day.rehearsal.world.chats[day.group].requests


async def test_a_registered_parent_joins_and_declining_consent_does_not_bar(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        link = await gated(day)
        await day.act(NEWCOMER, "open", link=link)
        asked = await day.told(NEWCOMER, "join.who_are_you", title=day.school.title)
        urls = [button.get("url") for row in asked["buttons"] for button in row]
        assert any((url or "").endswith("?start=join") for url in urls)
        await day.act(NEWCOMER, "open", link=next(url for url in urls if url))
        await day.told(NEWCOMER, "start.join")
        await day.enrol(NEWCOMER)
        await day.told(NEWCOMER, "welcome.parent")
        await day.settled()
        assert waits(day, NEWCOMER), "a letter alone does not open the door: the code comes first"
        await day.tap(NEWCOMER, "code.agree")
        await day.told(NEWCOMER, "join.approved", title=day.school.title)
        await day.settled()
        assert status(day, NEWCOMER) == "member"
        await day.tap(NEWCOMER, "consent.no")
        await day.told(NEWCOMER, "consent.declined")
        await day.enrolled_parent(THIRD, consent=False)
        await day.act(THIRD, "open", link=link)
        await day.settled()
        assert status(day, THIRD) == "member", "known and acknowledged: in at once, consent or not"
        await day.not_told(THIRD, "join.approved")
        await day.not_told(HEAD, "join.office_stranger")


async def test_a_stranger_without_a_link_is_declined_and_the_office_told_without_a_name(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        link = await gated(day, OFFICE)
        await day.act(STRANGER, "open", link=link)
        answer = await day.tap(STRANGER, "join.no_link")
        assert answer["text"]
        await day.told(STRANGER, "join.declined_no_link", title=day.school.title)
        told = await day.told(OFFICE, "join.office_no_link", title=day.school.title)
        assert not [part for part in STRANGER.split() if part in told["text"]]
        await day.settled()
        assert (status(day, STRANGER), waits(day, STRANGER)) == ("left", False)
        await day.not_told(HEAD, "join.office_no_link")


async def test_three_codes_that_do_not_fit_end_a_request(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        link = await gated(day)
        await day.act(STRANGER, "open", link=link)
        await day.told(STRANGER, "join.who_are_you")
        for number in range(3):
            await day.act(STRANGER, "start", payload=f"guess-{number}")
        await day.told(STRANGER, "join.declined_codes")
        await day.told(HEAD, "join.office_codes")
        await day.settled()
        assert not waits(day, STRANGER)


async def test_a_request_that_nobody_finishes_is_declined_even_if_its_author_cannot_be_written_to(
    tmp_path: Path,
) -> None:
    async with journey(tmp_path) as day:
        link = await gated(day, OFFICE)
        await day.stop_bot()
        await day.act(STRANGER, "open", link=link)
        await day.rehearsal.advance(6 * 60)
        await day.start_bot()
        await day.settled()
        assert await day.letters(STRANGER) == []
        assert waits(day, STRANGER)
        await day.rehearsal.advance(25 * _HOUR)
        await day.told(OFFICE, "join.office_late", title=day.school.title)
        await day.settled()
        assert (status(day, STRANGER), waits(day, STRANGER)) == ("left", False)


async def test_a_stranger_whom_an_admin_adds_is_told_to_the_office_and_to_nobody_else(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await gated(day, OFFICE)
        await day.act(REP, "add_member", chat=day.group, user=day.id_of(STRANGER))
        told = await day.told(OFFICE, "join.office_stranger", title=day.school.title)
        assert STRANGER not in told["text"]
        before = len(await day.rehearsal.group_messages(day.id_of(REP), day.group))
        await day.act(REP, "remove_member", chat=day.group, user=day.id_of(STRANGER))
        await day.act(REP, "add_member", chat=day.group, user=day.id_of(STRANGER))
        await day.settled()
        told_again = [m for m in await day.letters(OFFICE) if m["text"] == told["text"]]
        assert len(told_again) == 1
        after = await day.rehearsal.group_messages(day.id_of(REP), day.group)
        assert not [m for m in after[before:] if m["from"]["is_bot"] and m["text"]]


async def test_a_command_in_the_group_is_taken_out_and_answered_in_private(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await gated(day, REP)
        mine = await day.say(REP, "/code")
        theirs = await day.say("Daniel Price", "/help")
        await day.told(REP, "code.ask")
        await day.settled()
        left = [m["id"] for m in await day.rehearsal.group_messages(day.id_of(REP), day.group)]
        assert mine not in left
        assert theirs not in left
        assert await day.letters("Daniel Price") == []
