"""Journey 1, end to end: the headteacher enrols, the bot is added, she is asked, and it stays only if she says so."""

from pathlib import Path

from tests.support.journey import BOT_RIGHTS, HEAD, OTHER, PARENT, REP, Day, journey

_DAY = 24 * 3600


def members(day: Day) -> set[int]:
    """Who is in the class group, by account."""
    chat = day.rehearsal.world.chats[day.group]
    return {who for who, member in chat.members.items() if member.status not in ("left", "kicked")}


def bot_is_in(day: Day) -> bool:
    """Whether the bot is in the class group."""
    return day.rehearsal.world.bot.id in members(day)


async def test_the_headteacher_is_asked_and_a_gated_group_gets_its_own_join_link(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD, REP)
        await day.settled()
        await day.add_bot()
        asked = await day.told(HEAD, "group.ask", title=day.school.title)
        assert asked["text"].count(day.school.title) == 1
        await day.told(HEAD, "rights.not_admin")
        await day.told(HEAD, "rights.complete")
        await day.tap(HEAD, "group.gated_button")
        link = await day.told(HEAD, "group.link")
        assert await day.told(REP, "group.link")
        made = [one for one in day.rehearsal.world.chats[day.group].links if one.creator == day.rehearsal.world.bot.id]
        assert [one.requests for one in made] == [True]
        assert made[0].url in link["text"]
        await day.settled()
        assert not [m for m in await day.letters(HEAD) if m.get("buttons") and m["id"] == asked["id"]]


async def test_an_open_group_gets_one_pinned_notice_that_names_nobody(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.add_bot()
        await day.tap(HEAD, "group.open_button")
        notice = await day.notice("group.open_notice")
        await day.settled()
        assert day.rehearsal.world.chats[day.group].pinned == [notice["id"]]
        assert not [account.name for account in day.school.accounts if account.name in notice["text"]]
        button = notice["buttons"][0][0]
        assert button["url"].endswith("?start=join")


async def test_a_headteacher_who_enrols_later_is_asked_then(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.add_bot(rights=())
        await day.settled()
        await day.enrol(HEAD)
        await day.told(HEAD, "group.ask")
        report = await day.told(HEAD, "rights.not_admin")
        assert "Ban users" in report["text"]


async def test_missing_rights_are_named_exactly_and_told_again_only_when_they_change(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.add_bot(rights=("can_delete_messages", "can_pin_messages"))
        report = await day.told(HEAD, "rights.some_missing")
        assert "Ban users" in report["text"]
        assert "Invite users via link" in report["text"]
        assert "Delete messages" not in report["text"]
        bot = day.rehearsal.world.bot.id
        held = dict.fromkeys(("can_delete_messages", "can_pin_messages"), True)
        await day.act(REP, "promote", chat=day.group, user=bot, rights={**held, "can_manage_video_chats": True})
        await day.settled()
        assert len([m for m in await day.letters(HEAD) if "Ban users" in m["text"]]) == 2
        await day.act(REP, "promote", chat=day.group, user=bot, rights=dict.fromkeys(BOT_RIGHTS, True))
        await day.told(HEAD, "rights.complete")
        await day.act(REP, "demote", chat=day.group, user=bot)
        await day.settled()
        assert "not an admin" in (await day.letters(HEAD))[-1]["text"]


async def test_refused_it_leaves_and_says_so(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.add_bot()
        await day.tap(HEAD, "group.refuse_button")
        await day.told(HEAD, "group.refused", title=day.school.title)
        await day.settled()
        assert not bot_is_in(day)
        await day.not_told(HEAD, "group.removed")


async def test_unanswered_for_seven_days_it_leaves(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.add_bot()
        await day.told(HEAD, "group.ask")
        await day.rehearsal.advance(6 * _DAY)
        await day.settled()
        assert bot_is_in(day)
        await day.rehearsal.advance(1 * _DAY + 60)
        await day.told(HEAD, "group.lapsed")
        await day.settled()
        assert not bot_is_in(day)


async def test_in_a_group_that_is_not_sanctioned_nothing_is_read(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD, PARENT)
        await day.add_bot()
        await day.told(HEAD, "group.ask")
        await day.say(PARENT, "Wednesday zebra lantern")
        await day.act(REP, "write", chat=day.group, text="/close")
        await day.settled()
        stored = b"".join(path.read_bytes() for path in day.folder.glob("schoolgate.db*"))
        assert b"zebra" not in stored
        assert "zebra" not in day.log()
        assert day.rehearsal.world.chats[day.group].permissions["can_send_messages"]


async def test_taken_out_of_the_group_it_says_so_and_asks_again_when_it_is_back(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        await day.add_bot()
        await day.tap(HEAD, "group.open_button")
        await day.notice("group.open_notice")
        await day.act(REP, "remove_bot", chat=day.group)
        await day.told(HEAD, "group.removed")
        world = day.rehearsal.world
        world.chats[day.group].members[world.bot.id].status = "left"
        await day.add_bot()
        await day.settled()
        asked = [m for m in await day.letters(HEAD) if m.get("buttons")]
        assert len(asked) == 1
        await day.tap(HEAD, "group.gated_button")
        await day.told(HEAD, "group.link")


async def test_groups_tells_the_headteacher_how_many_are_covered(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD, PARENT, OTHER)
        await day.add_bot()
        await day.write_privately(HEAD, "/groups")
        await day.told(HEAD, "groups.asked")
        await day.tap(HEAD, "group.open_button")
        await day.settled()
        await day.write_privately(HEAD, "/groups")
        shown = await day.told(HEAD, "groups.open", members="5", parents="2", acknowledged="0", consented="0")
        assert shown
        await day.write_privately(PARENT, "/groups")
        await day.told(PARENT, "groups.not_for_you")


async def test_a_basic_group_must_become_a_supergroup_and_is_followed_there(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD)
        made = await day.act(REP, "create_group", title="Oakfield Willow trip", type="group")
        await day.act(REP, "add_bot", chat=made["chat"])
        bot = day.rehearsal.world.bot.id
        await day.act(REP, "promote", chat=made["chat"], user=bot, rights=dict.fromkeys(BOT_RIGHTS, True))
        await day.told(HEAD, "rights.basic_group")
        await day.tap(HEAD, "group.gated_button")
        await day.told(HEAD, "group.link")
        moved = (await day.act(REP, "upgrade", chat=made["chat"]))["chat"]
        await day.told(HEAD, "group.upgraded")
        await day.told(HEAD, "rights.complete")
        await day.write_privately(HEAD, "/groups")
        await day.told(HEAD, "groups.gated", title="Oakfield Willow trip", members="1")
        assert moved != made["chat"]
