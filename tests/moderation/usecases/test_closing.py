"""Closing and reopening: whatever happens in between, a group comes back exactly as it was."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from moderation.effects import Pin, SetPermissions, Tell, TellGroup
from moderation.records import ClosureStatus, Topic
from moderation.usecases import closing, reopening
from moderation.usecases.closing import ClosingOrder, close, may_close
from moderation.usecases.closure_steps import PERMISSIONS, step_key, step_of, turn_of_key
from moderation.vocabulary import Role
from tests.support.closing_fakes import GROUP, HEAD, NOW, REP, FakeClosures, FakeOutbox, FakePeople, FakeTopics

MIXED = {"can_send_messages": True, "can_send_polls": False}
permissions = st.dictionaries(st.sampled_from([*PERMISSIONS, "can_do_something_newer"]), st.booleans(), min_size=1)


class School:
    """The fakes together."""

    def __init__(self) -> None:
        self.closures, self.groups, self.outbox = FakeClosures(), FakeTopics(), FakeOutbox()
        self.people = FakePeople()
        self.group = GROUP

    async def close(self, seen: Mapping[str, bool], **order: object) -> None:
        """Close the group as it is seen, carry the steps out and settle."""
        made = ClosingOrder(self.group, HEAD, seen, "Because.")
        await close(
            replace(made, **order),  # type: ignore[arg-type]  # fields of the order by name
            closures=self.closures,
            groups=self.groups,
            outbox=self.outbox,
            now=NOW,
        )

    async def settle(self, **refused: str) -> None:
        """Carry out what waits, and settle the newest closure."""
        self.outbox.carry(**refused)
        await closing.settled(
            self.closures.all[-1], self.group, closures=self.closures, people=self.people, outbox=self.outbox
        )

    async def reopen(self) -> bool:
        """Open it again."""
        return await reopening.reopen(
            self.closures.all[-1],
            self.group,
            closures=self.closures,
            groups=self.groups,
            outbox=self.outbox,
            now=NOW,
        )

    def last_permissions(self) -> dict[str, bool]:
        """What members may do in the end."""
        return dict(self.outbox.of(SetPermissions)[-1].permissions)


@given(permissions, st.lists(permissions, max_size=3))
async def test_any_permissions_come_back_exactly_however_often_it_is_closed(
    own: dict[str, bool], lifted: list[dict[str, bool]]
) -> None:
    school = School()
    for seen in (own, *lifted):
        await school.close(seen)
        await school.settle()
        assert set(school.last_permissions()) >= {*PERMISSIONS, *seen}
        assert not any(school.last_permissions().values())
    assert await school.reopen()
    assert school.last_permissions() == own
    assert not await school.reopen()


async def test_closing_again_sends_no_second_notice_but_pins_the_first() -> None:
    school = School()
    for _ in range(2):
        await school.close(MIXED)
        await school.settle()
    assert len(school.outbox.of(TellGroup)) == 1
    assert len(school.outbox.of(Pin)) == 2
    assert len({effect.sent for effect in school.outbox.of(Pin)}) == 1
    assert len(school.closures.all) == 1


async def test_a_report_waits_for_the_last_step_and_comes_once() -> None:
    school = School()
    await school.close(MIXED)
    closure = school.closures.all[-1]
    for _ in range(2):
        await closing.settled(closure, GROUP, closures=school.closures, people=school.people, outbox=school.outbox)
    assert not school.outbox.of(Tell)
    await school.settle()
    await school.settle()
    assert [effect.text for effect in school.outbox.of(Tell)] == ["closing.report"]
    assert school.closures.all[-1].status is ClosureStatus.CLOSED


async def test_refused_steps_are_named_once_a_kind() -> None:
    school = School()
    school.group = replace(GROUP, is_forum=True)
    school.groups.seen = {5: Topic(5), 6: Topic(6)}
    await school.close(MIXED, confirmed=False)
    await school.settle(SwitchTopic="Bad Request: not enough rights", Pin="Bad Request: not enough rights")
    (report,) = school.outbox.of(Tell)
    assert report.lines == ("closing.refused_pin", "closing.refused_topic")
    assert school.closures.all[-1].steps["topic:5"] == "refused"


async def test_what_a_human_did_before_is_no_refusal() -> None:
    school = School()
    school.group = replace(GROUP, is_forum=True)
    await school.close(MIXED)
    await school.settle(SwitchTopic="Bad Request: TOPIC_NOT_MODIFIED")
    assert [effect.text for effect in school.outbox.of(Tell)] == ["closing.report"]


async def test_a_reps_closure_is_taken_over_once_with_the_headteachers_reason_and_case() -> None:
    school = School()
    await school.close(MIXED, by=REP, confirmed=False, reason="")
    assert not [one for one in school.closures.all if one.confirmed_by]
    await school.close(MIXED, reason="", case_id="case")
    assert (school.closures.all[-1].confirmed_by, school.closures.all[-1].case_id) == ("head", "case")
    await school.close(MIXED, reason="Another.", case_id="other")
    assert (school.closures.all[-1].reason, school.closures.all[-1].case_id) == ("", "case")


async def test_what_could_not_be_seen_at_first_is_saved_when_it_is_closed_again() -> None:
    school = School()
    await school.close({})
    await school.settle(SetPermissions="Forbidden: bot was kicked from the supergroup chat")
    await school.close(MIXED)
    await school.close(dict.fromkeys(MIXED, False))
    assert school.closures.all[-1].saved_permissions == MIXED


async def test_a_deputy_who_closes_gets_the_report_too() -> None:
    school = School()
    deputy = replace(HEAD, id="deputy", roles=frozenset({Role.DEPUTY}), telegram_id=3)
    school.people.persons.append(deputy)
    await school.close(MIXED, by=deputy)
    await school.settle()
    assert [(effect.to, effect.text) for effect in school.outbox.of(Tell)] == [
        (1, "closing.report"),
        (3, "closing.report"),
    ]


async def test_permissions_not_given_back_yet_are_not_mistaken_for_the_groups_own() -> None:
    school = School()
    await school.close(MIXED)
    await school.settle()
    await school.reopen()
    await school.close(dict.fromkeys(MIXED, False))
    assert school.closures.all[-1].saved_permissions == MIXED
    await school.settle()
    await school.reopen()
    school.outbox.carry()
    await school.close({"can_send_messages": True})
    assert school.closures.all[-1].saved_permissions == {"can_send_messages": True}


def test_a_steps_key_tells_step_and_turn() -> None:
    for step in ("permissions", "topic:7"):
        for turn in (1, 2, 12):
            key = step_key("id", step, turn)
            assert (step_of(key), turn_of_key(key)) == (step, turn)
    assert step_key("id", "pin", 1) == "closure:id:pin"


def test_a_class_rep_closes_the_group_of_her_own_class_only() -> None:
    assert may_close(REP, GROUP)
    assert not may_close(replace(REP, school_class="Oak"), GROUP)
    assert not may_close(replace(REP, school_class=""), replace(GROUP, school_class=""))
    assert not may_close(HEAD, GROUP)
