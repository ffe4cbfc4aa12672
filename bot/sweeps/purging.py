"""Once an hour, what has been kept for long enough is deleted."""

import logging
from datetime import datetime, timedelta

from bot.services import Services

_log = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)
_LAST = "purged-at"


async def delete_what_is_overdue(services: Services) -> None:
    """Delete rows past their date, unless that was done within the hour."""
    async with services.transaction("purge") as tx:
        last = await tx.meta.get(_LAST)
        if last is not None and abs(tx.now - datetime.fromisoformat(last)) < _EVERY:
            return
        await tx.meta.put(_LAST, tx.now.isoformat())
        counts = await tx.purging.overdue()
    if counts:
        _log.info("deleted what was overdue: %s", " ".join(f"{table}={count}" for table, count in counts.items()))
