"""What happens once at each start, before the first poll."""

from bot.menu import offer_commands
from bot.papers import papers_of
from bot.services import Services
from moderation.usecases.agreeing import next_step
from moderation.usecases.standing import is_to_be_renewed, reachable_parents


async def at_start(services: Services) -> None:
    """Ask again what has a new version, and let what waited while the bot was away be looked at."""
    await ask_again(services)
    await offer_commands(services)
    services.inbox_ready.set()
    services.outbox_ready.set()


async def ask_again(services: Services) -> None:
    """After a new version of the code or of the notice, ask everybody who is connected, once a version."""
    papers = papers_of(services)
    async with services.transaction("ask again") as tx:
        if not await is_to_be_renewed(papers, meta=tx.meta):
            return
        for school in await tx.schools.all():
            for person in reachable_parents(await tx.people.of_school(school.id)):
                await next_step(person, papers=papers, consents=tx.consents, outbox=tx.outbox)
