"""Closing from an alert; see closing_privately.py and closing_in_group.py for the commands."""

from bot.handlers.looking import GroupSeen, look_at_group
from bot.services import Services
from moderation.records import Closure, Group, Person
from moderation.usecases.closing import ClosingOrder, close
from storage.store import Transaction

__all__ = ["close_for_case", "look_at_group", "order_for"]


async def close_for_case(
    tx: Transaction, services: Services, seen: GroupSeen, group: Group, person: Person, reason: str, case_id: str
) -> Closure:
    """Close a group because of a decided case; `seen` comes from `look_at_group`, before the transaction."""
    order = order_for(group, person, seen, services, reason=reason, case_id=case_id)
    return await close(order, closures=tx.closures, groups=tx.groups, outbox=tx.outbox, now=tx.now)


def order_for(
    group: Group,
    person: Person,
    seen: GroupSeen,
    services: Services,
    *,
    reason: str = "",
    case_id: str | None = None,
    confirmed: bool = True,
) -> ClosingOrder:
    """What is to be closed, with what Telegram says of the group just now."""
    return ClosingOrder(
        group=group,
        by=person,
        permissions=seen.permissions,
        reason=reason,
        case_id=case_id,
        confirmed=confirmed,
        contact=services.settings.office_contact,
        has_primary_link=seen.has_primary_link,
    )
