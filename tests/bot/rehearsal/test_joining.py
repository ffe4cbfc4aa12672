"""Invite links, requests to join, and the five minutes in which the bot may write to who asked."""

import pytest

from tests.support.raw_bot import Town
from tests.support.rehearsal import RefusedAct, chat_in


async def ask_to_join(town: Town, chat: int) -> str:
    await town.server.act(town.parent, "leave", chat=chat)
    link = await town.bot.do("createChatInviteLink", chat_id=chat, name="Letter", creates_join_request=True)
    answer = await town.server.act(town.parent, "open", link=link["invite_link"])
    assert answer == {"chat": chat, "joined": False, "requested": True}
    return str(link["invite_link"])


async def test_who_asks_to_join_can_be_written_to_for_five_minutes(town: Town) -> None:
    chat = await town.group()
    link = await ask_to_join(town, chat)
    request = (await town.bot.updates())[-1]["chat_join_request"]
    assert request["user_chat_id"] == town.parent
    assert request["invite_link"]["invite_link"] == link
    await town.bot.do("sendMessage", chat_id=town.parent, text="Please open the bot")
    await town.server.advance(301)
    assert "can't initiate conversation" in await town.bot.refused(
        "sendMessage", chat_id=town.parent, text="Please open the bot"
    )


@pytest.mark.parametrize("method", ["approveChatJoinRequest", "declineChatJoinRequest"])
async def test_once_the_request_is_processed_the_bot_may_write_no_more(town: Town, method: str) -> None:
    chat = await town.group()
    await ask_to_join(town, chat)
    await town.bot.do(method, chat_id=chat, user_id=town.parent)
    assert "can't initiate conversation" in await town.bot.refused("sendMessage", chat_id=town.parent, text="x")
    entered = method.startswith("approve")
    assert chat_in(await town.server.state(town.parent), chat)["in_chat"] is entered
    refusal = await town.bot.refused(method, chat_id=chat, user_id=town.parent)
    assert ("USER_ALREADY_PARTICIPANT" if entered else "HIDE_REQUESTER_MISSING") in refusal


async def test_requests_come_only_to_a_bot_that_may_invite(town: Town) -> None:
    chat = await town.group(rights={"can_pin_messages": True}, approve_new=True)
    assert (await town.bot.do("getChat", chat_id=chat))["join_by_request"] is True
    await town.server.act(town.parent, "leave", chat=chat)
    await town.server.act(town.parent, "join", chat=chat)
    assert "chat_join_request" not in await town.bot.kinds()
    assert "not enough rights to manage chat join requests" in await town.bot.refused(
        "approveChatJoinRequest", chat_id=chat, user_id=town.parent
    )
    assert "can't initiate" in await town.bot.refused("sendMessage", chat_id=town.parent, text="x")
    with pytest.raises(RefusedAct, match="asked to join already"):
        await town.server.act(town.parent, "join", chat=chat)


async def test_a_person_can_withdraw_a_request(town: Town) -> None:
    chat = await town.group()
    await ask_to_join(town, chat)
    assert chat_in(await town.server.state(town.parent), chat)["join_request_pending"]
    await town.server.act(town.parent, "cancel_request", chat=chat)
    assert "HIDE_REQUESTER_MISSING" in await town.bot.refused(
        "approveChatJoinRequest", chat_id=chat, user_id=town.parent
    )
    with pytest.raises(RefusedAct, match="have not asked"):
        await town.server.act(town.parent, "cancel_request", chat=chat)


async def test_a_human_admin_can_decide_a_request_too(town: Town) -> None:
    chat = await town.group()
    await ask_to_join(town, chat)
    assert chat_in(await town.server.state(town.head), chat)["join_requests"][0]["user"] == town.parent
    await town.server.act(town.head, "decline_request", chat=chat, user=town.parent)
    await town.server.act(town.parent, "join", chat=chat)
    await town.server.act(town.head, "approve_request", chat=chat, user=town.parent)
    assert chat_in(await town.server.state(town.parent), chat)["in_chat"]
    with pytest.raises(RefusedAct, match="has not asked"):
        await town.server.act(town.head, "approve_request", chat=chat, user=town.parent)


async def test_links_need_the_right_to_invite(town: Town) -> None:
    chat = await town.group(rights={"can_pin_messages": True})
    for method in ("createChatInviteLink", "exportChatInviteLink"):
        assert "not enough rights to manage chat invite link" in await town.bot.refused(method, chat_id=chat)


