"""The bot comes into a group, is given rights or loses them, and leaves: each with a clear outcome."""

from collections.abc import Mapping

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.handlers.looking import rights_of
from bot.handlers.pressing import Action, void
from bot.services import Services, services_of
from moderation.effects import LeaveChat, Tell
from moderation.records import Group, GroupMode, GroupStatus, School
from moderation.usecases import sanctioning
from moderation.usecases.rights import governs, heads, missing, report
from storage.buttons import Pressed
from storage.store import Transaction

_PRESENT = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED})
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


async def bot_moved(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The bot's own membership changed (`my_chat_member`)."""
    moved = update.my_chat_member
    if moved is None:
        return
    services = services_of(context)
    async with services.handling(update, "bot moved") as tx:
        if moved.chat.type == ChatType.PRIVATE:
            await tx.people.set_blocked(moved.chat.id, blocked=moved.new_chat_member.status == ChatMember.BANNED)
        elif moved.chat.type not in _GROUPS:
            if moved.new_chat_member.status in _PRESENT:
                await tx.outbox.put(LeaveChat(moved.chat.id), key=f"leave:{moved.chat.id}:{update.update_id}")
        elif moved.new_chat_member.status in _PRESENT:
            await _present(moved, mark=str(update.update_id), tx=tx)
        else:
            await _gone(moved, mark=str(update.update_id), tx=tx)


async def _present(moved: ChatMemberUpdated, *, mark: str, tx: Transaction) -> None:
    chat, adder = moved.chat, moved.from_user.id
    group = await tx.groups.by_chat(chat.id)
    if group is None:
        school = await _school_of(adder, tx)
        if school is None:
            await sanctioning.say_goodbye(chat.id, mark=mark, outbox=tx.outbox)
            return
        group = await tx.groups.add(
            school_id=school.id,
            chat_id=chat.id,
            title=chat.title or "",
            is_supergroup=chat.type == ChatType.SUPERGROUP,
            added_by=adder,
        )
        await sanctioning.ask(await _note_rights(group, moved, tx), mark=mark, people=tx.people, outbox=tx.outbox)
    elif group.status in {GroupStatus.LEFT, GroupStatus.REFUSED} and moved.old_chat_member.status not in _PRESENT:
        again = await tx.groups.change(
            group.id, status=GroupStatus.ASKED, mode=None, invite_link="", asked_at=tx.now, added_by=adder
        )
        await sanctioning.ask(await _note_rights(again, moved, tx), mark=mark, people=tx.people, outbox=tx.outbox)
    else:
        await _rights_changed(group, await _note_rights(group, moved, tx), mark=mark, tx=tx)


async def _rights_changed(before: Group, group: Group, *, mark: str, tx: Transaction) -> None:
    if group.status not in {GroupStatus.ASKED, GroupStatus.SANCTIONED}:
        return
    if missing(group) != missing(before) or group.bot_is_admin != before.bot_is_admin:
        await report(group, mark=mark, people=tx.people, outbox=tx.outbox)
    gained = "can_invite_users" in group.rights and "can_invite_users" not in before.rights
    closed = await tx.closures.open_for_group(group.id) is not None
    if gained and group.mode is GroupMode.GATED and not group.invite_link and not closed:
        await sanctioning.make_link(group, mark=mark, outbox=tx.outbox)


async def _gone(moved: ChatMemberUpdated, *, mark: str, tx: Transaction) -> None:
    group = await tx.groups.by_chat(moved.chat.id)
    if group is None or group.status in {GroupStatus.LEFT, GroupStatus.REFUSED}:
        return
    await tx.groups.change(group.id, status=GroupStatus.LEFT, bot_is_admin=False, rights=[], decided_at=tx.now)
    closed = await tx.closures.open_for_group(group.id) is not None
    for person in await heads(group.school_id, tx.people):
        text = "group.removed_while_closed" if closed else "group.removed"
        tell = Tell(person.telegram_id or 0, text, {"title": group.title})
        await tx.outbox.put(tell, key=f"group:{group.id}:removed:{mark}:{person.id}", school_id=group.school_id)


async def _note_rights(group: Group, moved: ChatMemberUpdated, tx: Transaction) -> Group:
    own = moved.new_chat_member
    return await tx.groups.change(
        group.id,
        title=moved.chat.title or group.title,
        is_supergroup=moved.chat.type == ChatType.SUPERGROUP,
        is_forum=bool(moved.chat.is_forum),
        bot_is_admin=own.status in {ChatMember.ADMINISTRATOR, ChatMember.OWNER},
        rights=rights_of(own),
    )


async def _school_of(adder: int, tx: Transaction) -> School | None:
    """The school of whoever added the bot, or the only one there is."""
    person = await tx.people.by_telegram(adder)
    if person is not None:
        return await tx.schools.get(person.school_id)
    schools = await tx.schools.all()
    return schools[0] if len(schools) == 1 else None


async def _sanction(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """The headteacher's answer: gated, open or refuse."""
    group = await tx.groups.get(pressed.args["group"])
    person = await tx.people.by_telegram(pressed.telegram_id, group.school_id)
    if person is None or not governs(person):
        return "buttons.not_yours"
    if group.status is not GroupStatus.ASKED:
        await void(pressed, tx)
        return "buttons.used"
    choice = pressed.args["choice"]
    if choice == "refuse":
        await sanctioning.leave(
            group,
            "group.refused",
            status=GroupStatus.REFUSED,
            groups=tx.groups,
            people=tx.people,
            outbox=tx.outbox,
            now=tx.now,
            decided_by=person.id,
        )
        return "group.refused_toast"
    await sanctioning.sanction(
        group,
        person,
        GroupMode(choice),
        join_url=services.deep_link("join"),
        groups=tx.groups,
        people=tx.people,
        outbox=tx.outbox,
        now=tx.now,
    )
    return "group.sanctioned_toast"


async def _choose_class(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    """Which class a group belongs to, where its title did not say."""
    group = await tx.groups.get(pressed.args["group"])
    if not governs(await tx.people.by_telegram(pressed.telegram_id, group.school_id)):
        return "buttons.not_yours"
    changed = await tx.groups.change(group.id, school_class=pressed.args["class"])
    await void(pressed, tx)
    if changed.invite_link:
        await sanctioning.link_made(
            changed, changed.invite_link, mark=pressed.bundle, people=tx.people, outbox=tx.outbox
        )
    return "group.class_toast"


ACTIONS: Mapping[str, Action] = {"sanction": Action(_sanction), "group_class": Action(_choose_class)}
