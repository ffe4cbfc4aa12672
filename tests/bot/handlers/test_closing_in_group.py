"""/close and /reopen in the group: for its class rep under her own name, and for nobody else."""

from pathlib import Path

import pytest

from bot.handlers.closing_in_group import close_in_group, reopen_in_group
from bot.handlers.reopening import reopen_command
from moderation.effects import DeleteMessage, SetPermissions
from moderation.vocabulary import Role
from tests.support.groupwork import ANONYMOUS, CHAT, HEAD, NOBODY, PARENT, REP, TITLE, Groupwork, groupwork


async def close_as_rep(work: Groupwork) -> None:
    """The class rep closes the group there."""
    await work.command(close_in_group, REP, "/close")


async def test_it_takes_effect_at_once_and_the_headteacher_confirms(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        closure = await work.closure()
        assert closure is not None
        assert (closure.closed_by, closure.confirmed_by) == (work.people[REP].id, None)
        assert [type(effect) for effect in work.effects].index(DeleteMessage) < [
            type(effect) for effect in work.effects
        ].index(SetPermissions)
        await work.answer(REP, "Somebody posts numbers.")
        assert "Somebody posts numbers." in work.told(HEAD, "closing.rep_reason")
        lift = next(press for press in work.buttons[HEAD] if press.label == "closing.lift_rep_button")
        assert await work.tap(HEAD, "closing.confirm_rep_button") == "closing.confirmed_toast"
        assert await work.press(HEAD, lift) == "AlreadyUsed"
        closure = await work.closure()
        assert closure is not None
        assert (closure.reason, closure.confirmed_by) == ("Somebody posts numbers.", work.people[HEAD].id)
        await work.command(reopen_in_group, REP, "/reopen")
        assert work.told(REP, "reopening.confirmed_meanwhile")


async def test_a_reason_that_does_not_fit_is_asked_for_again(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        await work.answer(REP, " ")
        assert work.told(REP, "closing.reason_too_long")
        await work.answer(REP, "Numbers.")
        assert work.told(REP, "closing.rep_thanks")


async def test_lifted_it_opens_and_a_second_press_changes_nothing(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        confirm, lift = (
            next(press for press in work.buttons[HEAD] if press.label == f"closing.{name}_rep_button")
            for name in ("confirm", "lift")
        )
        assert await work.press(HEAD, lift) == "reopening.toast"
        assert work.told(REP, "closing.rep_lifted_word")
        assert await work.press(HEAD, confirm) == "AlreadyUsed"
        assert await work.closure() is None


@pytest.mark.parametrize("command", [reopen_in_group, reopen_command])
async def test_the_rep_opens_her_own_closure_in_the_group_or_in_private(tmp_path: Path, command: object) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        await work.command(command, REP, "/reopen", chat=CHAT if command is reopen_in_group else REP)
        assert work.told(REP, "reopening.under_way")
        assert work.told(HEAD, "closing.rep_reopened")
        assert await work.closure() is None
        assert await work.tap(HEAD, "closing.lift_rep_button") == "AlreadyUsed"


async def test_a_rep_who_is_admin_no_more_opens_nothing(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        work.telegram.members[REP] = {"status": "member"}
        for command, chat in ((reopen_in_group, CHAT), (reopen_command, REP)):
            await work.command(command, REP, "/reopen", chat=chat)
        assert work.told(REP, "closing.rep_not_admin")
        assert await work.closure() is not None


@pytest.mark.parametrize("status", ["member", "left", "kicked"])
async def test_a_rep_who_is_no_admin_closes_nothing(tmp_path: Path, status: str) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        work.telegram.members[REP] = {"status": status}
        await close_as_rep(work)
        assert work.told(REP, "closing.rep_not_admin")
        assert await work.closure() is None


async def test_a_rep_of_another_class_closes_nothing(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        async with work.services.transaction("move") as tx:
            await tx.people.change(
                work.people[REP].id,
                name="The rep",
                roles=frozenset({Role.CLASS_REP}),
                school_class="Oak (Year 4)",
                children=(),
            )
        await close_as_rep(work)
        assert TITLE in work.told(REP, "closing.rep_other_class")
        await work.command(reopen_in_group, REP, "/reopen")
        assert work.told(REP, "closing.group_not_for_you")
        assert await work.closure() is None


async def test_nobody_knows_who_an_anonymous_admin_is(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        group = {"id": CHAT, "type": "supergroup", "title": TITLE}
        await work.command(close_in_group, ANONYMOUS, "/close", sender_chat=group)
        await work.command(close_in_group, REP, "/close", sender_chat=group)
        assert len(work.carried(DeleteMessage)) == 2
        assert await work.closure() is None
        assert not work.shown.get(REP)


async def test_others_get_a_word_in_private_if_they_can_be_reached(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, PARENT) as work:
        await work.approve()
        for account in (PARENT, NOBODY):
            for command, text in ((close_in_group, "/close"), (reopen_in_group, "/reopen")):
                await work.command(command, account, text)
        assert work.told(PARENT, "closing.group_not_for_you")
        assert len(work.carried(DeleteMessage)) == 4
        assert not work.shown.get(NOBODY)
        assert list(work.shown[CHAT]) == ["group.open_notice"]


async def test_the_headteacher_is_offered_the_private_way(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.command(close_in_group, HEAD, "/close")
        await work.tap(HEAD, "closing.group_button")
        assert work.told(HEAD, "closing.preview")
        await work.command(reopen_in_group, HEAD, "/reopen")
        assert work.told(HEAD, "reopening.in_private")


async def test_closing_twice_and_opening_what_is_open_only_say_so(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await work.command(reopen_in_group, REP, "/reopen")
        assert work.told(REP, "reopening.open_already")
        await close_as_rep(work)
        await close_as_rep(work)
        assert work.told(REP, "closing.rep_already")
        assert len(work.carried(SetPermissions)) == 1


async def test_in_a_group_that_is_not_approved_nothing_is_done(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await close_as_rep(work)
        await work.handle(close_in_group)
        assert not work.effects


async def test_a_headteacher_who_closes_what_the_rep_closed_confirms_it(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        await work.close()
        closure = await work.closure()
        assert closure is not None
        assert closure.confirmed_by == work.people[HEAD].id
        assert closure.reason == work.services.texts.plain("closing.reason_pause_full")
        await work.answer(REP, "Mine was another.")
        closure = await work.closure()
        assert closure is not None
        assert closure.reason == work.services.texts.plain("closing.reason_pause_full")
        assert await work.tap(HEAD, "closing.confirm_rep_button") == "buttons.used"


async def test_a_rep_is_told_what_a_human_admin_must_do(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        work.refusing[SetPermissions] = "Bad Request: not enough rights to change chat permissions"
        await close_as_rep(work)
        assert "Take writing away" in work.told(REP, "closing.report_refused")
        labels = [press.label for press in work.buttons.get(REP, [])]
        assert "closing.again_button" not in labels


async def test_confirm_and_lift_are_no_use_to_who_is_headteacher_no_more(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await close_as_rep(work)
        await work.unmake_headteacher()
        for label in ("closing.confirm_rep_button", "closing.lift_rep_button"):
            assert await work.tap(HEAD, label) == "buttons.not_yours"
        assert await work.closure() is not None
