"""The sweep that makes every alert certain: open cases of which somebody who must know was not reached."""

from bot.services import Services
from moderation.usecases.alerting import alert


async def alert_whoever_is_missing(services: Services) -> None:
    """Queue the alerts that are still owed: to somebody who can be reached now, or to the next fit person."""
    async with services.store.transaction("awaiting alerts", services.clock.now()) as tx:
        owed = await tx.cases.awaiting()
    for case in owed:
        async with services.transaction("alert again") as tx:
            await alert(
                await tx.cases.get(case.id),
                await tx.groups.get(case.group_id),
                cases=tx.cases,
                people=tx.people,
                outbox=tx.outbox,
            )
