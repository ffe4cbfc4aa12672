"""Names in an alert: two people of one name are told apart, and no name turns a line around."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.cutting import units
from bot.rendering.naming import name_among, on_one_line
from moderation.effects import Alert
from moderation.records import Person
from moderation.vocabulary import Role
from tests.support.casework import casework

SAM = Person("p1", "s", "Sam Example", frozenset({Role.PARENT}), "Willow", ("Finn",), "1")


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (replace(SAM, id="p2", name="Ida Example"), "Sam Example"),
        (SAM, "Sam Example"),
        (replace(SAM, id="p2", name="SAM example", school_class="Ash"), "Sam Example (Willow)"),
        (replace(SAM, id="p2", children=("Ida",)), "Sam Example (Finn)"),
        (replace(SAM, id="p2", ref="2"), "Sam Example (1)"),
    ],
)
def test_somebody_is_told_apart_by_what_the_other_does_not_share(other: Person, shown: str) -> None:
    assert name_among(SAM, [SAM, other]) == shown


def test_who_has_no_ref_is_shown_to_be_one_of_two() -> None:
    assert name_among(replace(SAM, ref=""), [replace(SAM, id="p2", ref="2")]) == "Sam Example (-)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sam  Example\n", "Sam Example"),
        ("Sam \u202eExample\u202c", "Sam Example"),
        ("\u2066\u200f\u2069", ""),
        ("ליאור דוגמה", "\u2068ליאור דוגמה\u2069"),
        ("\u2069نورا", "\u2068نورا\u2069"),
    ],
)
def test_a_name_turns_nothing_around_but_itself(text: str, shown: str) -> None:
    assert on_one_line(text, 80) == shown


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\u202e\u2067\u2069אنA\n")), st.integers(1, 90))
def test_a_line_is_one_line_that_fits_and_ends_all_that_it_begins(text: str, longest: int) -> None:
    line = on_one_line(text, longest)
    assert len(line.splitlines()) <= 1
    assert units(line.strip("\u2068\u2069")) <= longest
    assert line.count("\u2068") == line.count("\u2069") <= 1


async def test_an_alert_tells_which_of_two_people_of_one_name_wrote_it(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case, author = await work.flag(), work.people["author"]
        made = await work.rendered(Alert(101, case.id, "headteacher"))
        assert f"{author.name}," in made.text
        await work.do(
            lambda tx: tx.people.change(
                author.id, name=author.name, roles=author.roles, school_class="Willow", children=(), ref="1"
            )
        )
        await work.do(
            lambda tx: tx.people.add(
                school_id=author.school_id, name=author.name, roles=author.roles, school_class="Ash", ref="2"
            )
        )
        made = await work.rendered(Alert(101, case.id, "headteacher"))
        assert f"{author.name} (Willow)," in made.text
