"""What follows in a group's life once Telegram has carried an effect out, or refused it."""

from bot.runtime.performing import Carried
from moderation.effects import Effect, MakeJoinLink, RevokeLink, SwitchTopic
from moderation.usecases import closing, reopening, sanctioning
from storage.outbox import REFUSED, Queued
from storage.store import Transaction


async def follow_group(queued: Queued, status: str, carried: Carried, *, tx: Transaction) -> None:
    """Keep a new link and give it out, forget an ended one, and report a closure whose steps have settled."""
    what, _, found = queued.about.partition(":")
    if isinstance(queued.effect, MakeJoinLink):
        await _link(queued.effect, queued.key, status, carried, tx=tx)
    elif what == "closure":
        closure = await tx.closures.get(found)
        await _step(queued.effect, closure.group_id, status, carried.refusal, tx=tx)
        group = await tx.groups.get(closure.group_id)
        await closing.settled(closure, group, closures=tx.closures, people=tx.people, outbox=tx.outbox)
    elif what == "reopening":
        closure = await tx.closures.get(found)
        group = await tx.groups.get(closure.group_id)
        await reopening.settled(closure, group, people=tx.people, outbox=tx.outbox)


async def _link(effect: MakeJoinLink, key: str, status: str, carried: Carried, *, tx: Transaction) -> None:
    if status == REFUSED:
        group = await tx.groups.get(effect.group_id)
        await sanctioning.link_refused(group, mark=key, people=tx.people, outbox=tx.outbox)
        return
    group = await tx.groups.change(effect.group_id, invite_link=carried.data["link"])
    await sanctioning.link_made(group, group.invite_link, mark=key, people=tx.people, outbox=tx.outbox)


async def _step(effect: Effect, group_id: str, status: str, refusal: str, *, tx: Transaction) -> None:
    if isinstance(effect, RevokeLink) and effect.link and status != REFUSED:
        await tx.groups.change(group_id, invite_link="")
    elif isinstance(effect, SwitchTopic) and status == REFUSED:
        # Telegram left it as it was: not ours to reopen, and to be tried again unless it was closed already.
        is_open = None if "topic_not_modified" in refusal.lower() else True
        await tx.groups.see_topic(group_id, effect.thread_id, is_open=is_open, closed_by_us=False)
