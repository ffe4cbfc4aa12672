"""Journey 6, end to end: the headteacher decides from the alert, once, with a reason; the author hears what follows."""

from pathlib import Path
from typing import Any

from tests.support.alerts import ABUSE, labels, only_alert
from tests.support.classroom import classroom
from tests.support.journey import DSL, HEAD, PARENT, REP, TEXTS, Day

_NO_BREACH, _ADVICE = "reasons.no_breach.banter.label", "reasons.private_advice.first.label"


async def alerted(day: Day) -> None:
    """Somebody writes what the headteacher is to see."""
    await day.say(PARENT, ABUSE)
    await day.told(HEAD, "alert.first_line")


def first_data(day: Day, name: str, message: dict[str, Any]) -> str:
    """What the first button under a message carries."""
    post = day.rehearsal.world.private(day.id_of(name)).posts[message["id"]]
    return str((post.markup or {})["inline_keyboard"][0][0]["callback_data"])


async def press_stale(day: Day, name: str, message: int, data: str) -> str:
    """Press a button that the phone still shows though it is gone; the words of the answer."""
    account = day.id_of(name)
    pressed = await day.act(name, "press", chat=account, message=message, data=data, stale=True)
    answer = await day.rehearsal.answer_to(account, pressed["query"])
    return str(answer["text"])


async def test_no_breach_with_a_ready_made_reason(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await alerted(day)
        await day.tap(HEAD, "decide.no_breach")
        answer = await day.tap(HEAD, _NO_BREACH)
        assert answer["text"] == TEXTS.plain("decide.done")
        await day.told(PARENT, "author.no_breach")
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert labels(alert) == []
        for words in ("Decided: no breach", HEAD, TEXTS.plain("reasons.no_breach.banter.words")):
            assert words in alert["text"]
        assert not [m for m in await day.letters(PARENT) if labels(m)]


async def test_private_advice_with_a_typed_reason_that_the_author_does_not_see(tmp_path: Path) -> None:
    reason = "I rang her; she is sorry. <3"
    async with classroom(tmp_path, PARENT) as day:
        await alerted(day)
        await day.tap(HEAD, "decide.private_advice")
        await day.tap(HEAD, "decide.type_own")
        await day.told(HEAD, "decide.type_reason")
        await day.write_privately(HEAD, reason)
        await day.told(HEAD, "decide.done_typed")
        advice = await day.told(PARENT, "author.advice")
        assert "could be hurtful to another parent" in advice["text"]
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert f"Reason: {reason}" in alert["text"]
        assert "4.1 Abusive or offensive to a fellow parent" in alert["text"].split("Decided")[1]
        assert not [m for m in await day.letters(PARENT) if reason in (m["text"] or "")]
        assert not [m for m in await day.rehearsal.group_messages(day.id_of(REP), day.group) if m["id"] > advice["id"]]


async def test_closing_the_group_from_the_alert(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT, SCHOOLGATE_OFFICE_CONTACT="01632 960123") as day:
        await alerted(day)
        await day.tap(HEAD, "decide.close_group")
        await day.settled()
        assert f"Close {day.school.title}?" in (await only_alert(day, HEAD))["text"]
        permissions = day.rehearsal.world.chats[day.group].permissions
        assert permissions["can_send_messages"], "nothing has happened yet"
        await day.tap(HEAD, "decide.confirm")
        await day.tap(HEAD, "reasons.close_group.calm.label")
        await day.settled()
        assert not any(day.rehearsal.world.chats[day.group].permissions.values())
        alert = await only_alert(day, HEAD)
        assert "Decided: close the group" in alert["text"]
        assert labels(alert) == []
        await day.notice("closing.notice")


async def test_a_second_press_and_a_stale_button_do_nothing_but_say_so(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await alerted(day)
        await day.settled()
        alert = await only_alert(day, HEAD)
        first = first_data(day, HEAD, alert)
        await day.tap(HEAD, "decide.private_advice")
        await day.settled()
        assert await press_stale(day, HEAD, alert["id"], first) == TEXTS.plain("buttons.used")
        second = first_data(day, HEAD, alert)
        await day.tap(HEAD, _ADVICE)
        await day.settled()
        decided = (await only_alert(day, HEAD))["text"]
        letters = len(await day.letters(PARENT))
        for data in (first, second):
            assert await press_stale(day, HEAD, alert["id"], data) == TEXTS.plain("buttons.used")
        await day.settled()
        assert (await only_alert(day, HEAD))["text"] == decided
        assert len(await day.letters(PARENT)) == letters


async def test_another_persons_press_does_nothing_but_say_so(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(DSL)
        await alerted(day)
        await day.settled()
        alert = await only_alert(day, HEAD)
        data = first_data(day, HEAD, alert)
        mine = (await day.letters(DSL))[-1]["id"]
        assert await press_stale(day, DSL, mine, data) == TEXTS.plain("buttons.not_yours")
        await day.settled()
        assert (await only_alert(day, HEAD))["text"] == alert["text"]
        assert labels(await only_alert(day, HEAD)) == labels(alert)


async def test_back_and_clauses_change_nothing_until_a_reason_is_given(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await alerted(day)
        await day.settled()
        before = await only_alert(day, HEAD)
        await day.tap(HEAD, "decide.private_advice")
        await day.tap(HEAD, "decide.clause_on")
        await day.settled()
        answer = await day.tap(HEAD, _ADVICE)
        assert answer["text"] == TEXTS.plain("decide.need_clause")
        await day.tap(HEAD, "decide.back")
        await day.settled()
        after = await only_alert(day, HEAD)
        assert (after["text"], labels(after)) == (before["text"], labels(before))
