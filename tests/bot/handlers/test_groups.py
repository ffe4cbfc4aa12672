"""The bot comes, is given rights, loses them and goes: who is told what, and what becomes of the group."""

from pathlib import Path

from bot.handlers.groups import bot_moved
from moderation.effects import LeaveChat, MakeJoinLink, Pin, TellGroup
from moderation.records import GroupMode, GroupStatus
from moderation.usecases.rights import RIGHTS
from tests.support.groupwork import CHAT, DEPUTY, HEAD, NOBODY, PARENT, REP, TITLE, Groupwork, groupwork, moved

ALL = dict.fromkeys(RIGHTS, True)


async def added(work: Groupwork) -> None:
    """The class rep adds the bot as an admin with every right."""
    await work.handle(bot_moved, **moved("administrator", ALL))


async def test_a_new_group_is_put_to_the_headteacher_and_waits(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, DEPUTY) as work:
        await added(work)
        group = await work.group()
        assert group.status is GroupStatus.ASKED
        assert TITLE in work.told(HEAD, "group.ask")
        assert not work.shown.get(DEPUTY)
        assert group.rights == frozenset(RIGHTS)


async def test_without_a_headteacher_on_telegram_the_deputy_is_asked(tmp_path: Path) -> None:
    async with groupwork(tmp_path, DEPUTY) as work:
        await added(work)
        assert await work.tap(DEPUTY, "group.open_button") == "group.sanctioned_toast"
        assert (await work.group()).mode is GroupMode.OPEN


async def test_a_headteacher_who_blocked_the_bot_is_stood_in_for(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, DEPUTY) as work:
        async with work.services.transaction("block") as tx:
            await tx.people.set_blocked(HEAD, blocked=True)
        await added(work)
        assert not work.shown.get(HEAD)
        assert await work.tap(DEPUTY, "group.gated_button") == "group.sanctioned_toast"


