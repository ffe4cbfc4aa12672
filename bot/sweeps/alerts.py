"""The sweep that makes every alert certain: open cases of which somebody who must know was not reached."""

from bot.services import Services
from moderation.usecases.alerting import alert
from moderation.usecases.revising import revise_alerts


async def alert_whoever_is_missing(services: Services) -> None:
    """Queue the alerts that are still owed: to somebody who can be reached now, or to the next fit person."""
    async with services.store.transaction("awaiting alerts", services.clock.now()) as tx:
        owed = await tx.cases.awaiting()
    for case in owed:
        async with services.transaction("alert again") as tx:
            before = await tx.cases.get(case.id)
            group = await tx.groups.get(case.group_id)
            await alert(before, group, cases=tx.cases, people=tx.people, outbox=tx.outbox)
            after = await tx.cases.get(case.id)
            if after.passed_to_dsl != before.passed_to_dsl:
                # The others were told that no dsl could be reached.
                passed = [step for step in await tx.cases.history(case.id) if step.step == "passed_to_dsl"]
                mark = f":passed:{len(passed)}"
                await revise_alerts(after, cases=tx.cases, people=tx.people, outbox=tx.outbox, mark=mark)
