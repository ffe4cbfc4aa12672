"""Reading a roster: everything that an office's spreadsheet does to a CSV file."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rosters import RosterRefused, as_roster, parse_roster, read_roster
from moderation.vocabulary import Role

HEADER = "name,role,class,child\n"


def test_a_line_becomes_a_person() -> None:
    (entry,) = parse_roster(HEADER + "Eve  Placeholder,class_rep;parent,Willow,Finn;Ida\n")
    assert entry.name == "Eve Placeholder"
    assert entry.roles == {Role.CLASS_REP, Role.PARENT}
    assert entry.children == ("Finn", "Ida")
    assert entry.line == 2


def test_semicolons_between_columns_are_fine() -> None:
    (entry,) = parse_roster("name;role;class;child\nEve Placeholder;parent;Willow;Finn\n")
    assert (entry.school_class, entry.children) == ("Willow", ("Finn",))


def test_blank_lines_and_missing_cells_are_fine() -> None:
    entries = parse_roster(HEADER + "\nAnn Example,headteacher\n,,,\nBen Sample,DSL,,\n")
    assert [entry.roles for entry in entries] == [{Role.HEADTEACHER}, {Role.DSL}]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, '"name" is missing'),
        ("name,class\n", 1, '"role" is missing'),
        ("name,role,shoe size\n", 1, 'no column "shoe size"'),
        (HEADER + "Ann Example,wizard\n", 2, '"wizard" is not a role'),
        (HEADER + "Ann Example,\n", 2, "no role"),
        (HEADER + ",parent\n", 2, "no name"),
        (HEADER + "Example, Ann,parent,Willow,Finn\n", 2, "more cells than columns"),
        (HEADER + "Ann Example,parent\nann example,parent\n", 3, "same name as line 2"),
        ("name,role,ref\nAnn Example,parent,7\nBen Sample,parent,7\n", 3, "same ref as line 2"),
        ("name,role,ref\nAnn Example,parent,7\nAnn Example,parent,\n", 3, "same name as line 2"),
        ("name,role,ref\nAnn Example,parent,\nAnn Example,parent,7\n", 3, "same name as line 2"),
        (HEADER + "Jos\u00e9 Sample,parent\nJose\u0301 Sample,parent\n", 3, "same name as line 2"),
        (HEADER + "Ann Example,parent\nAnn\u200b \u202eExample,parent\n", 3, "same name as line 2"),
        (HEADER + "\u200b\u202e,parent\n", 2, "no name"),
        (HEADER + '"Ann\nExample",parent\n\nBen Sample,wizard\n', 5, "not a role"),
        (HEADER.strip() + "\rAnn Example,wizard\r", 2, "not a role"),
    ],
)
def test_a_bad_line_is_named_by_its_number(text: str, line: int, words: str) -> None:
    with pytest.raises(RosterRefused, match=words) as refused:
        parse_roster(text)
    assert refused.value.line == line


def test_a_roster_without_people_is_refused() -> None:
    with pytest.raises(RosterRefused, match="no people"):
        parse_roster(HEADER)


def test_two_people_of_one_name_are_told_apart_by_ref() -> None:
    entries = parse_roster("name,role,ref\nAnn Example,parent,1\nAnn Example,parent,2\n")
    assert [(entry.name, entry.ref) for entry in entries] == [("Ann Example", "1"), ("Ann Example", "2")]


def test_right_to_left_names_are_kept_without_signs_that_steer_the_line() -> None:
    (entry,) = parse_roster(HEADER + "\u202bליאור \u200fדוגמה\u202c,parent,,\u2067נועה\u2069\n")
    assert (entry.name, entry.children) == ("ליאור דוגמה", ("נועה",))


def test_joiners_are_part_of_a_name() -> None:
    (entry,) = parse_roster(HEADER + "می\u200cنا نمونه,parent\n")
    assert "\u200c" in entry.name


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le"])
def test_a_file_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes((HEADER + "Zoë Example,parent\n").encode(encoding))
    with pytest.raises(RosterRefused, match="CSV UTF-8"):
        read_roster(path)


def test_excels_mark_at_the_front_is_no_part_of_the_name(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + "Zoë Example,parent\n").encode())
    assert read_roster(path)[0].name == "Zoë Example"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


def test_the_core_gets_names_roles_and_children() -> None:
    roster = as_roster(parse_roster(HEADER + "Eve Placeholder,parent,Willow,Finn\n"), "Oakfield")
    assert roster.children == {"Finn"}
    assert roster.school_name == "Oakfield"


@given(st.text())
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    with suppress(RosterRefused):
        assert parse_roster(text)
