"""Periodic work as sweeps over due rows: safe to miss, safe to repeat."""

from collections.abc import Awaitable, Callable, Sequence

from bot.services import Services
from bot.sweeps.alerts import alert_whoever_is_missing
from bot.sweeps.groups import leave_unanswered_groups, watch_closures
from bot.sweeps.joining import decline_overdue_requests
from bot.sweeps.purging import delete_what_is_overdue
from bot.sweeps.unread import tell_of_what_was_given_up

Sweep = Callable[[Services], Awaitable[None]]

#: Every sweep, in the order in which they are told of in docs/operations.md.
SWEEPS: Sequence[Sweep] = (
    leave_unanswered_groups,
    decline_overdue_requests,
    watch_closures,
    alert_whoever_is_missing,
    tell_of_what_was_given_up,
    delete_what_is_overdue,
)
