"""The outbox: each effect once, in order within a chat, its words gone once it is carried out."""

from datetime import datetime, timedelta

from sqlalchemy import text

from moderation.effects import DeleteMessage, Press, Revise, SetPermissions, Tell, TellGroup
from storage.outbox import REFUSED, SENT, WAITING
from storage.store import Store


async def test_an_effect_comes_out_as_it_went_in(store: Store, now: datetime) -> None:
    effect = Tell(7, "help.parent", {"office": "01865"}, rows=((Press("x.y", url="https://a.example"),),), protect=True)
    async with store.transaction("queue", now) as tx:
        assert await tx.outbox.put(effect, key="k", about="case:1")
    async with store.transaction("due", now) as tx:
        (queued,) = await tx.outbox.due()
    assert (queued.effect, queued.key, queued.about, queued.lane) == (effect, "k", "case:1", 7)


async def test_a_key_is_used_once(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        assert await tx.outbox.put(Tell(7, "help.parent"), key="k")
        assert not await tx.outbox.put(Tell(8, "help.parent"), key="k")
        assert [queued.lane for queued in await tx.outbox.due()] == [7]


async def test_a_chat_waits_behind_its_earlier_effect_and_others_do_not(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent"), key="a")
        await tx.outbox.put(Tell(7, "help.parent"), key="b")
        await tx.outbox.put(Tell(8, "help.parent"), key="c")
        first = (await tx.outbox.due())[0]
        await tx.outbox.postpone(first.id, timedelta(minutes=1))
        assert [queued.key for queued in await tx.outbox.due()] == ["c"]
    async with store.transaction("later", now + timedelta(minutes=1)) as tx:
        assert [(queued.key, queued.attempts) for queued in await tx.outbox.due()] == [("a", 1), ("b", 0), ("c", 0)]


async def test_a_delayed_effect_waits(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent"), key="a", delay=timedelta(minutes=5))
        assert await tx.outbox.due() == []


async def test_a_chat_with_a_great_deal_to_wait_for_crowds_nobody_out(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(DeleteMessage(-5, 0), key="first", delay=timedelta(minutes=5))
        for number in range(5):
            await tx.outbox.put(DeleteMessage(-5, number), key=f"held {number}")
        for number in range(5):
            await tx.outbox.put(DeleteMessage(-6, number), key=f"busy {number}")
        await tx.outbox.put(Tell(7, "help.parent"), key="alert")
        assert [queued.key for queued in await tx.outbox.due(1, busy={-6})] == ["alert"]


async def test_what_came_of_an_effect_is_kept_without_its_words(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent"), key="a", about="case:1")
        await tx.outbox.put(Tell(8, "help.parent"), key="b", about="case:1")
        await tx.outbox.put(Tell(9, "help.parent"), key="c", about="case:1")
        first, second, _ = await tx.outbox.due()
        await tx.outbox.sent(first.id, 55)
        await tx.outbox.refused(second.id, "Forbidden: bot was blocked by the user")
        outcomes = await tx.outbox.outcomes("case:1")
        assert await tx.outbox.count(REFUSED) == 1
        assert await tx.outbox.count(WAITING) == 1
    assert [(one.status, one.sent_message_id, one.refusal) for one in outcomes] == [
        (SENT, 55, ""),
        (REFUSED, None, "Forbidden: bot was blocked by the user"),
        (WAITING, None, ""),
    ]
    async with store._engine.connect() as connection:
        rows = (await connection.execute(text("SELECT payload_sealed IS NULL FROM outbox ORDER BY id"))).all()
    assert [row[0] for row in rows] == [1, 1, 0]


async def test_nothing_is_known_of_a_key_that_was_never_used(store: Store, now: datetime) -> None:
    async with store.transaction("look", now) as tx:
        assert await tx.outbox.outcome("never") is None


async def test_a_group_that_moved_takes_its_effects_along(store: Store, now: datetime) -> None:
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(DeleteMessage(-5, 9), key="a")
        await tx.outbox.put(SetPermissions(-5, {"can_send_messages": False}), key="b")
        await tx.outbox.put(TellGroup(-6, "help.parent"), key="c")
        await tx.outbox.move_lane(-5, -1005)
        due = await tx.outbox.due()
    assert [(queued.lane, queued.effect.chat_id) for queued in due if not isinstance(queued.effect, Tell)] == [  # type: ignore[union-attr]  # all have one
        (-1005, -1005),
        (-1005, -1005),
        (-6, -6),
    ]


async def test_revising_a_message_makes_its_buttons_stale(store: Store, now: datetime) -> None:
    rows = ((Press("buttons.used", action="decide"),),)
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent", rows=rows), key="a")
        assert await tx.buttons.live("a") == 1
        await tx.outbox.put(Revise("a", 7, "help.parent"), key="a:revised")
        assert await tx.buttons.live("a") == 0


async def test_a_revised_message_can_have_buttons_of_its_own_in_the_same_bundle(store: Store, now: datetime) -> None:
    rows = ((Press("buttons.used", action="decide"),),)
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(Tell(7, "help.parent", rows=rows), key="a")
        await tx.outbox.put(Revise("a", 7, "help.parent", rows=rows), key="a:revised")
        assert await tx.buttons.live("a") == 1


async def test_buttons_in_a_group_get_no_handle(store: Store, now: datetime) -> None:
    rows = ((Press("buttons.used", action="decide"),),)
    async with store.transaction("queue", now) as tx:
        await tx.outbox.put(TellGroup(-5, "help.parent", rows=rows), key="a")
        (queued,) = await tx.outbox.due()
    assert isinstance(queued.effect, TellGroup)
    assert queued.effect.rows[0][0].handle == ""
