"""/close in private: choose, see what will happen, give a reason, confirm."""

from pathlib import Path

import pytest

from bot.handlers.closing_privately import REASON_CHARACTERS, close_command
from moderation.effects import Pin, RevokeLink, SetPermissions, SwitchTopic, TellGroup
from moderation.records import ClosureStatus, GroupStatus
from tests.support.groupwork import CHAT, HEAD, NOBODY, PARENT, REP, Groupwork, groupwork


async def chosen(work: Groupwork) -> None:
    """The headteacher has chosen the group and sees what will happen."""
    await work.approve()
    await work.command(close_command, HEAD, "/close", chat=HEAD)
    await work.tap(HEAD, "closing.group_button")


async def test_nothing_happens_before_it_is_confirmed(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.tap(HEAD, "closing.reason_pause")
        assert not work.carried(SetPermissions)
        assert await work.closure() is None
        await work.tap(HEAD, "closing.confirm_button")
        closure = await work.closure()
        assert closure is not None
        assert closure.status is ClosureStatus.CLOSED
        assert closure.confirmed_by == work.people[HEAD].id
        assert closure.reason == work.services.texts.plain("closing.reason_pause_full")
        assert set(closure.steps.values()) == {"sent"}
        assert not any(work.carried(SetPermissions)[0].permissions.values())


async def test_a_typed_reason_is_asked_for_again_if_it_does_not_fit(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.tap(HEAD, "closing.type_button")
        await work.answer(HEAD, "x" * (REASON_CHARACTERS + 1))
        assert str(REASON_CHARACTERS) in work.told(HEAD, "closing.reason_too_long")
        await work.answer(HEAD, "  Because <of> it.  ")
        assert "Because <of> it." in work.told(HEAD, "closing.confirm").replace("&lt;", "<").replace("&gt;", ">")
        await work.tap(HEAD, "closing.confirm_button")
        closure = await work.closure()
        assert closure is not None
        assert closure.reason == "Because <of> it."


async def test_a_reason_from_who_is_headteacher_no_more_is_dropped(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.tap(HEAD, "closing.type_button")
        await work.unmake_headteacher()
        await work.answer(HEAD, "Because.")
        assert not work.told(HEAD, "closing.confirm")


@pytest.mark.parametrize("label", ["closing.reason_pause", "closing.type_button", "closing.confirm_button"])
async def test_no_button_helps_who_is_headteacher_no_more(tmp_path: Path, label: str) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        if label == "closing.confirm_button":
            await work.tap(HEAD, "closing.reason_pause")
        await work.unmake_headteacher()
        assert await work.tap(HEAD, label) == "closing.gone"
        assert await work.closure() is None


async def test_a_group_that_has_gone_meanwhile_is_not_closed(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        again = next(press for press in work.buttons[HEAD] if press.label == "closing.group_button")
        await work.tap(HEAD, "closing.reason_pause")
        async with work.services.transaction("gone") as tx:
            await tx.groups.change((await work.group_in(tx)).id, status=GroupStatus.LEFT)
        assert await work.tap(HEAD, "closing.confirm_button") == "closing.gone"
        assert await work.press(HEAD, again) == "closing.gone"


async def test_cancelling_throws_the_draft_away(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.tap(HEAD, "closing.reason_pause")
        confirm = next(press for press in work.buttons[HEAD] if press.label == "closing.confirm_button")
        assert await work.tap(HEAD, "closing.cancel_button") == "closing.cancelled_toast"
        assert await work.press(HEAD, confirm) == "AlreadyUsed"
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        await work.tap(HEAD, "closing.group_button")
        await work.tap(HEAD, "closing.cancel_button")
        assert await work.closure() is None


async def test_a_draft_that_is_gone_closes_nothing(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await chosen(work)
        await work.tap(HEAD, "closing.reason_pause")
        confirm = next(press for press in work.buttons[HEAD] if press.label == "closing.confirm_button")
        async with work.services.transaction("purge") as tx:
            pressed = await tx.buttons.find(confirm.handle, HEAD)
            await tx.closures.remove_draft(pressed.args["closure"])
        assert await work.press(HEAD, confirm) == "buttons.used"
        assert not work.carried(SetPermissions)


async def test_the_preview_names_what_only_people_can_do(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve("group.gated_button", forum=True)
        work.telegram.rights -= {"can_restrict_members", "can_manage_topics"}
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        await work.tap(HEAD, "closing.group_button")
        shown = work.told(HEAD, "closing.preview")
        assert "I lack the right “Ban users”" in shown
        assert "I may not close topics" in shown
        assert "Requests to join are declined" in shown
        work.telegram.gone = True
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        await work.tap(HEAD, "closing.group_button")
        assert "I cannot see the group" in work.told(HEAD, "closing.preview")


async def test_a_closed_group_is_said_to_be_closed_already(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        await work.tap(HEAD, "closing.group_button")
        assert "closed already" in work.told(HEAD, "closing.preview")


async def test_others_hear_kindly_that_it_is_not_theirs(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP, PARENT) as work:
        for account, text in ((PARENT, "closing.not_for_you"), (NOBODY, "closing.not_for_you")):
            await work.command(close_command, account, "/close", chat=account)
            assert list(work.shown[account]) == [text]
        await work.command(close_command, REP, "/close", chat=REP)
        assert work.told(REP, "closing.rep_where")
        await work.command(close_command, HEAD, "/close", chat=HEAD)
        assert work.told(HEAD, "closing.no_groups")
        await work.handle(close_command)


async def test_every_step_is_taken_in_a_gated_forum(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, office_contact="01632 960123") as work:
        await work.approve("group.gated_button", forum=True)
        link = (await work.group()).invite_link
        work.telegram.primary_link = "https://t.me/+primary"
        async with work.services.transaction("topics") as tx:
            group = await work.group_in(tx)
            await tx.groups.see_topic(group.id, 7)
            await tx.groups.see_topic(group.id, 9, is_open=False)
        await work.close()
        assert work.carried(RevokeLink) == [RevokeLink(CHAT, link), RevokeLink(CHAT)]
        assert [effect.thread_id for effect in work.carried(SwitchTopic)] == [0, 7]
        assert "01632 960123" in work.told(CHAT, "closing.notice")
        assert (await work.group()).invite_link == ""
        await work.reopen()
        assert [(e.thread_id, e.open) for e in work.carried(SwitchTopic)][2:] == [(0, True), (7, True)]
        assert (await work.group()).invite_link not in ("", link)


async def test_a_closing_that_telegram_refuses_is_told_by_step(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        for kind in (SetPermissions, TellGroup, Pin):
            work.refusing[kind] = "Bad Request: not enough rights"
        await work.close()
        report = work.told(HEAD, "closing.report_refused")
        for words in ("Take writing away", "I could not write there", "Pin my notice"):
            assert words in report
        work.refusing.clear()
        await work.tap(HEAD, "closing.again_button")
        assert work.told(HEAD, "closing.report")
        assert len(work.carried(SetPermissions)) == 2
