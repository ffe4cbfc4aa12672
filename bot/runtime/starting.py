"""What happens once at each start, before the first poll."""

from bot.services import Services


async def at_start(services: Services) -> None:
    """Let what waited while the bot was away be looked at."""
    services.inbox_ready.set()
    services.outbox_ready.set()
