"""One-time codes: a fitting welcome, a kind refusal, and a pause for those who guess."""

from datetime import timedelta

import pytest

from moderation.effects import Tell
from moderation.records import Binding, CodeUse
from moderation.usecases.binding import TRIES, use_code, welcome_of
from moderation.vocabulary import Role
from tests.support.village import NOON, PARENT, STRANGER, FakeOutbox, FakePeople, FakeSchools, person

PRIYA = person(PARENT, Role.PARENT)


async def use(code: str, account: int, people: FakePeople, outbox: FakeOutbox) -> Binding | None:
    key = f"update:{len(outbox.queued)}"
    return await use_code(code, account, people=people, outbox=outbox, schools=FakeSchools(), now=people.now, key=key)


async def test_a_code_that_fits_brings_a_welcome_by_name() -> None:
    people, outbox = FakePeople([PRIYA], {"good": Binding(CodeUse.BOUND, PRIYA)}), FakeOutbox()
    assert await use("good", PARENT, people, outbox) == Binding(CodeUse.BOUND, PRIYA)
    values = {"name": PRIYA.name, "school": "Oakfield Primary"}
    assert list(outbox.queued.values()) == [Tell(PARENT, "welcome.parent", values)]


async def test_the_same_account_may_use_its_link_again() -> None:
    people, outbox = FakePeople([PRIYA], {"good": Binding(CodeUse.AGAIN, PRIYA)}), FakeOutbox()
    await use("good", PARENT, people, outbox)
    assert outbox.told(PARENT) == ["start.again"]
    assert not people.tries


@pytest.mark.parametrize(
    ("use_", "text"),
    [
        (CodeUse.UNKNOWN, "start.unknown"),
        (CodeUse.EXPIRED, "start.expired"),
        (CodeUse.USED, "start.used"),
        (CodeUse.HAS_ACCOUNT, "start.has_account"),
    ],
)
async def test_a_code_that_does_not_fit_is_refused_and_counted(use_: CodeUse, text: str) -> None:
    people, outbox = FakePeople([], {"code": Binding(use_)}), FakeOutbox()
    await use("code", STRANGER, people, outbox)
    assert list(outbox.queued.values()) == [Tell(STRANGER, text)]
    assert len(people.tries) == 1


async def test_a_known_parent_with_somebody_elses_letter_is_no_guesser() -> None:
    people, outbox = FakePeople([], {"code": Binding(CodeUse.SOMEBODY_ELSE)}), FakeOutbox()
    await use("code", PARENT, people, outbox)
    assert outbox.told(PARENT) == ["start.somebody_else"]
    assert not people.tries


async def test_after_ten_wrong_codes_in_an_hour_even_a_good_one_waits() -> None:
    people, outbox = FakePeople([PRIYA], {"good": Binding(CodeUse.BOUND, PRIYA)}), FakeOutbox()
    for _ in range(TRIES):
        await use("bad", STRANGER, people, outbox)
    assert await use("good", STRANGER, people, outbox) is None
    assert outbox.told(STRANGER)[-1] == "start.pause"
    assert await use("good", PARENT, people, outbox) is not None
    people.now = NOON + timedelta(hours=1, seconds=1)
    assert await use("good", STRANGER, people, outbox) is not None


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_welcome(role: Role) -> None:
    assert welcome_of(person(1, role)).startswith("welcome.")


def test_the_welcome_is_that_of_the_weightiest_role() -> None:
    assert welcome_of(person(1, Role.DEPUTY, Role.DSL, Role.PARENT)) == "welcome.dsl"
    assert welcome_of(person(1, Role.CLASS_REP, Role.PARENT)) == "welcome.class_rep"
