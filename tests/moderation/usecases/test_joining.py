"""The gate: who is known and has agreed comes in; everybody else is told what to do, or kindly declined."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.records import GroupMode, GroupStatus, JoinRequest
from moderation.usecases import joining
from moderation.usecases.joining import ANSWERED, DECLINE_AFTER
from moderation.vocabulary import Role
from tests.support.village import GROUP, HEAD, NOON, OFFICE, PARENT, STRANGER, Village, person


async def ask(village: Village, account: int) -> JoinRequest:
    return await joining.ask_to_join(
        GROUP, account, account, wait=timedelta(days=1), join_url="https://t.me/bot?start=join", gate=village.gate
    )


async def acknowledged(village: Village) -> None:
    await village.consents.acknowledge("oakfield", village.parent.id, version="1", hash_="c1")


async def test_who_is_known_and_has_agreed_comes_in_at_once_and_hears_nothing() -> None:
    village = Village()
    await acknowledged(village)
    request = await ask(village, PARENT)
    assert village.outbox.answers() == [True]
    assert village.outbox.told(PARENT) == []
    assert request.status == "approved"


async def test_staff_come_in_without_the_parents_code() -> None:
    village = Village()
    await ask(village, OFFICE)
    assert village.outbox.answers() == [True]


async def test_a_parent_who_has_not_agreed_reads_the_code_and_then_comes_in() -> None:
    village = Village()
    await ask(village, PARENT)
    assert village.outbox.told(PARENT) == ["join.read_first", "code.ask"]
    await joining.admit(village.parent, gate=village.gate)
    assert village.outbox.answers() == []
    await acknowledged(village)
    await joining.admit(village.parent, gate=village.gate)
    await joining.admit(village.parent, gate=village.gate)
    assert village.outbox.answers() == [True]
    assert village.outbox.told(PARENT)[-1] == "join.approved"


async def test_a_stranger_is_asked_to_open_the_bot_and_waits() -> None:
    village = Village()
    request = await ask(village, STRANGER)
    open_bot, no_link = village.outbox.buttons("join.who_are_you")
    assert open_bot.url.endswith("?start=join")
    assert no_link.args == {"request": request.id}
    assert village.outbox.answers() == []


@pytest.mark.parametrize("why", ["no_link", "late", "codes"])
async def test_a_stranger_is_told_and_only_then_declined_and_the_office_hears_of_it(why: str) -> None:
    village = Village()
    request = await ask(village, STRANGER)
    assert await joining.turn_away(request, why, gate=village.gate)
    assert not await joining.turn_away(request, why, gate=village.gate)
    assert village.outbox.told(STRANGER) == ["join.who_are_you", f"join.declined_{why}"]
    assert village.outbox.told(OFFICE) == [f"join.office_{why}"]
    assert village.outbox.told(HEAD) == []
    assert village.outbox.answers() == [], "Telegram lets the bot write only until the request is answered"
    assert f"{DECLINE_AFTER}{request.id}" in village.outbox.about.values()
    await joining.decline_now(request, gate=village.gate)
    await joining.decline_now(request, gate=village.gate)
    assert village.outbox.answers() == [False]


async def test_the_button_changes_the_message_it_is_under() -> None:
    village = Village()
    request = await ask(village, STRANGER)
    await joining.turn_away(request, "no_link", gate=village.gate, under=f"join:{request.id}:ask")
    assert village.outbox.queued[f"join:{request.id}:declined"].sent == f"join:{request.id}:ask"  # type: ignore[union-attr]  # a Revise


async def test_the_headteacher_is_told_where_nobody_of_the_office_is_connected() -> None:
    village = Village()
    village.people.persons[1] = person(None, Role.OFFICE)
    await joining.turn_away(await ask(village, STRANGER), "late", gate=village.gate)
    assert village.outbox.told(HEAD) == ["join.office_late"]


async def test_without_office_or_headteacher_a_stranger_is_declined_all_the_same() -> None:
    village = Village()
    village.people.persons[:2] = []
    await joining.turn_away(await ask(village, STRANGER), "late", gate=village.gate)
    assert village.outbox.told(STRANGER)[-1] == "join.declined_late"


async def test_the_third_wrong_code_since_the_request_ends_it() -> None:
    village = Village()
    village.people.tries = [(STRANGER, NOON - timedelta(minutes=1))] * 5
    await ask(village, STRANGER)
    for expected in ("waiting", "waiting", "declined"):
        await village.people.note_failed_try(STRANGER)
        await joining.count_failed_code(STRANGER, gate=village.gate)
        assert [one.status for one in village.joining.requests.values()] == [expected]


async def test_nobody_comes_into_a_closed_group() -> None:
    village = Village()
    village.closures.closed = True
    await acknowledged(village)
    request = await ask(village, PARENT)
    assert request.status == "declined"
    assert village.outbox.told(PARENT) == ["join.closed"]
    await ask(village, STRANGER)
    assert village.outbox.told(STRANGER) == ["join.closed"]
    assert village.outbox.told(OFFICE) == []


async def test_a_group_that_closed_meanwhile_lets_nobody_in_who_waited() -> None:
    village = Village()
    await ask(village, PARENT)
    village.closures.closed = True
    await acknowledged(village)
    await joining.admit(village.parent, gate=village.gate)
    assert village.outbox.told(PARENT)[-1] == "join.closed"
    assert village.outbox.answers() == []


async def test_one_school_does_not_open_another_schools_door() -> None:
    village = Village()
    await ask(village, PARENT)
    await acknowledged(village)
    elsewhere = replace(village.parent, school_id="elm")
    await joining.admit(elsewhere, gate=village.gate)
    await joining.admit(replace(village.parent, telegram_id=None), gate=village.gate)
    assert village.outbox.answers() == []


async def test_a_stranger_who_came_in_another_way_is_told_to_the_office_once() -> None:
    village = Village()
    request = await ask(village, STRANGER)
    other = await village.joining.add(
        school_id="oakfield", group_id="oak", telegram_id=STRANGER, user_chat_id=STRANGER, status="waiting",
        wait=timedelta(),
    )  # fmt: skip
    for _ in range(2):
        await joining.came_in(GROUP, STRANGER, gate=village.gate)
    assert village.joining.requests[request.id].status == "let_in"
    assert village.joining.requests[other.id].status == "waiting"
    assert village.outbox.told(OFFICE) == ["join.office_stranger"]
    await joining.came_in(GROUP, PARENT, gate=village.gate)
    assert village.outbox.told(OFFICE) == ["join.office_stranger"]


async def test_an_approval_that_telegram_refuses_is_for_a_human_admin() -> None:
    village = Village()
    await acknowledged(village)
    request = await ask(village, PARENT)
    assert village.outbox.about[f"join:{request.id}:answer"] == f"{ANSWERED}{request.id}"
    await joining.not_let_in(request, gate=village.gate)
    assert village.outbox.told(OFFICE) == ["join.office_by_hand"]


def test_only_a_sanctioned_gated_group_has_a_gate() -> None:
    assert joining.is_gated(GROUP)
    assert not joining.is_gated(None)
    assert not joining.is_gated(replace(GROUP, mode=GroupMode.OPEN))
    assert not joining.is_gated(replace(GROUP, status=GroupStatus.ASKED))
