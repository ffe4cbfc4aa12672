"""Sanctioning: who is asked, when, and which class a group belongs to."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.effects import Tell
from moderation.records import Group, GroupStatus, Person
from moderation.usecases.rights import RIGHTS
from moderation.usecases.sanctioning import ask_waiting, class_in
from moderation.vocabulary import Role
from tests.support.closing_fakes import GROUP, HEAD, NOW, REP, FakeOutbox

WAITING = replace(GROUP, status=GroupStatus.ASKED, asked_at=NOW, bot_is_admin=True, rights=frozenset(RIGHTS))


@dataclass
class Waiting:
    """Groups that wait for an answer."""

    groups: list[Group] = field(default_factory=lambda: [WAITING])

    async def of_school(self, school_id: str, status: GroupStatus | None = None) -> list[Group]:
        return [group for group in self.groups if status is None or group.status is status]

    async def change(self, group_id: str, **values: Any) -> Group:
        raise AssertionError("asking changes no group")


async def test_a_headteacher_who_enrols_is_asked_once_about_each_group_that_waits() -> None:
    outbox, waiting = FakeOutbox(), Waiting([WAITING, replace(WAITING, id="oak"), replace(GROUP, id="done")])
    for _ in range(2):
        await ask_waiting(HEAD, groups=waiting, outbox=outbox)
    assert [effect.text for effect in outbox.of(Tell)] == ["group.ask", "group.ask"]


async def test_a_group_that_comes_back_within_a_second_is_asked_about_again() -> None:
    outbox = FakeOutbox()
    for moment in (NOW, NOW + timedelta(milliseconds=400)):
        await ask_waiting(HEAD, groups=Waiting([replace(WAITING, asked_at=moment)]), outbox=outbox)
    assert [effect.text for effect in outbox.of(Tell)] == ["group.ask", "group.ask"]


async def test_missing_rights_are_reported_along_with_it() -> None:
    outbox = FakeOutbox()
    for _ in range(2):
        await ask_waiting(HEAD, groups=Waiting([replace(WAITING, bot_is_admin=False)]), outbox=outbox)
    assert [effect.text for effect in outbox.of(Tell)] == ["group.ask", "rights.not_admin"]


@pytest.mark.parametrize("person", [REP, replace(HEAD, telegram_id=None), replace(HEAD, roles=frozenset({Role.CHAIR}))])
async def test_nobody_else_is_asked(person: Person) -> None:
    outbox = FakeOutbox()
    await ask_waiting(person, groups=Waiting(), outbox=outbox)
    assert not outbox.kept


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Our WILLOW parents", "Willow"),
        ("Willow and Oak parents", ""),
        ("Oakfield Primary, all parents", ""),
        ("Chatter", ""),
    ],
)
def test_a_group_belongs_to_the_one_class_that_its_title_names(title: str, found: str) -> None:
    assert class_in(title, ["Willow", "Oak"]) == found
