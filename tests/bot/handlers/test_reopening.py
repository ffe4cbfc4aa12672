"""/reopen in private, and the buttons under what is told of a closure."""

from pathlib import Path

from bot.handlers.reopening import reopen_command
from moderation.effects import Pin, SetPermissions, TellGroup
from tests.support.groupwork import CHAT, HEAD, NOBODY, OPEN, PARENT, REP, groupwork


async def test_mixed_permissions_come_back_exactly_after_closing_twice(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.telegram.permissions = {"can_send_messages": True}
        await work.close()
        await work.reopen()
        assert dict(work.carried(SetPermissions)[-1].permissions) == OPEN
        assert work.told(HEAD, "reopening.report")
        assert [effect.pinned for effect in work.carried(Pin)][-1] is False
        assert work.told(CHAT, "reopening.notice")


async def test_permissions_that_were_never_given_back_are_still_owed(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.refusing[SetPermissions] = "Bad Request: not enough rights to change chat permissions"
        await work.reopen()
        assert "Give members back" in work.told(HEAD, "reopening.report_refused")
        work.refusing.clear()
        work.telegram.permissions = dict.fromkeys(OPEN, False)
        await work.close()
        await work.reopen()
        assert dict(work.carried(SetPermissions)[-1].permissions) == OPEN


async def test_a_group_that_could_not_be_seen_is_opened_by_a_human(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        work.telegram.gone = True
        await work.close()
        taken = len(work.carried(SetPermissions))
        await work.reopen()
        assert len(work.carried(SetPermissions)) == taken
        assert "Give members back" in work.told(HEAD, "reopening.report_refused")


async def test_a_notice_that_never_came_is_not_unpinned(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        work.refusing[TellGroup] = "Bad Request: not enough rights to send text messages to the chat"
        await work.close()
        await work.reopen()
        assert all(effect.pinned for effect in work.carried(Pin))


async def test_opening_twice_only_says_so(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        for _ in range(2):
            await work.command(reopen_command, HEAD, "/reopen", chat=HEAD)
        first, second = (press for press in work.buttons[HEAD] if press.label == "reopening.group_button")
        assert await work.press(HEAD, second) == "reopening.toast"
        assert await work.press(HEAD, first) == "buttons.used"
        assert work.told(HEAD, "reopening.open_already")


async def test_with_nothing_closed_or_for_others_it_says_so(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP, PARENT) as work:
        await work.approve()
        for account, text in (
            (HEAD, "reopening.none"),
            (REP, "reopening.none"),
            (PARENT, "closing.not_for_you"),
            (NOBODY, "closing.not_for_you"),
        ):
            await work.command(reopen_command, account, "/reopen", chat=account)
            assert work.told(account, text)
        await work.handle(reopen_command)


async def test_buttons_are_no_use_to_who_is_headteacher_no_more(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        work.telegram.permissions = dict(OPEN)
        await work.sweep(minutes=2)
        await work.note_post(REP)
        await work.unmake_headteacher()
        for label in ("watch.again_button", "watch.open_button", "watch.keep_button"):
            assert await work.tap(HEAD, label) == "buttons.not_yours"


async def test_closing_again_what_was_opened_meanwhile_only_says_so(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        await work.sweep(minutes=2)
        await work.reopen()
        assert await work.tap(HEAD, "watch.again_button") == "buttons.used"
        assert await work.closure() is None
