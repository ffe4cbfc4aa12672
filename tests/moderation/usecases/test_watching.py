"""Watching a closure: each kind once, again only after it was closed again, and an hour later."""

from datetime import datetime, timedelta

import pytest

from moderation.effects import SetPermissions, Tell
from moderation.records import Closure, ClosureStatus
from moderation.usecases import watching
from tests.support.closing_fakes import GROUP, NOW, FakeClosures, FakeOutbox, FakePeople


class Watch:
    """A closure in force, watched."""

    def __init__(self) -> None:
        self.closures, self.outbox, self.people = FakeClosures(), FakeOutbox(), FakePeople()
        self.closure = Closure("c", "oakfield", "willow", ClosureStatus.CLOSED, "head", NOW)
        self.closures.all.append(self.closure)

    async def take_steps(self, turn: int = 1, **refused: str) -> None:
        """The steps are taken, for this turn."""
        key = "closure:c:permissions" + (f"@{turn}" if turn > 1 else "")
        await self.outbox.put(SetPermissions(-100, {}), key=key, about="closure:c")
        self.outbox.carry(**refused)

    async def notice(self, kind: str, at: datetime = NOW) -> bool:
        """Something is noticed."""
        return await watching.noticed(
            kind, self.closure, GROUP, closures=self.closures, people=self.people, outbox=self.outbox, now=at
        )

    async def look(self, permissions: dict[str, bool]) -> bool:
        """The sweep looks."""
        return await watching.look(
            permissions,
            self.closure,
            GROUP,
            closures=self.closures,
            people=self.people,
            outbox=self.outbox,
            now=NOW,
        )


@pytest.mark.parametrize("kind", [watching.LIFTED, watching.POSTED, watching.ASKED])
async def test_each_kind_is_told_once_a_closure(kind: str) -> None:
    watch = Watch()
    await watch.take_steps()
    assert await watch.notice(kind)
    assert not await watch.notice(kind, NOW + timedelta(days=3))
    assert [effect.text for effect in watch.outbox.of(Tell)] == [f"watch.{kind}"]


async def test_closed_again_it_is_told_again_but_not_within_the_hour() -> None:
    watch = Watch()
    await watch.take_steps()
    assert await watch.notice(watching.LIFTED)
    await watch.take_steps(turn=2)
    assert not await watch.notice(watching.LIFTED, NOW + timedelta(minutes=59))
    assert await watch.notice(watching.POSTED, NOW + timedelta(minutes=59))
    assert await watch.notice(watching.LIFTED, NOW + timedelta(minutes=60))


async def test_a_closure_under_way_or_over_is_not_watched() -> None:
    watch = Watch()
    for status in (ClosureStatus.CLOSING, ClosureStatus.REOPENED, ClosureStatus.DRAFT):
        watch.closure = Closure("c", "oakfield", "willow", status, "head", NOW)
        assert not await watch.notice(watching.POSTED)


async def test_only_a_permission_that_was_taken_away_can_be_lifted() -> None:
    watch = Watch()
    assert not await watch.look({"can_send_polls": True})
    await watch.take_steps(SetPermissions="Bad Request: not enough rights")
    assert not await watch.look({"can_send_polls": True})
    await watch.take_steps(turn=2)
    assert not await watch.look({"can_send_polls": False})
    assert not await watch.look({})
    assert await watch.look({"can_send_polls": True, "can_send_messages": False})
