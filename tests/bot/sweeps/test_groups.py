"""The sweeps over groups: unanswered ones are left, and a closure that an admin lifts is noticed."""

from pathlib import Path

from telegram.error import TimedOut

from bot.handlers.groups import bot_moved
from moderation.effects import LeaveChat, SetPermissions
from moderation.records import GroupStatus
from moderation.usecases.rights import RIGHTS
from tests.support.groupwork import HEAD, OPEN, groupwork, moved


async def test_a_group_that_nobody_answers_for_is_left_after_seven_days(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("administrator", dict.fromkeys(RIGHTS, True)))
        await work.sweep(days=6, hours=23)
        assert not work.carried(LeaveChat)
        await work.sweep(hours=1)
        assert len(work.carried(LeaveChat)) == 1
        assert work.told(HEAD, "group.lapsed")
        assert (await work.group()).status is GroupStatus.LEFT
        assert await work.tap(HEAD, "group.gated_button") == "AlreadyUsed"


async def test_it_is_left_even_where_nobody_can_be_told(tmp_path: Path) -> None:
    async with groupwork(tmp_path) as work:
        await work.handle(bot_moved, **moved("administrator", dict.fromkeys(RIGHTS, True)))
        await work.sweep(days=7)
        assert len(work.carried(LeaveChat)) == 1


async def test_a_lifted_closure_is_told_once_and_can_be_put_right(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.telegram.permissions = dict.fromkeys(OPEN, False)
        await work.sweep(minutes=2)
        assert not work.told(HEAD, "watch.lifted")
        work.telegram.permissions["can_send_messages"] = True
        await work.sweep(minutes=2)
        assert work.told(HEAD, "watch.lifted")
        work.shown.clear()
        await work.sweep(hours=2)
        assert not work.told(HEAD, "watch.lifted")
        await work.tap(HEAD, "watch.again_button")
        assert len(work.carried(SetPermissions)) == 2
        await work.sweep(minutes=2)
        assert work.told(HEAD, "watch.lifted")


async def test_a_group_that_cannot_be_looked_at_is_looked_at_at_the_next_turn(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.telegram.failing = TimedOut()
        await work.sweep(minutes=2)
        work.telegram.failing = None
        await work.sweep(seconds=1)
        assert work.told(HEAD, "watch.lifted")


async def test_what_was_never_closed_is_not_told_as_lifted(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        work.refusing[SetPermissions] = "Bad Request: not enough rights to change chat permissions"
        await work.close()
        await work.sweep(minutes=2)
        assert not work.told(HEAD, "watch.lifted")


async def test_a_closure_opened_while_it_is_looked_at_is_left_alone(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        await work.reopen()
        await work.sweep(minutes=2)
        assert not work.told(HEAD, "watch.lifted")
