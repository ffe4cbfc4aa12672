"""Bringing people up to date with the roster."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.records import Person
from moderation.rosters import RosterRefused, parse_roster
from moderation.usecases.enrolling import compare, enrol
from moderation.vocabulary import Role

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class FakePeople:
    """People in a list."""

    def __init__(self, *people: Person) -> None:
        self.people = list(people)
        self.codes = 0

    async def of_school(self, school_id: str) -> list[Person]:
        return [person for person in self.people if person.school_id == school_id]

    async def add(
        self,
        *,
        school_id: str,
        name: str,
        roles: frozenset[Role],
        school_class: str = "",
        children: Sequence[str] = (),
        ref: str = "",
    ) -> Person:
        person = Person(f"p{len(self.people)}", school_id, name, roles, school_class, tuple(children), ref)
        self.people.append(person)
        return person

    async def change(
        self,
        person_id: str,
        *,
        name: str,
        roles: frozenset[Role],
        school_class: str,
        children: Sequence[str],
        ref: str = "",
    ) -> Person:
        at = next(i for i, person in enumerate(self.people) if person.id == person_id)
        self.people[at] = replace(
            self.people[at], name=name, roles=roles, school_class=school_class, children=tuple(children), ref=ref
        )
        return self.people[at]

    async def issue_code(self, person_id: str, valid: timedelta) -> tuple[str, datetime]:
        self.codes += 1
        return f"code-{person_id}-{self.codes}", NOW + valid


def parent(name: str = "Eve Placeholder", **more: object) -> Person:
    return replace(Person("p0", "s", name, frozenset({Role.PARENT})), **more)  # type: ignore[arg-type]  # any field


ROSTER = "name,role,class,ref\nEve Placeholder,parent,Willow,\n"


async def test_new_people_get_codes() -> None:
    people = FakePeople()
    (one,) = await enrol(parse_roster(ROSTER), school_id="s", people=people, valid=DAY)
    assert (one.what, one.expires_at) == ("new", NOW + DAY)
    assert one.code is not None


async def test_importing_again_changes_nothing_and_gives_no_codes() -> None:
    people = FakePeople()
    await enrol(parse_roster(ROSTER), school_id="s", people=people, valid=DAY)
    (again,) = await enrol(parse_roster(ROSTER), school_id="s", people=people, valid=DAY)
    assert (again.what, again.code, people.codes) == ("same", None, 1)


async def test_fresh_codes_go_only_to_those_without_an_account() -> None:
    people = FakePeople(parent(school_class="Willow"), parent("Ann Example", id="p1", telegram_id=5))
    entries = parse_roster(ROSTER + "Ann Example,parent,Willow,\n")
    given = await enrol(entries, school_id="s", people=people, valid=DAY, fresh_codes=True)
    assert [bool(one.code) for one in given] == [True, False]


async def test_a_changed_class_is_brought_up_to_date() -> None:
    people = FakePeople(parent(school_class="Ash"))
    (one,) = await enrol(parse_roster(ROSTER), school_id="s", people=people, valid=DAY)
    assert (one.what, one.person.school_class) == ("changed", "Willow")


async def test_a_ref_recognises_somebody_whose_name_changed() -> None:
    people = FakePeople(parent("Eve Before", ref="7"))
    (one,) = await enrol(parse_roster("name,role,ref\nEve After,parent,7\n"), school_id="s", people=people, valid=DAY)
    assert (one.what, one.person.name, len(people.people)) == ("changed", "Eve After", 1)


def test_somebody_missing_from_the_file_is_told_of_and_kept() -> None:
    changes = compare(parse_roster(ROSTER), [parent("Gone Away", id="p9")])
    assert [change.what for change in changes] == ["new", "absent"]


async def test_a_ref_given_later_is_kept_on_the_person_of_that_name() -> None:
    people = FakePeople(parent())
    (one,) = await enrol(
        parse_roster("name,role,ref\nEve Placeholder,parent,7\n"), school_id="s", people=people, valid=DAY
    )
    assert (one.what, one.person.ref, len(people.people)) == ("changed", "7", 1)


async def test_another_school_is_not_touched() -> None:
    people = FakePeople(parent(school_id="other"))
    (one,) = await enrol(parse_roster(ROSTER), school_id="s", people=people, valid=DAY)
    assert one.what == "new"


def test_a_ref_that_was_left_out_makes_nobody_twice() -> None:
    with pytest.raises(RosterRefused, match="registered with a ref") as refused:
        compare(parse_roster(ROSTER), [parent(ref="7")])
    assert refused.value.line == 2


def test_a_namesake_with_a_ref_of_their_own_is_somebody_else() -> None:
    changes = compare(parse_roster("name,role,ref\nEve Placeholder,parent,8\n"), [parent(ref="7")])
    assert [change.what for change in changes] == ["new", "absent"]


async def test_which_of_two_namesakes_is_registered_is_not_guessed() -> None:
    people = FakePeople(parent())
    entries = parse_roster("name,role,ref\nEve Placeholder,parent,7\nEve Placeholder,parent,8\n")
    with pytest.raises(RosterRefused, match="that of line 2") as refused:
        await enrol(entries, school_id="s", people=people, valid=DAY)
    assert refused.value.line == 3
    assert people.people == [parent()]
    await enrol(entries[:1], school_id="s", people=people, valid=DAY)
    given = await enrol(entries, school_id="s", people=people, valid=DAY)
    assert [one.what for one in given] == ["same", "new"]
