"""The two ways in which the rehearsal says no."""

from typing import Any


class Refused(Exception):
    """Telegram refuses the bot's call: an HTTP status, its description and perhaps parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(reason: str) -> Refused:
    """A 400 in Telegram's form."""
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    """A 403 in Telegram's form."""
    return Refused(403, f"Forbidden: {reason}")


class NotAllowed(Exception):
    """Telegram would not let a person do this; the reason is plain English. ``status`` is HTTP's."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
