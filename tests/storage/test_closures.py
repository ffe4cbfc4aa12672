"""Closures: what a group is under, what it was before, and what was told."""

from datetime import datetime, timedelta

import pytest

from moderation.records import Closure, ClosureStatus, Group, Person
from storage.errors import NotFound
from storage.store import Store, Transaction

SAVED = {"can_send_messages": True, "can_send_polls": False}


async def closed(tx: Transaction, group: Group, person: Person, status: ClosureStatus) -> Closure:
    """A closure with a reason."""
    return await tx.closures.add(
        school_id=group.school_id,
        group_id=group.id,
        closed_by=person.id,
        status=status,
        reason="A pause.",
        saved_permissions=SAVED,
    )


async def test_a_closure_comes_back_as_it_was_written(
    store: Store, group: Group, person: Person, now: datetime
) -> None:
    async with store.transaction("close", now) as tx:
        made = await closed(tx, group, person, ClosureStatus.CLOSING)
    async with store.transaction("look", now) as tx:
        assert await tx.closures.get(made.id) == made
        assert await tx.closures.open_for_group(group.id) == made
        assert (made.reason, dict(made.saved_permissions), made.confirmed_by) == ("A pause.", SAVED, None)
        with pytest.raises(NotFound):
            await tx.closures.get("nowhere")


async def test_drafts_and_reopened_closures_do_not_count_as_closed(
    store: Store, group: Group, person: Person, now: datetime
) -> None:
    async with store.transaction("close", now) as tx:
        draft = await closed(tx, group, person, ClosureStatus.DRAFT)
        assert await tx.closures.open_for_group(group.id) is None
        assert await tx.closures.last_for_group(group.id) is None
        made = await closed(tx, group, person, ClosureStatus.CLOSED)
        await tx.closures.change(made.id, status=ClosureStatus.REOPENED, reopened_at=now)
        assert await tx.closures.open_for_group(group.id) is None
        last = await tx.closures.last_for_group(group.id)
        assert last is not None
        assert last.id == made.id
        await tx.closures.remove_draft(draft.id)
        await tx.closures.remove_draft(made.id)
        assert (await tx.closures.get(made.id)).reopened_at == now
        with pytest.raises(NotFound):
            await tx.closures.get(draft.id)


async def test_a_changed_reason_is_sealed_too(store: Store, group: Group, person: Person, now: datetime) -> None:
    async with store.transaction("close", now) as tx:
        made = await closed(tx, group, person, ClosureStatus.CLOSED)
        changed = await tx.closures.change(made.id, reason="Another.", steps={"permissions": "sent"})
        assert (changed.reason, dict(changed.steps)) == ("Another.", {"permissions": "sent"})


async def test_closures_in_force_are_watched_in_turn(store: Store, group: Group, person: Person, now: datetime) -> None:
    async with store.transaction("close", now) as tx:
        made = await closed(tx, group, person, ClosureStatus.CLOSING)
        assert await tx.closures.to_watch(now) == []
        made = await tx.closures.change(made.id, status=ClosureStatus.CLOSED)
        assert await tx.closures.to_watch(now) == [made]
        await tx.closures.change(made.id, watched_at=now, told={"lifted": "1"})
        assert await tx.closures.to_watch(now - timedelta(minutes=1)) == []
        assert [one.id for one in await tx.closures.to_watch(now)] == [made.id]
        assert await tx.closures.told(made.id) == {"lifted": "1"}
