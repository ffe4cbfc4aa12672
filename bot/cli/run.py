"""`schoolgate run`: the bot itself."""

import asyncio

from bot.app import run as run_bot
from bot.cli.opening import opened
from bot.errors import NoToken, NotReady
from bot.readiness import missing_recipients
from config.settings import Settings, ready_for_real_telegram


def run(settings: Settings) -> None:
    """Run the bot until it is told to stop.

    Raises:
        NoToken: there is no token.
        NotReady: the real Telegram needs settings or people that are not there.
    """
    if settings.telegram_token is None:
        raise NoToken
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    missing = ready_for_real_telegram(settings)
    if not settings.is_rehearsal:
        async with opened(settings) as store:
            missing += await missing_recipients(store)
    if missing:
        raise NotReady(missing)
    await run_bot(settings)
