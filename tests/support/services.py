"""Real services for tests of one part: the shipped texts and policy, a fake engine, a clock that stands still."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot

from bot.services import Services
from config.conduct import load_code_of_conduct, load_privacy_notice
from config.policy import load_policy
from config.settings import Settings
from config.texts import Texts
from moderation.engine import Engine
from storage.store import Store
from tests.support.word_engine import WordEngine

START = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


@dataclass
class StandingClock:
    """A clock that moves only when told to."""

    time: datetime = START

    def now(self) -> datetime:
        """The time it was told."""
        return self.time

    def advance(self, **by: float) -> None:
        """Let time pass (arguments of `timedelta`)."""
        self.time += timedelta(**by)


def made_services(
    store: Store, clock: StandingClock, *, engine: Engine | None = None, bot: Bot | None = None, **settings: Any
) -> Services:
    """Services over a real store; the bot has no connection unless one is given."""
    return Services(
        settings=Settings(**settings),
        clock=clock,
        store=store,
        texts=Texts(),
        code=load_code_of_conduct(),
        notice=load_privacy_notice(),
        policy=load_policy(),
        engine=engine or WordEngine(),
        bot=bot or Bot("1:test"),
        username="oakfield_bot",
    )