async def test_a_new_primary_link_ends_the_bots_old_one_and_nobody_elses(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    first = await town.bot.do("exportChatInviteLink", chat_id=chat)
    second = await town.bot.do("exportChatInviteLink", chat_id=chat)
    assert (await town.bot.do("getChat", chat_id=chat))["invite_link"] == second
    with pytest.raises(RefusedAct, match="expired"):
        await town.server.act(town.parent, "open", link=first)
    heads = chat_in(await town.server.state(town.head), chat)["invite_links"][0]
    assert (heads["by"], heads["revoked"]) == ("Helen Marsh", False)
    assert (await town.server.act(town.parent, "open", link=heads["link"]))["joined"]


async def test_links_expire_fill_up_and_can_be_changed(town: Town) -> None:
    chat = await town.group()
    for person in (town.parent, town.other):
        await town.server.act(person, "leave", chat=chat)
    soon = town.server.world.clock.timestamp() + 60
    timed = await town.bot.do("createChatInviteLink", chat_id=chat, expire_date=soon)
    single = await town.bot.do("createChatInviteLink", chat_id=chat, member_limit=1)
    await town.server.act(town.other, "open", link=single["invite_link"])
    with pytest.raises(RefusedAct, match="expired"):
        await town.server.act(town.parent, "open", link=single["invite_link"])
    await town.server.advance(61)
    with pytest.raises(RefusedAct, match="expired"):
        await town.server.act(town.parent, "open", link=timed["invite_link"])
    changed = await town.bot.do("editChatInviteLink", chat_id=chat, invite_link=timed["invite_link"], name="Open again")
    assert changed["name"] == "Open again"
    assert (await town.server.act(town.parent, "open", link=timed["invite_link"]))["joined"]
    assert (await town.server.act(town.parent, "open", link=timed["invite_link"]))["joined"]


async def test_only_its_own_links_can_be_changed_or_revoked_by_the_bot(town: Town) -> None:
    chat = await town.group()
    theirs = (await town.server.act(town.head, "create_link", chat=chat))["link"]
    own = await town.bot.do("createChatInviteLink", chat_id=chat)
    primary = await town.bot.do("exportChatInviteLink", chat_id=chat)
    refuse = town.bot.refused
    assert "INVITE_HASH_INVALID" in await refuse("revokeChatInviteLink", chat_id=chat, invite_link=theirs)
    assert "INVITE_HASH_EXPIRED" in await refuse("editChatInviteLink", chat_id=chat, invite_link=primary)
    assert "NAME_TOO_LONG" in await refuse("createChatInviteLink", chat_id=chat, name="a" * 33)
    assert "member limit can't" in await refuse(
        "createChatInviteLink", chat_id=chat, member_limit=1, creates_join_request=True
    )
    revoked = await town.bot.do("revokeChatInviteLink", chat_id=chat, invite_link=own["invite_link"])
    assert revoked["is_revoked"]
    await town.bot.do("revokeChatInviteLink", chat_id=chat, invite_link=primary)
    assert (await town.bot.do("getChat", chat_id=chat))["invite_link"] != primary


async def test_the_links_of_others_are_half_hidden_from_the_bot(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    link = (await town.server.act(town.head, "create_link", chat=chat, requests=True))["link"]
    await town.server.act(town.parent, "open", link=link)
    shown = (await town.bot.updates())[-1]["chat_join_request"]["invite_link"]["invite_link"]
    assert shown.endswith("…")
    assert link.startswith(shown[:-1])


async def test_a_person_revokes_their_own_link_only(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    link = (await town.server.act(town.head, "create_link", chat=chat))["link"]
    with pytest.raises(RefusedAct, match="no such link"):
        await town.server.act(town.other, "revoke_link", chat=chat, link=link)
    await town.server.act(town.head, "revoke_link", chat=chat, link=link)
    with pytest.raises(RefusedAct, match="expired"):
        await town.server.act(town.parent, "open", link=link)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("https://t.me/+nothing", "does not lead anywhere"),
        ("https://example.org/", "not a link that Telegram opens"),
        ("https://t.me/somebody", "Nobody has this name"),
        ("https://t.me/schoolgate_rehearsal_bot?start=" + "a" * 65, "1 to 64 letters"),
        ("https://t.me/schoolgate_rehearsal_bot?start=a.b", "1 to 64 letters"),
        ("https://t.me/schoolgate_rehearsal_bot?start=", "1 to 64 letters"),
    ],
)
async def test_links_that_lead_nowhere_say_so(town: Town, link: str, reason: str) -> None:
    with pytest.raises(RefusedAct, match=reason):
        await town.server.act(town.parent, "open", link=link)


async def test_a_start_link_carries_its_payload(town: Town) -> None:
    await town.server.act(town.parent, "open", link="t.me/Schoolgate_Rehearsal_Bot?start=" + "aB3_-" * 12)
    message = (await town.bot.updates())[0]["message"]
    assert message["text"] == "/start " + "aB3_-" * 12
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_starting_again_lifts_a_block(town: Town) -> None:
    await town.server.act(town.parent, "start")
    await town.server.act(town.parent, "block_bot")
    with pytest.raises(RefusedAct, match="blocked the bot already"):
        await town.server.act(town.parent, "block_bot")
    with pytest.raises(RefusedAct, match="You have blocked the bot"):
        await town.server.act(town.parent, "write", chat=town.parent, text="/start")
    await town.server.act(town.parent, "start")
    assert await town.bot.kinds() == ["message", "my_chat_member", "my_chat_member", "message"]
    with pytest.raises(RefusedAct, match="have not blocked"):
        await town.server.act(town.parent, "unblock_bot")


async def test_a_group_without_a_link_cannot_be_joined(town: Town) -> None:
    chat = await town.group()
    await town.server.act(town.parent, "leave", chat=chat)
    town.server.world.chats[chat].links.clear()
    with pytest.raises(RefusedAct, match="no invite link"):
        await town.server.act(town.parent, "join", chat=chat)
    with pytest.raises(RefusedAct, match="not in this group"):
        await town.server.act(town.parent, "leave", chat=chat)
