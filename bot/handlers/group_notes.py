"""What is noted beside the handling of an update: a group's title and topics, its upgrade, posts after a closure.

Registered ahead of the handlers proper. Each note is a transaction of its own and safe to take twice, so that the
update stays waiting for its handler.
"""

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.handlers.looking import look_at_group
from bot.services import Services, services_of
from moderation.effects import AnswerJoin, SetPermissions
from moderation.records import Group, GroupStatus
from moderation.usecases import regrouping, watching
from moderation.usecases.joining import is_gated
from moderation.usecases.rights import missing, report
from storage.store import Transaction

_COMMAND = "bot_command"


async def note_group_message(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Note what a message in a group shows of the group itself; its words are not looked at."""
    message = update.message
    if message is None:
        return
    services = services_of(context)
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        await _upgraded(message, services)
        return
    async with services.transaction("note a group message") as tx:
        group = await tx.groups.by_chat(message.chat.id)
        if group is None or group.status not in {GroupStatus.ASKED, GroupStatus.SANCTIONED}:
            return
        before, group = group, await _note_group(message, group, str(update.update_id), tx)
        if group.is_forum:
            await _note_topic(message, group, services, tx)
        if before.title == group.title:
            await _note_post(message, group, tx)


async def note_join_request(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody asks to join a group: worth knowing while it is closed."""
    request = update.chat_join_request
    if request is None:
        return
    async with services_of(context).transaction("note a join request") as tx:
        group = await tx.groups.by_chat(request.chat.id)
        if group is None:
            return
        if await _watch(watching.ASKED, group, tx) and not is_gated(group):
            # The gate declines for a gated group; while it is closed, so does an open one.
            await tx.outbox.put(
                AnswerJoin(group.chat_id, request.from_user.id, approve=False),
                key=f"closed-join:{group.chat_id}:{request.from_user.id}:{int(request.date.timestamp())}",
                school_id=group.school_id,
            )


async def _upgraded(message: Message, services: Services) -> None:
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    seen = await look_at_group(new, services)
    async with services.transaction("a group was upgraded") as tx:
        group = await regrouping.upgraded(old, new, groups=tx.groups, people=tx.people, outbox=tx.outbox)
        if group is None or not seen.reachable:
            return
        changed = await tx.groups.change(
            group.id, rights=seen.rights, bot_is_admin=seen.is_admin, is_forum=seen.is_forum, is_supergroup=True
        )
        await report(changed, mark=f"upgraded:{new}", people=tx.people, outbox=tx.outbox)
        closure = await tx.closures.open_for_group(group.id)
        if closure is not None and any(seen.permissions.values()):
            await tx.outbox.put(
                SetPermissions(new, dict.fromkeys(sorted(seen.permissions), False)),
                key=f"closure:{closure.id}:permissions:upgraded:{new}",
                school_id=group.school_id,
            )


async def _note_group(message: Message, group: Group, mark: str, tx: Transaction) -> Group:
    title, is_forum = message.chat.title or group.title, bool(message.chat.is_forum)
    if title != group.title:
        group = await regrouping.renamed(group, title, mark=mark, groups=tx.groups, people=tx.people, outbox=tx.outbox)
    if is_forum == group.is_forum:
        return group
    changed = await tx.groups.change(group.id, is_forum=is_forum)
    if missing(changed) != missing(group):
        await report(changed, mark=mark, people=tx.people, outbox=tx.outbox)
    return changed


async def _note_topic(message: Message, group: Group, services: Services, tx: Transaction) -> None:
    """Which topics there are; the General one has no thread id, and counts as 0."""
    thread = (message.message_thread_id or 0) if message.is_topic_message else 0
    if message.forum_topic_created:
        thread = message.message_thread_id or message.message_id
    is_open = None
    if message.forum_topic_closed:
        is_open = False
    elif message.forum_topic_reopened:
        is_open = True
    mine = message.from_user is not None and message.from_user.id == services.bot.id
    if is_open is None or mine:
        await tx.groups.see_topic(group.id, thread)
    else:
        await tx.groups.see_topic(group.id, thread, is_open=is_open, closed_by_us=False)


async def _note_post(message: Message, group: Group, tx: Transaction) -> None:
    if _is_service(message) or message.is_automatic_forward or _is_command(message):
        return
    if message.from_user is not None and message.from_user.is_bot and message.sender_chat is None:
        return
    closure = await tx.closures.open_for_group(group.id)
    if closure is not None and message.date > closure.closed_at:
        await _watch(watching.POSTED, group, tx)


async def _watch(kind: str, group: Group, tx: Transaction) -> bool:
    """Tell of it if the group is closed and it has not been told; whether the group is closed."""
    closure = await tx.closures.open_for_group(group.id)
    if closure is not None:
        await watching.noticed(
            kind, closure, group, closures=tx.closures, people=tx.people, outbox=tx.outbox, now=tx.now
        )
    return closure is not None


def _is_command(message: Message) -> bool:
    return any(entity.type == _COMMAND and entity.offset == 0 for entity in message.entities)


def _is_service(message: Message) -> bool:
    return any(
        (
            message.new_chat_members,
            message.left_chat_member,
            message.pinned_message,
            message.delete_chat_photo,
            message.group_chat_created,
            message.supergroup_chat_created,
            message.forum_topic_created,
            message.forum_topic_edited,
            message.forum_topic_closed,
            message.forum_topic_reopened,
            message.general_forum_topic_hidden,
            message.general_forum_topic_unhidden,
        )
    )
