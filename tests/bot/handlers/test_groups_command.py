"""/groups: each group's state, and how many of its parents are covered."""

from pathlib import Path

from bot.handlers.groups import bot_moved
from bot.handlers.groups_command import groups_command
from moderation.records import GroupStatus
from moderation.usecases.rights import RIGHTS
from tests.support.groupwork import HEAD, NOBODY, PARENT, REP, TITLE, Groupwork, groupwork, moved

ALL = dict.fromkeys(RIGHTS, True)


async def approved(work: Groupwork, button: str = "group.open_button") -> None:
    """The bot is in an approved group, with the class rep and a parent."""
    await work.handle(bot_moved, **moved("administrator", ALL))
    await work.tap(HEAD, button)
    work.telegram.members = {REP: {"status": "creator"}, PARENT: {"status": "member"}, NOBODY: {"status": "member"}}


async def test_members_readers_and_consents_are_counted_among_those_in_the_group(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP, PARENT) as work:
        await approved(work)
        code, notice = work.services.code, work.services.notice
        async with work.services.transaction("agree") as tx:
            for account in (REP, PARENT):
                person = work.people[account].id
                await tx.consents.acknowledge(work.school_id, person, version=code.version, hash_="h")
            await tx.consents.answer(work.school_id, work.people[REP].id, version=notice.version, hash_="h", given=True)
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert "Members: 3" in work.told(HEAD, "groups.open")
        assert "read the code: 2 of 2" in work.told(HEAD, "groups.open")
        assert "consent: 1." in work.told(HEAD, "groups.open")


async def test_who_has_left_or_read_an_old_version_does_not_count(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP, PARENT) as work:
        await approved(work, "group.gated_button")
        work.telegram.members[REP] = {"status": "left"}
        async with work.services.transaction("agree") as tx:
            await tx.consents.acknowledge(work.school_id, work.people[PARENT].id, version="0", hash_="h")
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert "read the code: 0 of 1" in work.told(HEAD, "groups.gated")


async def test_a_restricted_member_counts_while_still_inside(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, PARENT) as work:
        await approved(work)
        work.telegram.members = {PARENT: {"status": "restricted"}}
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert "of 1." in work.told(HEAD, "groups.open")
        work.telegram.members = {PARENT: {"status": "restricted", "is_member": False}}
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert "of 0." in work.told(HEAD, "groups.open")


async def test_a_group_that_telegram_does_not_show_is_said_to_be_so(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await approved(work)
        work.telegram.gone = True
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert TITLE in work.told(HEAD, "groups.unseen")


async def test_groups_that_are_not_approved_are_shown_with_their_state(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.command(groups_command, HEAD, "/groups", chat=HEAD)
        assert work.told(HEAD, "groups.none")
        await work.handle(bot_moved, **moved("administrator", ALL))
        for status in (GroupStatus.ASKED, GroupStatus.REFUSED, GroupStatus.LEFT):
            async with work.services.transaction("state") as tx:
                await tx.groups.change((await work.group_in(tx)).id, status=status)
            await work.command(groups_command, HEAD, "/groups", chat=HEAD)
            assert TITLE in work.told(HEAD, f"groups.{status}")


async def test_it_is_the_headteachers_and_nobody_elses(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, PARENT) as work:
        await approved(work)
        for account in (PARENT, NOBODY):
            await work.command(groups_command, account, "/groups", chat=account)
            assert list(work.shown[account]) == ["groups.not_for_you"]
        await work.handle(groups_command)
