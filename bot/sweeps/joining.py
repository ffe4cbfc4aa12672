"""Requests to join that nobody finished in time."""

from bot.gate import gate_of
from bot.services import Services
from moderation.usecases.joining import turn_away


async def decline_overdue_requests(services: Services) -> None:
    """Decline what has waited for `join_wait_hours`, and tell the office."""
    async with services.transaction("overdue join requests") as tx:
        for request in await tx.joining.overdue():
            await turn_away(request, "late", gate=gate_of(tx, services))
