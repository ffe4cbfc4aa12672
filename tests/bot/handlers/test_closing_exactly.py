"""Closures that last, overlap or meet a refusal: what was the group's own comes back, and nothing else."""

from pathlib import Path

from bot.handlers.closing import order_for
from bot.handlers.looking import look_at_group
from moderation.effects import Pin, SetPermissions, SwitchTopic
from moderation.usecases.closing import close
from tests.support.groupwork import CHAT, HEAD, OPEN, groupwork


async def test_a_look_from_before_the_reopening_does_not_pass_for_the_groups_own_permissions(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.telegram.permissions = dict.fromkeys(OPEN, False)
        seen = await look_at_group(CHAT, work.services)
        await work.reopen()
        order = order_for(await work.group(), work.people[HEAD], seen, work.services, reason="Once more.")
        async with work.services.transaction("close") as tx:
            await close(order, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now)
        await work.deliver()
        await work.reopen()
        assert dict(work.carried(SetPermissions)[-1].permissions) == OPEN


async def test_a_closure_outlasts_the_summer_holidays(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.clock.advance(days=44)
        async with work.services.transaction("purge") as tx:
            await tx.purging.overdue()
        work.telegram.permissions = dict(OPEN)
        await work.sweep(minutes=2)
        assert work.told(HEAD, "watch.lifted")
        await work.reopen()
        assert not work.carried(Pin)[-1].pinned


async def test_a_topic_that_could_not_be_closed_is_tried_again(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve(forum=True)
        work.refusing[SwitchTopic] = "Bad Request: not enough rights to close a topic"
        await work.close()
        work.refusing.clear()
        work.clock.advance(minutes=1)
        await work.close()
        assert [(effect.thread_id, effect.open) for effect in work.carried(SwitchTopic)] == [(0, False), (0, False)]
        await work.reopen()
        assert work.carried(SwitchTopic)[-1].open
