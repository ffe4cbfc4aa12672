"""Join requests: one waits at a time for an account and a group, and each is settled once."""

from datetime import datetime, timedelta

import pytest

from moderation.records import Group, JoinRequest
from storage.errors import NotFound
from storage.store import Store, Transaction

HOUR = timedelta(hours=1)
STRANGER = 99


async def ask(tx: Transaction, group: Group, status: str = "waiting") -> JoinRequest:
    return await tx.joining.add(
        school_id=group.school_id,
        group_id=group.id,
        telegram_id=STRANGER,
        user_chat_id=STRANGER,
        status=status,
        wait=HOUR,
    )


async def test_asking_again_replaces_the_request_that_waited(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        first = await ask(tx, group)
        second = await ask(tx, group)
        assert await tx.joining.waiting_of(STRANGER) == [second]
        assert await tx.joining.waiting_of(1) == []
        assert (await tx.joining.get(first.id)).status == "replaced"
        assert second.chat_id == group.chat_id
        with pytest.raises(NotFound):
            await tx.joining.get("none")


async def test_a_request_is_settled_once(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        request = await ask(tx, group)
        assert await tx.joining.settle(request.id, "approved")
        assert not await tx.joining.settle(request.id, "declined")
        assert (await tx.joining.get(request.id)).status == "approved"


async def test_a_request_is_overdue_when_it_has_waited_long_enough(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        await ask(tx, group, "approved")
        request = await ask(tx, group)
        assert await tx.joining.overdue() == []
    async with store.transaction("later", now + HOUR) as tx:
        assert await tx.joining.overdue() == [request]
        await tx.joining.settle(request.id, "declined")
        assert await tx.joining.overdue() == []


async def test_a_group_that_moved_is_answered_where_it_is_now(store: Store, group: Group, now: datetime) -> None:
    async with store.transaction("ask", now) as tx:
        request = await ask(tx, group)
        await tx.groups.change(group.id, chat_id=-2002)
    async with store.transaction("look", now) as tx:
        assert (await tx.joining.get(request.id)).chat_id == -2002
