"""Journey 7, end to end: headteacher or class rep closes the group, the closure is watched, and it opens again."""

from pathlib import Path
from typing import Any

from tests.support.journey import BOT_RIGHTS, HEAD, OTHER, PARENT, REP, STRANGER, Day, journey

_MINUTE, _HOUR = 60, 3600
FORUM_RIGHTS = (*BOT_RIGHTS, "can_manage_topics")


def permissions(day: Day) -> dict[str, bool]:
    """What members of the class group may do now."""
    return dict(day.rehearsal.world.chats[day.group].permissions)


def is_closed(day: Day) -> bool:
    """Whether members may do nothing at all."""
    return not any(permissions(day).values())


async def sanctioned(day: Day, *, gated: bool = False, rights: tuple[str, ...] = BOT_RIGHTS) -> None:
    """The headteacher and the class rep are enrolled, and the class group is approved."""
    await day.enrol(HEAD, REP)
    await day.settled()
    await day.add_bot(rights)
    await day.tap(HEAD, "group.gated_button" if gated else "group.open_button")
    await day.told(HEAD, "group.link") if gated else await day.notice("group.open_notice")
    await day.settled()


async def close_as_headteacher(day: Day) -> None:
    """Close the class group by /close in private, with a reason in one tap."""
    await day.write_privately(HEAD, "/close")
    await day.tap(HEAD, "closing.group_button")
    await day.tap(HEAD, "closing.reason_continuing")
    await day.tap(HEAD, "closing.confirm_button")
    await day.settled()


async def reopen_as_headteacher(day: Day) -> None:
    """Open it again by /reopen in private."""
    await day.write_privately(HEAD, "/reopen")
    await day.tap(HEAD, "reopening.group_button")
    await day.told(HEAD, "reopening.report")
    await day.settled()


async def mix(day: Day, **changed: bool) -> dict[str, bool]:
    """The class rep sets some of the group's permissions; all of them."""
    await day.act(REP, "set_permissions", chat=day.group, permissions=changed)
    return permissions(day)


def newest(messages: list[dict[str, Any]]) -> str:
    """The text of the newest message."""
    return str(messages[-1]["text"])


async def test_the_headteacher_sees_what_will_happen_gives_a_reason_and_closes(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day, gated=True)
        before = permissions(day)
        await day.write_privately(HEAD, "/close")
        await day.tap(HEAD, "closing.group_button")
        for line in ("preview", "will_permissions", "will_link", "will_pin", "limits", "ask_reason"):
            await day.told(HEAD, f"closing.{line}")
        await day.tap(HEAD, "closing.type_button")
        await day.write_privately(HEAD, "Two parents were named again after my letter.")
        await day.told(HEAD, "closing.confirm", reason="Two parents were named again after my letter.")
        assert permissions(day) == before
        await day.tap(HEAD, "closing.confirm_button")
        await day.told(HEAD, "closing.report", title=day.school.title)
        assert is_closed(day)
        notice = await day.notice("closing.notice_without_contact")
        assert day.rehearsal.world.chats[day.group].pinned[-1] == notice["id"]
        links = [one for one in day.rehearsal.world.chats[day.group].links if one.creator == day.rehearsal.world.bot.id]
        assert [one.revoked for one in links] == [True]
        stored = b"".join(path.read_bytes() for path in day.folder.glob("schoolgate.db*"))
        assert b"after my letter" not in stored
        await reopen_as_headteacher(day)
        assert permissions(day) == before
        await day.notice("reopening.notice")
        assert notice["id"] not in day.rehearsal.world.chats[day.group].pinned
        assert [one.revoked for one in links] == [True]
        assert len(await _links(day)) == 2


async def _links(day: Day) -> list[str]:
    chat = day.rehearsal.world.chats[day.group]
    return [one.url for one in chat.links if one.creator == day.rehearsal.world.bot.id]


