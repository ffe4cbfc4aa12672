"""Bringing every alert of a case up to date after something has changed."""

from typing import Protocol

from moderation.effects import ReviseAlert
from moderation.records import Case, Person
from moderation.usecases.alert_buttons import alert_rows, is_taken
from moderation.usecases.alerting import CasesForAlerting, Outbox, may_see
from moderation.vocabulary import Role


class PeopleForRevising(Protocol):
    """What revising needs of the people."""

    async def get(self, person_id: str) -> Person:
        """One person."""
        ...


async def revise_alerts(
    case: Case, *, cases: CasesForAlerting, people: PeopleForRevising, outbox: Outbox, mark: str = ""
) -> None:
    """Queue a new rendering, with the buttons that hold now, of every alert that its reader has and may still see.

    Args:
        case: as it stands after the change.
        mark: tells two revisions of the same version apart.
    """
    history = await cases.history(case.id)
    refused = {one.key for one in await outbox.outcomes(f"case:{case.id}") if one.status == "refused"}
    for step in history:
        if step.step != "alerted" or step.data["key"] in refused:
            continue
        person = await people.get(step.data["person"])
        key, role = step.data["key"], step.data["role"]
        if person.telegram_id is None or not may_see(case, person, role):
            continue
        rows = alert_rows(case, role=role, decides_as=step.data["decides_as"], taken=is_taken(history))
        await outbox.put(
            ReviseAlert(key, person.telegram_id, case.id, role, rows),
            key=f"revise:{key}:{case.version}{mark}",
            school_id=case.school_id,
            about=f"case:{case.id}",
        )


async def alert_refused(
    case_id: str, key: str, role: str, *, cases: CasesForAlerting, people: PeopleForRevising, outbox: Outbox
) -> None:
    """Telegram refused an alert: the case awaits the next fit person, whom the sweep finds.

    A worry that did not reach the dsl after all is not said to have been passed on.
    """
    case = await cases.get(case_id)
    await cases.append(case, "alert_refused", data={"key": key})
    await cases.mark(case_id, awaits_recipient=True)
    if role == Role.DSL and case.passed_to_dsl:
        await cases.mark(case_id, passed_to_dsl=False)
        case = await cases.get(case_id)
        await revise_alerts(case, cases=cases, people=people, outbox=outbox, mark=f":not_passed:{key}")
