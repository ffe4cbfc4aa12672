"""The poll loop: fetch, redact at the door, write to the inbox, and only then confirm to Telegram.

python-telegram-bot's own loop confirms an update when it is fetched; a kill then loses it. Here the next
offset goes out only after the rows are committed (https://core.telegram.org/bots/api#getupdates).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.door.receiving import receive
from bot.runtime.backoff import Backoff
from bot.services import Services

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
)
_POLL_SECONDS = 25


class PollRefused(Exception):
    """Telegram refused a poll: its error code, and after how many seconds to try again if it said so."""

    def __init__(self, code: int, retry_after: float | None = None) -> None:
        super().__init__(f"getUpdates was refused with {code}")
        self.code = code
        self.retry_after = retry_after


async def poll(
    services: Services,
    *,
    client: httpx.AsyncClient,
    url: str,
    on_conflict: Callable[[], Awaitable[None]],
) -> None:
    """Poll until cancelled. A failure never ends it: it backs off, says so once, and tries again.

    Args:
        url: the address of getUpdates, token included; it is never logged.
        on_conflict: called when Telegram says that another instance polls (409).
    """
    backoff = Backoff(first=1.0, most=60.0)
    offset: int | None = None
    while True:
        try:
            updates = await _fetch(client, url, offset)
        except PollRefused as error:
            if error.code == 409:
                await on_conflict()
            wait = backoff.next(at_least=error.retry_after)
            _log.warning("Telegram refused a poll: code=%s; trying again in %.0f s", error.code, wait)
            await asyncio.sleep(wait)
        except httpx.HTTPError as error:
            wait = backoff.next()
            _log.warning("Telegram cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait)
            await asyncio.sleep(wait)
        else:
            if backoff.reset():
                _log.info("Telegram answers again")
            if updates:
                await _keep(services, updates)
                offset = max(update["update_id"] for update in updates) + 1


async def _fetch(client: httpx.AsyncClient, url: str, offset: int | None) -> list[dict[str, Any]]:
    body: dict[str, Any] = {"timeout": _POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
    if offset is not None:
        body["offset"] = offset
    response = await client.post(url, json=body, timeout=httpx.Timeout(10, read=_POLL_SECONDS + 10))
    return _updates_in(response)


def _updates_in(response: httpx.Response) -> list[dict[str, Any]]:
    """The updates that Telegram sent.

    Raises:
        PollRefused: it refused, or something on the way sent what is no answer of Telegram's.
    """
    try:
        answer = response.json()
    except ValueError:
        raise PollRefused(response.status_code) from None
    if not isinstance(answer, dict):
        raise PollRefused(response.status_code)
    if not answer.get("ok"):
        parameters = answer.get("parameters") or {}
        raise PollRefused(int(answer.get("error_code", response.status_code)), parameters.get("retry_after"))
    result = answer.get("result")
    if not isinstance(result, list) or not all(
        isinstance(update, dict) and isinstance(update.get("update_id"), int) for update in result
    ):
        raise PollRefused(response.status_code)
    return result


async def _keep(services: Services, updates: list[dict[str, Any]]) -> None:
    backoff = Backoff(first=0.5, most=30.0)
    while True:
        try:
            async with services.transaction("receive") as tx:
                await tx.inbox.put([await receive(raw, tx=tx, services=services) for raw in updates])
        except Exception as error:  # noqa: BLE001 - a full disk or a lost database: Telegram keeps the updates meanwhile
            wait = backoff.next()
            _log.error("updates could not be kept (%s); trying again in %.0f s", type(error).__name__, wait)
            await asyncio.sleep(wait)
        else:
            services.inbox_ready.set()
            return