async def test_whoever_added_the_bot_hears_of_missing_rights_too(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.handle(bot_moved, **moved("member"))
        for account in (HEAD, REP):
            assert "Ban users" in work.told(account, "rights.not_admin")
        await work.handle(bot_moved, **moved("administrator", {**ALL, "can_pin_messages": False}, was="member"))
        report = work.told(REP, "rights.some_missing")
        assert "Pin messages" in report
        assert "Ban users" not in report


async def test_a_forum_needs_the_right_to_manage_topics(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        forum = {"is_forum": True}
        await work.handle(bot_moved, **moved("administrator", {**ALL, "can_manage_topics": False}, where=forum))
        assert "Manage topics" in work.told(HEAD, "rights.some_missing")


async def test_a_group_sanctioned_by_title_belongs_to_that_class(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await added(work)
        await work.tap(HEAD, "group.gated_button")
        group = await work.group()
        assert (group.status, group.mode, group.school_class) == (GroupStatus.SANCTIONED, GroupMode.GATED, TITLE)
        assert group.invite_link in work.told(HEAD, "group.link")
        assert group.invite_link in work.told(REP, "group.link")


async def test_where_the_title_does_not_say_the_class_is_asked(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.handle(bot_moved, **moved("administrator", ALL, where={"title": "Chatter"}))
        await work.tap(HEAD, "group.gated_button")
        assert not work.told(REP, "group.link")
        assert await work.tap(HEAD, "group.class_button") == "group.class_toast"
        assert (await work.group()).school_class == TITLE
        assert work.told(REP, "group.link")


async def test_a_second_answer_changes_nothing(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await added(work)
        gated, refuse = (
            next(press for press in work.buttons[HEAD] if press.label == label)
            for label in ("group.gated_button", "group.refuse_button")
        )
        await work.press(HEAD, gated)
        assert await work.press(HEAD, refuse) == "AlreadyUsed"
        assert await work.press(PARENT, refuse) == "NotFound"
        assert (await work.group()).status is GroupStatus.SANCTIONED


async def test_another_headteachers_question_is_settled_by_the_first_answer(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await added(work)
        async with work.services.transaction("answered elsewhere") as tx:
            await tx.groups.change((await work.group_in(tx)).id, status=GroupStatus.SANCTIONED)
        assert await work.tap(HEAD, "group.refuse_button") == "buttons.used"
        assert (await work.group()).status is GroupStatus.SANCTIONED


async def test_an_open_group_gets_a_pinned_notice_and_no_link(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await added(work)
        await work.tap(HEAD, "group.open_button")
        assert work.told(CHAT, "group.open_notice")
        assert [effect.pinned for effect in work.carried(Pin)] == [True]
        assert not work.carried(MakeJoinLink)


async def test_a_link_that_cannot_be_made_is_made_once_the_right_is_there(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        without = {**ALL, "can_invite_users": False}
        await work.handle(bot_moved, **moved("administrator", without))
        work.refusing[MakeJoinLink] = "Bad Request: not enough rights to manage chat invite link"
        await work.tap(HEAD, "group.gated_button")
        assert work.told(HEAD, "group.link_refused")
        work.refusing.clear()
        await added(work)
        assert (await work.group()).invite_link in work.told(HEAD, "group.link")


async def test_refused_it_says_goodbye_and_goes_and_its_going_is_no_news(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await added(work)
        assert await work.tap(HEAD, "group.refuse_button") == "group.refused_toast"
        in_group = [effect for effect in work.effects if isinstance(effect, TellGroup | LeaveChat)]
        assert in_group == [TellGroup(CHAT, "group.goodbye"), LeaveChat(CHAT)]
        await work.handle(bot_moved, **moved("left", was="administrator"))
        assert not work.told(HEAD, "group.removed")
        assert (await work.group()).status is GroupStatus.REFUSED


async def test_taken_out_it_says_so_and_coming_back_it_asks_again(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await added(work)
        await work.tap(HEAD, "group.open_button")
        await work.handle(bot_moved, **moved("kicked", was="administrator"))
        assert work.told(HEAD, "group.removed")
        assert (await work.group()).status is GroupStatus.LEFT
        await work.handle(bot_moved, **moved("administrator", ALL, was="administrator"))
        assert (await work.group()).status is GroupStatus.LEFT
        work.clock.advance(hours=1)
        await added(work)
        assert (await work.group()).status is GroupStatus.ASKED
        assert await work.tap(HEAD, "group.gated_button") == "group.sanctioned_toast"


async def test_taken_out_of_a_group_it_never_knew_nothing_happens(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("kicked", was="member"))
        assert not work.effects


async def test_unchanged_rights_are_not_reported_again(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("member"))
        before = len(work.effects)
        await work.handle(bot_moved, **moved("restricted", was="member"))
        assert len(work.effects) == before
        await added(work)
        assert work.told(HEAD, "rights.complete")


async def test_a_stranger_who_adds_it_is_answered_by_the_only_school(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("member", by=NOBODY))
        assert (await work.group()).school_id == work.school_id


async def test_a_stranger_who_adds_it_where_there_are_several_schools_sees_it_leave(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        async with work.services.transaction("another") as tx:
            await tx.schools.add("Elmwood Primary")
        await work.handle(bot_moved, **moved("member", by=NOBODY))
        assert work.carried(LeaveChat)
        assert work.told(CHAT, "group.goodbye")
        assert not work.shown.get(HEAD)
        await work.handle(bot_moved, **moved("member", by=REP))
        assert work.carried(LeaveChat) == [LeaveChat(CHAT), LeaveChat(CHAT)]


async def test_the_adders_school_is_asked_where_there_are_several(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        async with work.services.transaction("another") as tx:
            await tx.schools.add("Elmwood Primary")
        await work.handle(bot_moved, **moved("member", by=REP))
        assert (await work.group()).school_id == work.school_id


async def test_channels_are_left_at_once(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("administrator", ALL, where={"type": "channel"}))
        await work.handle(bot_moved, **moved("left", was="administrator", where={"type": "channel"}))
        assert work.effects == [LeaveChat(CHAT)]


async def test_who_blocks_the_bot_is_remembered_until_they_are_back(tmp_path: Path) -> None:
    async with groupwork(tmp_path, PARENT) as work:
        private = {"id": PARENT, "type": "private"}
        for status, blocked in (("kicked", True), ("member", False)):
            await work.handle(bot_moved, **moved(status, chat=PARENT, where=private))
            async with work.services.transaction("look") as tx:
                person = await tx.people.get(work.people[PARENT].id)
            assert person.bot_blocked is blocked


async def test_an_update_without_a_membership_is_left_alone(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved)
        assert not work.effects


async def test_buttons_are_no_use_to_who_has_lost_the_role(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(bot_moved, **moved("administrator", ALL, where={"title": "Chatter"}))
        await work.unmake_headteacher()
        assert await work.tap(HEAD, "group.gated_button") == "buttons.not_yours"
        await work.make_headteacher()
        await work.tap(HEAD, "group.gated_button")
        await work.unmake_headteacher()
        assert await work.tap(HEAD, "group.class_button") == "buttons.not_yours"
