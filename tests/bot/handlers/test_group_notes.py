"""What is noted beside the handling of an update, and safe to note twice."""

from pathlib import Path
from typing import Any

from bot.handlers.group_notes import note_group_message, note_join_request
from bot.handlers.groups import bot_moved
from moderation.effects import AnswerJoin, MakeJoinLink, SetPermissions
from moderation.records import GroupStatus, Topic
from moderation.usecases.rights import RIGHTS
from tests.support.groupwork import (
    ANONYMOUS,
    BOT_ID,
    CHAT,
    HEAD,
    OPEN,
    PARENT,
    REP,
    TITLE,
    Groupwork,
    groupwork,
    moved,
    user,
)

NEW = -1002
_TOPIC = {"message_thread_id": 7, "is_topic_message": True}


async def topics(work: Groupwork) -> list[Topic]:
    """The topics that were seen."""
    group = await work.group()
    async with work.services.transaction("look") as tx:
        return await tx.groups.topics(group.id)


async def note(work: Groupwork, who: int = REP, **more: Any) -> None:
    """A message passes by."""
    await work.handle(note_group_message, message=work.message(who, **more))


async def test_another_title_is_kept_and_told_once(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        for _ in range(2):
            await note(work, title="Willow chat")
        assert (await work.group()).title == "Willow chat"
        assert TITLE in work.told(HEAD, "group.renamed")
        assert len([effect for effect in work.effects if getattr(effect, "text", "") == "group.renamed"]) == 1


async def test_a_group_that_becomes_a_forum_needs_another_right(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.handle(
            bot_moved, **moved("administrator", {**dict.fromkeys(RIGHTS, True), "can_manage_topics": False})
        )
        assert not work.told(HEAD, "rights.some_missing")
        work.telegram.forum = True
        await note(work)
        assert "Manage topics" in work.told(HEAD, "rights.some_missing")
        assert (await work.group()).is_forum


async def test_topics_are_seen_by_whatever_happens_in_them(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve(forum=True)
        await note(work, **_TOPIC)
        await note(work, message_thread_id=9, is_topic_message=True, forum_topic_created={"name": "", "icon_color": 0})
        await note(work, forum_topic_closed={})
        assert await topics(work) == [Topic(0, False), Topic(7), Topic(9)]
        await note(work, forum_topic_reopened={})
        await note(work, who=BOT_ID, forum_topic_closed={}, **_TOPIC)
        assert await topics(work) == [Topic(0), Topic(7), Topic(9)]


async def test_a_topic_that_a_human_closes_while_closed_is_not_ours_to_reopen(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve(forum=True)
        await note(work, **_TOPIC)
        await work.close()
        await note(work, forum_topic_reopened={}, **_TOPIC)
        await note(work, forum_topic_closed={}, **_TOPIC)
        assert (await topics(work))[1] == Topic(7, False, False)


async def test_posts_after_a_closure_are_told_once_and_their_words_not_looked_at(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD, REP) as work:
        await work.approve()
        await work.close()
        await work.note_post(REP)
        assert work.told(HEAD, "watch.posted")
        count = len(work.effects)
        await work.note_post(REP)
        assert len(work.effects) == count
        assert await work.tap(HEAD, "watch.keep_button") == "watch.kept_toast"
        assert work.told(HEAD, "watch.kept")


async def test_an_anonymous_admin_who_posts_is_noticed(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        await work.note_post(ANONYMOUS, sender_chat={"id": CHAT, "type": "supergroup"})
        assert work.told(HEAD, "watch.posted")


async def test_what_is_no_post_is_not_told(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        early = work.message(REP)
        await work.close()
        await work.handle(note_group_message, message=early)
        mark = [{"type": "bot_command", "offset": 0, "length": 6}]
        await work.note_post(REP, text="/close", entities=mark)
        await work.note_post(REP, left_chat_member=user(PARENT))
        await work.note_post(REP, is_automatic_forward=True)
        await work.note_post(BOT_ID)
        await work.note_post(REP, title="Renamed")
        assert not work.told(HEAD, "watch.posted")


async def test_a_join_request_is_told_while_closed_and_declined_in_an_open_group(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        request = {
            "chat": {"id": CHAT, "type": "supergroup", "title": TITLE},
            "from": user(PARENT),
            "user_chat_id": PARENT,
            "date": 1,
        }
        await work.handle(note_join_request, chat_join_request=request)
        assert not work.carried(AnswerJoin)
        await work.close()
        for chat in (CHAT, -5):
            asked = {**request, "chat": {**request["chat"], "id": chat}}  # type: ignore[dict-item]  # a JSON object
            await work.handle(note_join_request, chat_join_request=asked)
        assert work.carried(AnswerJoin) == [AnswerJoin(CHAT, PARENT, approve=False)]
        assert work.told(HEAD, "watch.asked")


async def test_in_groups_it_has_left_or_never_knew_nothing_is_noted(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await note(work)
        await work.approve()
        await work.handle(bot_moved, **moved("kicked", was="administrator"))
        await note(work, title="Another")
        assert (await work.group()).title == TITLE
        await work.handle(note_group_message)
        await work.handle(note_join_request)


async def test_a_group_that_becomes_a_supergroup_is_followed_from_either_side(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve("group.gated_button")
        await note(work, migrate_to_chat_id=NEW)
        await note(work, chat=NEW, migrate_from_chat_id=CHAT)
        group = await work.group(NEW)
        assert group.status is GroupStatus.SANCTIONED
        assert [effect.chat_id for effect in work.carried(MakeJoinLink)] == [CHAT, NEW]
        assert work.told(HEAD, "group.upgraded")
        assert work.told(HEAD, "rights.complete")


async def test_the_stub_of_an_upgraded_group_is_forgotten(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        before = await work.group()
        await work.handle(bot_moved, **moved("administrator", dict.fromkeys(RIGHTS, True), where={"id": NEW}))
        await note(work, migrate_to_chat_id=NEW)
        assert (await work.group(NEW)).id == before.id


async def test_another_group_is_never_taken_for_the_stub(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.handle(bot_moved, **moved("administrator", dict.fromkeys(RIGHTS, True), where={"id": NEW}))
        other = await work.group(NEW)
        async with work.services.transaction("other") as tx:
            await tx.groups.change(other.id, status=GroupStatus.SANCTIONED)
        await note(work, migrate_to_chat_id=NEW)
        assert (await work.group(NEW)).id == other.id
        assert (await work.group()).status is GroupStatus.SANCTIONED


async def test_an_unknown_group_that_is_upgraded_stays_unknown(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await note(work, migrate_to_chat_id=NEW)
        assert not work.effects


async def test_upgraded_while_closed_it_is_closed_there_too(tmp_path: Path) -> None:
    async with groupwork(tmp_path, HEAD) as work:
        await work.approve()
        await work.close()
        await note(work, migrate_to_chat_id=NEW)
        assert work.carried(SetPermissions)[-1].chat_id == NEW
        assert not any(work.carried(SetPermissions)[-1].permissions.values())
        await work.reopen()
        assert dict(work.carried(SetPermissions)[-1].permissions) == OPEN
