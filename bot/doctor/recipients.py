"""Checks of the people whom the bot has to reach."""

from collections.abc import Sequence

from bot.doctor.findings import Finding, fine, wrong
from bot.readiness import NEEDED
from moderation.records import Person, School


def check_schools(schools: Sequence[School]) -> Finding:
    """Whether a school is registered."""
    if not schools:
        return wrong("schools", "No school is registered.", 'Type: schoolgate school add "YOUR SCHOOL"')
    return fine("schools", "Registered: " + ", ".join(school.name for school in schools) + ".")


def check_recipients(school: School, people: Sequence[Person]) -> Finding:
    """Whether a headteacher or deputy, and a safeguarding lead or chair, can be reached by the bot."""
    check = f"recipients of {school.name}"
    for roles, words in NEEDED:
        holders = [person for person in people if person.roles & roles]
        opened = [person for person in holders if person.telegram_id is not None]
        if not holders:
            return wrong(check, f"The roster has nobody who is {words}.", "Add them, and import the roster again.")
        if not opened:
            return wrong(
                check,
                f"Nobody who is {words} has opened their one-time link.",
                "Ask them to. For fresh links: schoolgate roster import roster.csv --new-codes",
            )
        if all(person.bot_blocked for person in opened):
            return wrong(
                check,
                f"Everybody who is {words} has blocked the bot.",
                "Ask them to unblock it in Telegram and to press Start.",
            )
    return fine(check, "Headteacher or deputy, and safeguarding lead or chair, can be reached.")
