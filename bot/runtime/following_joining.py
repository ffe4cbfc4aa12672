"""What follows the answers to a join request: told first, then declined; and what Telegram would not do."""

from bot.gate import gate_of
from bot.services import Services
from moderation.effects import AnswerJoin
from moderation.usecases.joining import ANSWERED, DECLINE_AFTER, decline_now, not_let_in
from storage.outbox import REFUSED, Queued
from storage.store import Transaction


async def follow_joining(queued: Queued, status: str, *, tx: Transaction, services: Services) -> None:
    """Decline once the person has been told, or cannot be; say who must act where an approval was refused."""
    if queued.about.startswith(DECLINE_AFTER):
        request = await tx.joining.get(queued.about.removeprefix(DECLINE_AFTER))
        await decline_now(request, gate=gate_of(tx, services))
    elif isinstance(queued.effect, AnswerJoin) and queued.effect.approve and status == REFUSED:
        request = await tx.joining.get(queued.about.removeprefix(ANSWERED))
        await not_let_in(request, gate=gate_of(tx, services))
