"""Checks of what came in and went out: updates that wait or were given up, effects refused, unknown fields."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.doctor.findings import Finding, fine, note, wrong
from storage.inbox import Figures

#: A message that has waited longer than this is being retried: something fails.
_LONG = timedelta(minutes=10)


def check_inbox(figures: Figures, now: datetime) -> Finding:
    """Whether messages wait to be handled for too long, or were given up."""
    waits = now - figures.waiting_since if figures.waiting_since else timedelta()
    if waits > _LONG:
        return wrong(
            "inbox",
            f"{figures.waiting} updates wait, the oldest for {int(waits.total_seconds() // 60)} minutes.",
            "If the bot is not running, start it. If it is, its log says why: look for 'an update failed'.",
        )
    if figures.dropped:
        return note(
            "inbox",
            f"{figures.dropped} updates of the last 7 days were given up after 24 hours and deleted unread.",
            "The bot's log says why: look for 'an update failed'.",
        )
    return fine("inbox", f"{figures.waiting} updates wait; none was given up.")


def check_outbox(refused: int) -> Finding:
    """Whether Telegram refused to carry something out."""
    if refused:
        return note(
            "outbox",
            f"Telegram refused {refused} calls of the last 30 days.",
            "Most often a person has blocked the bot or a right is missing in a group: see the lines below.",
        )
    return fine("outbox", "Telegram has refused nothing.")


def check_unknown_fields(names: Sequence[str]) -> Finding:
    """Whether people write in forms that this version cannot read, which are neither kept nor scored."""
    fields = [name for name in names if not name.startswith("told:")]
    if fields:
        return wrong(
            "unknown fields",
            "Telegram sends words in fields that this version cannot read: " + ", ".join(fields) + ".",
            "Install a newer version of Schoolgate. What people write in these forms is not kept and not scored.",
        )
    return fine("unknown fields", "Every field with words in it is known.")
