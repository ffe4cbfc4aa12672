"""What follows once Telegram has carried an effect out, or refused it: in the transaction that settles it."""

from bot.runtime.following_groups import follow_group
from bot.runtime.following_joining import follow_joining
from bot.runtime.performing import Carried
from bot.services import Services
from moderation.effects import Alert, chat_of
from moderation.usecases.revising import alert_refused
from storage.outbox import REFUSED, Queued
from storage.store import Transaction


async def follow_up(queued: Queued, status: str, carried: Carried, *, tx: Transaction, services: Services) -> None:
    """Keep what Telegram answered, and let the case or the closure know."""
    if carried.blocked and chat_of(queued.effect) > 0:
        await tx.people.set_blocked(chat_of(queued.effect), blocked=True)
    await follow_group(queued, status, carried, tx=tx)
    await follow_joining(queued, status, tx=tx, services=services)
    if isinstance(queued.effect, Alert) and queued.effect.part == "alert" and status == REFUSED:
        case_id, role = queued.effect.case_id, queued.effect.role
        await alert_refused(case_id, queued.key, role, cases=tx.cases, people=tx.people, outbox=tx.outbox)
