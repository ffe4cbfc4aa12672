"""The rights the bot needs: exactly what is missing is named, with how a human puts it right."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from moderation.records import Group, GroupStatus
from moderation.usecases.rights import RIGHTS, SUPERGROUP, governs, heads, missing, report_of
from moderation.vocabulary import Role
from tests.support.closing_fakes import HEAD, REP, FakePeople

GROUP = Group("g", "s", -1, "Willow", GroupStatus.ASKED, bot_is_admin=True, rights=frozenset(RIGHTS), is_forum=True)


@given(st.frozensets(st.sampled_from(RIGHTS)), st.booleans(), st.booleans())
def test_exactly_what_is_missing_is_named(held: frozenset[str], is_admin: bool, is_supergroup: bool) -> None:
    group = replace(GROUP, rights=held, bot_is_admin=is_admin, is_supergroup=is_supergroup)
    lacking = set(RIGHTS) - (held if is_admin else frozenset())
    assert set(missing(group)) == lacking | (set() if is_supergroup else {SUPERGROUP})
    named = {line.removeprefix("rights.") for line in report_of(group, 1).lines}
    assert named & set(RIGHTS) == lacking
    assert ("how_supergroup" in named) is not is_supergroup
    assert bool(named & {"how", "how_admin"}) is bool(lacking)


def test_topics_matter_only_in_forums() -> None:
    without = frozenset(RIGHTS) - {"can_manage_topics"}
    assert missing(replace(GROUP, rights=without)) == ("can_manage_topics",)
    assert missing(replace(GROUP, rights=without, is_forum=False)) == ()
    assert report_of(replace(GROUP, rights=without, is_forum=False), 1).text == "rights.complete"


async def test_deputies_answer_only_where_no_headteacher_can() -> None:
    deputy = replace(HEAD, id="deputy", roles=frozenset({Role.DEPUTY}), telegram_id=3)
    assert await heads("s", FakePeople([HEAD, deputy, REP])) == [HEAD]
    assert await heads("s", FakePeople([replace(HEAD, telegram_id=None), deputy])) == [deputy]
    assert await heads("s", FakePeople([replace(HEAD, bot_blocked=True), deputy])) == [deputy]
    blocked = [replace(HEAD, bot_blocked=True), replace(deputy, bot_blocked=True)]
    assert await heads("s", FakePeople(blocked)) == blocked[:1], "refused, but on record"
    assert await heads("s", FakePeople([REP])) == []


def test_headteacher_and_deputy_govern_and_nobody_else() -> None:
    assert governs(HEAD)
    assert not governs(REP)
    assert not governs(None)
