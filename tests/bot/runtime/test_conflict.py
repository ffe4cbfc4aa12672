"""Another program polls with our token: the headteacher is told once a day."""

from bot.runtime.conflict import conflict
from bot.services import Services
from moderation.effects import Tell
from moderation.records import Person
from tests.support.services import StandingClock


async def test_the_headteacher_is_told_once_a_day(services: Services, head: Person, clock: StandingClock) -> None:
    for _ in range(3):
        await conflict(services)
    async with services.transaction("look") as tx:
        assert [queued.effect for queued in await tx.outbox.due()] == [Tell(7, "running.conflict")]
    clock.advance(days=1)
    await conflict(services)
    async with services.transaction("look") as tx:
        assert len(await tx.outbox.due()) == 2


async def test_a_headteacher_without_the_bot_is_not_written_to(services: Services, head: Person) -> None:
    async with services.transaction("another") as tx:
        await tx.people.add(school_id=head.school_id, name="Mr New", roles=head.roles)
    await conflict(services)
    async with services.transaction("look") as tx:
        assert [queued.lane for queued in await tx.outbox.due()] == [7]
