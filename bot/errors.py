"""What the bot refuses to start with. One small tree; no error carries a token, a name or a text.

BotError
├── NoToken           there is no token
├── TokenRefused      Telegram does not know the token
└── NotReady          something that the real Telegram needs is not set
"""

from collections.abc import Sequence


class BotError(Exception):
    """Base of what the bot refuses to start with."""


class NoToken(BotError):
    """There is no token."""

    def __init__(self) -> None:
        super().__init__(
            "There is no token. Get one from BotFather in Telegram (/newbot) and set telegram_token in "
            "schoolgate.toml, or the variable SCHOOLGATE_TELEGRAM_TOKEN. "
            "To try the bot without one: schoolgate rehearse."
        )


class TokenRefused(BotError):
    """Telegram does not know the token."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram does not know this token. Copy it again from BotFather (/mybots, API Token) "
            "into telegram_token or SCHOOLGATE_TELEGRAM_TOKEN."
        )


class NotReady(BotError):
    """Something that a school needs before it may use the real Telegram is not there."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            "Not ready for the real Telegram. Still missing:\n" + "\n".join(f"  - {line}" for line in missing)
        )
        self.missing = tuple(missing)