async def test_mixed_permissions_come_back_exactly_after_closing_twice(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        mixed = await mix(day, can_send_polls=False, can_send_voice_notes=False, can_pin_messages=False)
        await close_as_headteacher(day)
        assert is_closed(day)
        await mix(day, can_send_messages=True)
        await close_as_headteacher(day)
        assert is_closed(day)
        await reopen_as_headteacher(day)
        assert permissions(day) == mixed


async def test_cancelling_changes_nothing_and_its_button_is_stale(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        await day.write_privately(HEAD, "/close")
        await day.tap(HEAD, "closing.group_button")
        await day.tap(HEAD, "closing.reason_pause")
        await day.told(HEAD, "closing.confirm")
        await day.tap(HEAD, "closing.cancel_button")
        await day.told(HEAD, "closing.cancelled")
        await day.settled()
        assert not is_closed(day)


async def test_a_class_rep_closes_at_once_and_the_headteacher_confirms(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        command = await day.say(REP, "/close")
        await day.told(REP, "closing.rep_closed")
        told = await day.told(HEAD, "closing.rep_told", rep=REP)
        assert day.school.title in told["text"]
        await day.settled()
        assert is_closed(day)
        assert command not in day.rehearsal.world.chats[day.group].posts
        await day.write_privately(REP, "Somebody posts private numbers.")
        await day.told(HEAD, "closing.rep_reason", reason="Somebody posts private numbers.")
        await day.tap(HEAD, "closing.confirm_rep_button")
        await day.told(REP, "closing.rep_confirmed_word")
        await day.say(REP, "/reopen")
        await day.told(REP, "reopening.confirmed_meanwhile")
        await day.settled()
        assert is_closed(day)


async def test_a_class_rep_reopens_her_own_closure_until_it_is_confirmed(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        before = permissions(day)
        await day.say(REP, "/close")
        await day.told(HEAD, "closing.rep_told")
        await day.settled()
        await day.write_privately(REP, "/reopen")
        await day.told(HEAD, "reopening.report")
        await day.told(HEAD, "closing.rep_reopened")
        assert permissions(day) == before


async def test_the_headteacher_lifts_a_class_reps_closure(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        before = permissions(day)
        await day.say(REP, "/close")
        await day.tap(HEAD, "closing.lift_rep_button")
        await day.told(REP, "closing.rep_lifted_word")
        await day.told(HEAD, "reopening.report")
        assert permissions(day) == before


async def test_a_class_rep_cannot_reopen_what_the_headteacher_closed(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        await close_as_headteacher(day)
        await day.say(REP, "/reopen")
        await day.told(REP, "reopening.not_yours")
        await day.settled()
        assert is_closed(day)


async def test_a_class_rep_who_is_no_admin_or_anonymous_closes_nothing(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        world, rep = day.rehearsal.world, day.id_of(REP)
        await day.act(REP, "promote", chat=day.group, user=rep, rights="all", anonymous=True)
        command = await day.say(REP, "/close")
        await day.settled()
        assert not is_closed(day)
        assert command not in world.chats[day.group].posts
        world.chats[day.group].members[rep].status = "member"
        await day.say(REP, "/close")
        await day.told(REP, "closing.rep_not_admin")
        await day.settled()
        assert not is_closed(day)


async def test_others_are_answered_kindly_in_private_and_never_in_public(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        await day.enrol(PARENT)
        commands = [await day.say(PARENT, "/close"), await day.say(OTHER, "/close now please")]
        await day.told(PARENT, "closing.group_not_for_you")
        await day.write_privately(PARENT, "/close")
        await day.told(PARENT, "closing.not_for_you")
        await day.write_privately(REP, "/close")
        await day.told(REP, "closing.rep_where")
        await day.settled()
        chat = day.rehearsal.world.chats[day.group]
        assert not [number for number in commands if number in chat.posts]
        said = [post for post in chat.posts.values() if post.sender == day.rehearsal.world.bot.id and not post.service]
        assert len(said) == 1
        assert not is_closed(day)


async def test_refused_steps_are_named_with_what_a_human_must_do(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day, rights=("can_delete_messages", "can_invite_users"))
        await day.write_privately(HEAD, "/close")
        await day.tap(HEAD, "closing.group_button")
        await day.told(HEAD, "closing.cannot_permissions")
        await day.tap(HEAD, "closing.reason_urgent")
        await day.tap(HEAD, "closing.confirm_button")
        report = await day.told(HEAD, "closing.report_refused")
        assert "Take writing away" in report["text"]
        assert "Pin my notice" in report["text"]
        assert "Tell the group" not in report["text"]
        assert not is_closed(day)
        bot = day.rehearsal.world.bot.id
        await day.act(REP, "promote", chat=day.group, user=bot, rights=dict.fromkeys(BOT_RIGHTS, True))
        await day.told(HEAD, "rights.complete")
        await day.tap(HEAD, "closing.again_button")
        await day.told(HEAD, "closing.report")
        assert is_closed(day)


async def test_an_admin_who_lifts_the_closure_is_noticed_and_it_can_be_closed_again(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        before = permissions(day)
        await close_as_headteacher(day)
        await mix(day, can_send_messages=True)
        await day.rehearsal.advance(2 * _MINUTE)
        await day.told(HEAD, "watch.lifted")
        await day.tap(HEAD, "watch.again_button")
        await day.told(HEAD, "closing.report")
        await day.settled()
        assert is_closed(day)
        await mix(day, can_send_messages=True)
        await day.rehearsal.advance(10 * _MINUTE)
        await day.settled()
        lifted = [m for m in await day.letters(HEAD) if m.get("buttons") and "not closed any more" in m["text"]]
        assert not lifted
        await day.rehearsal.advance(_HOUR)
        await day.tap(HEAD, "watch.open_button")
        await day.told(HEAD, "reopening.report")
        assert permissions(day) == before


async def test_an_admin_who_goes_on_posting_is_noticed_once(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day)
        await day.say(REP, "Written before it was closed")
        await close_as_headteacher(day)
        await day.not_told(HEAD, "watch.posted")
        for _ in range(2):
            await day.say(REP, "Still here, quokka")
        await day.told(HEAD, "watch.posted")
        await day.settled()
        assert len([m for m in await day.letters(HEAD) if "still writes" in m["text"]]) == 1
        await day.tap(HEAD, "watch.keep_button")
        await day.told(HEAD, "watch.kept")
        assert b"quokka" not in b"".join(path.read_bytes() for path in day.folder.glob("schoolgate.db*"))


async def test_a_join_request_to_a_closed_group_is_noticed_and_declined(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await sanctioned(day, gated=True)
        link = (await day.act(REP, "create_link", chat=day.group, requests=True))["link"]
        await close_as_headteacher(day)
        await day.act(STRANGER, "open", link=link)
        await day.told(HEAD, "watch.asked")
        await day.settled()
        assert not day.rehearsal.world.chats[day.group].requests


async def test_topics_that_were_seen_are_closed_and_only_ours_reopened(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        world = day.rehearsal.world
        made = await day.act(REP, "create_group", title="Willow (Year 3) topics", type="supergroup", forum=True)
        day.group = made["chat"]
        await sanctioned(day, rights=FORUM_RIGHTS)
        chat = world.chats[day.group]
        trips = (await day.act(REP, "create_topic", chat=day.group, name="Trips"))["topic"]
        lost = (await day.act(REP, "create_topic", chat=day.group, name="Lost and found"))["topic"]
        chat.topics[lost].closed = True
        await day.settled()
        await close_as_headteacher(day)
        await day.told(HEAD, "closing.report")
        assert [topic.closed for topic in chat.topics.values()] == [True, True, True]
        await reopen_as_headteacher(day)
        assert not chat.topics[trips].closed
        assert chat.topics[lost].closed
        assert not chat.topics[1].closed


async def test_a_group_upgraded_while_closed_stays_closed_and_opens_as_it_was(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        made = await day.act(REP, "create_group", title="Willow (Year 3) trip", type="group")
        day.group = made["chat"]
        await sanctioned(day)
        mixed = await mix(day, can_send_polls=False)
        await close_as_headteacher(day)
        assert is_closed(day)
        day.group = (await day.act(REP, "upgrade", chat=day.group))["chat"]
        await day.told(HEAD, "group.upgraded")
        await day.settled()
        assert is_closed(day)
        await reopen_as_headteacher(day)
        assert permissions(day) == mixed
