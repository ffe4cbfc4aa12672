"""Telegram says that another instance polls with our token (409): the headteacher is told once a day."""

import logging

from bot.services import Services
from moderation.effects import Tell
from moderation.vocabulary import Role

_log = logging.getLogger(__name__)


async def conflict(services: Services) -> None:
    """Tell each headteacher that somebody else uses the bot's token; the poll loop backs off by itself."""
    _log.error("another program polls Telegram with this bot's token")
    async with services.transaction("conflict") as tx:
        for school in await tx.schools.all():
            for person in await tx.people.holding(school.id, Role.HEADTEACHER):
                if person.telegram_id is not None:
                    await tx.outbox.put(
                        Tell(person.telegram_id, "running.conflict"),
                        key=f"conflict:{person.id}:{tx.now.date()}",
                        school_id=school.id,
                    )
