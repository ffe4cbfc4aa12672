"""At the gate, from the update to Telegram: told first, then declined; and commands taken out of the group."""

from datetime import timedelta
from pathlib import Path

from bot.sweeps.joining import decline_overdue_requests
from moderation.effects import AnswerJoin, DeleteMessage
from moderation.records import GroupMode, GroupStatus
from moderation.vocabulary import Role
from tests.support.counter import CHAT, HEAD, OFFICE, PARENT, STRANGER, Counter, counter
from tests.support.scripted_telegram import Answer


def declined(desk: Counter) -> list[int]:
    return [int(call["user_id"]) for call in desk.telegram.named("declineChatJoinRequest")]


def sent(desk: Counter, to: int) -> int:
    return len([call for call in desk.telegram.named("sendMessage") if call["chat_id"] == to])


async def test_a_stranger_with_no_link_is_told_then_declined(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.group()
        await desk.bound(OFFICE, Role.OFFICE)
        await desk.ask_to_join(STRANGER)
        assert await desk.told(STRANGER) == ["join.who_are_you"]
        assert await desk.tap(STRANGER, "join.no_link") == desk.services.texts.plain("join.noted")
        assert declined(desk) == []
        await desk.deliver()
        assert declined(desk) == [STRANGER]
        methods = [name for name, _ in desk.telegram.calls]
        assert methods.index("editMessageText") < methods.index("declineChatJoinRequest")
        assert sent(desk, OFFICE) == 1


async def test_a_late_press_finds_the_matter_settled(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        group = await desk.group()
        await desk.ask_to_join(STRANGER)
        async with desk.services.transaction("let in") as tx:
            [request] = await tx.joining.waiting_of(STRANGER)
            await tx.joining.settle(request.id, "let_in")
        assert await desk.tap(STRANGER, "join.no_link") == desk.services.texts.plain("buttons.used")
        assert not [one for one in await desk.effects() if isinstance(one, AnswerJoin)]
        assert group.mode is GroupMode.GATED


async def test_the_sweep_declines_what_nobody_finished_also_where_nobody_can_be_told(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.group()
        await desk.bound(HEAD, Role.HEADTEACHER)
        desk.telegram.next("sendMessage", Answer(code=403, description="Forbidden: bot can't initiate conversation"))
        await desk.ask_to_join(STRANGER)
        await desk.deliver()
        await decline_overdue_requests(desk.services)
        assert await desk.effects() == []
        desk.clock.advance(days=1, seconds=1)
        await decline_overdue_requests(desk.services)
        await decline_overdue_requests(desk.services)
        assert await desk.told(HEAD) == ["join.office_late"]
        desk.telegram.next("sendMessage", Answer(code=403, description="Forbidden: bot can't initiate conversation"))
        await desk.deliver()
        assert declined(desk) == [STRANGER]


async def test_an_approval_that_telegram_refuses_is_told(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.group()
        await desk.bound(OFFICE, Role.OFFICE)
        desk.telegram.next("approveChatJoinRequest", Answer(code=400, description="Bad Request: not enough rights"))
        await desk.ask_to_join(OFFICE)
        await desk.deliver()
        assert sent(desk, OFFICE) == 1


async def test_a_request_to_a_group_without_a_gate_is_left_to_its_admins(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.ask_to_join(STRANGER)
        await desk.group(mode=GroupMode.OPEN)
        await desk.ask_to_join(STRANGER)
        await desk.member(STRANGER, "left", "member")
        assert await desk.effects() == []


async def test_the_office_hears_of_a_stranger_and_of_nobody_else(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.group()
        await desk.bound(OFFICE, Role.OFFICE)
        await desk.bound(PARENT, Role.PARENT)
        await desk.member(PARENT, "left", "member")
        await desk.member(STRANGER, "member", "creator")
        await desk.member(STRANGER, "member", "left")
        await desk.member(5, "left", "member", is_bot=True)
        assert await desk.told(OFFICE) == []
        await desk.member(STRANGER, "left", "restricted")
        assert await desk.told(OFFICE) == ["join.office_stranger"]


async def test_a_command_in_the_group_is_taken_out_and_answered_only_to_whom_the_bot_may_write(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.group()
        await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/groups", chat=CHAT)
        assert await desk.told(PARENT) == ["help.parent"]
        await desk.write(STRANGER, "/help", chat=CHAT)
        assert await desk.told(STRANGER) == []
        async with desk.services.transaction("block") as tx:
            await tx.people.set_blocked(PARENT, blocked=True)
        await desk.write(PARENT, "/code", chat=CHAT)
        as_group = {"id": CHAT, "type": "supergroup", "title": "Willow"}
        await desk.write(1087968824, "/withdraw", chat=CHAT, sender_chat=as_group)
        assert await desk.told(PARENT) == ["help.parent"]
        assert len([one for one in await desk.effects() if isinstance(one, DeleteMessage)]) == 4


async def test_in_a_group_that_is_not_sanctioned_nothing_happens(tmp_path: Path) -> None:
    async with counter(tmp_path) as desk:
        await desk.bound(PARENT, Role.PARENT)
        await desk.write(PARENT, "/help", chat=CHAT)
        await desk.group(GroupStatus.ASKED, None)
        await desk.write(PARENT, "/help", chat=CHAT)
        await desk.ask_to_join(STRANGER)
        assert await desk.effects() == []


async def test_a_request_waits_as_long_as_the_school_has_set(tmp_path: Path) -> None:
    async with counter(tmp_path, join_wait_hours=2) as desk:
        await desk.group()
        await desk.ask_to_join(STRANGER)
        async with desk.services.transaction("later") as tx:
            [request] = await tx.joining.waiting_of(STRANGER)
        desk.clock.time = request.requested_at + timedelta(hours=2)
        await decline_overdue_requests(desk.services)
        assert (await desk.told(STRANGER))[-1] == "join.declined_late"
