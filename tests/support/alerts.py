"""What the phones of those who hear of cases show, for the journeys."""

import re
from typing import Any

from tests.support.journey import Day, pattern

ABUSE = "You are a pathetic idiot Tom"
OF_HEAD = "Mrs Dickinson is a lying, corrupt old cow and should be sacked"
TO_HEAD = "Mrs Dickinson you are a disgusting stupid liar"
THREAT = "I will smash your face in tomorrow at the gate Tom"
WORRY = "There are bruises on Isla's arms, she says her dad beats her and I think we should ring someone"


async def alerts(day: Day, name: str) -> list[dict[str, Any]]:
    """The alerts on a person's phone, of a concern or not, oldest first."""
    first = [pattern(key) for key in ("alert.first_line", "alert.first_line_concern")]
    return [m for m in await day.letters(name) if any(one.match(m["text"] or "") for one in first)]


async def only_alert(day: Day, name: str) -> dict[str, Any]:
    """The one alert on a person's phone."""
    (found,) = await alerts(day, name)
    return found


def labels(message: dict[str, Any]) -> list[str]:
    """What the buttons under a message say."""
    return [button["text"] for row in message.get("buttons") or [] for button in row]


def weighed(message: dict[str, Any]) -> list[str]:
    """The words that an alert says weighed most."""
    line = next(line for line in message["text"].splitlines() if pattern("alert.weighed").match(line))
    return re.findall("“(.*?)”", line)
