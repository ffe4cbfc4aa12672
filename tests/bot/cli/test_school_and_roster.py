"""`schoolgate school` and `schoolgate roster`, on a real database."""

import json
import re
from pathlib import Path

import pytest

from bot.cli.main import main

ROSTER = "name,role,class,child\nAnn Example,headteacher,,\nEve Placeholder,parent,Willow,Finn\n"


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """What a command prints and its exit status."""
    with pytest.raises(SystemExit) as left:
        main(words)
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out + printed.err


@pytest.fixture
def school(installation: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An installation with one school and a roster file."""
    assert call(capsys, "school", "add", "Oakfield  Primary")[0] == 0
    path = installation / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    return path


def people(printed: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(printed)["people"]
    return found


def test_a_school_is_registered_once(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(call(capsys, "school", "list", "--json")[1])["schools"][0]["name"] == "Oakfield Primary"
    status, printed = call(capsys, "school", "add", "oakfield primary")
    assert status == 1
    assert "exists already" in printed


@pytest.mark.usefixtures("installation")
def test_a_school_needs_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "school", "add", " ")[0] == 2


@pytest.mark.usefixtures("installation")
def test_no_school_yet_says_how_to_add_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "schoolgate school add" in call(capsys, "school", "list")[1]


def test_an_import_gives_each_person_a_link(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = call(capsys, "roster", "import", str(school), "--username", "@oakbot", "--json")
    assert status == 0
    for person in people(printed):
        assert person["link"] == f"https://t.me/oakbot?start={person['code']}"
        assert len(person["code"]) <= 64


def test_links_are_shown_whole_with_whose_each_is(
    school: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    school.write_text("name,role,class,ref\nSam Example,parent,Willow,1\nSam Example,parent,Ash,2\n", "utf-8")
    status, printed = call(capsys, "roster", "import", str(school), "--username", "oakbot")
    assert status == 0
    lines = printed.splitlines()
    assert lines[0::2][:2] == ["Sam Example, Willow, ref 1: new", "Sam Example, Ash, ref 2: new"]
    assert all(re.fullmatch(r"    https://t\.me/oakbot\?start=[0-9a-z-]{34}", line) for line in (lines[1], lines[3]))


def test_importing_again_gives_no_second_link(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "roster", "import", str(school), "--username", "oakbot")
    _, printed = call(capsys, "roster", "import", str(school), "--username", "oakbot", "--json")
    assert [person["link"] for person in people(printed)] == [None, None]
    _, printed = call(capsys, "roster", "import", str(school), "--username", "oakbot", "--new-codes", "--json")
    assert all(person["link"] for person in people(printed))


def test_a_dry_run_changes_nothing(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        _, printed = call(capsys, "roster", "import", str(school), "--dry-run", "--json")
        assert [change["what"] for change in json.loads(printed)["changes"]] == ["new", "new"]
    assert "Nothing has been changed" in call(capsys, "roster", "import", str(school), "--dry-run")[1]


def test_a_bad_line_imports_nobody(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    school.write_text(ROSTER + "Ben Sample,wizard,,\n", "utf-8")
    status, printed = call(capsys, "roster", "import", str(school), "--username", "oakbot")
    assert status == 2
    assert "Line 4" in printed
    school.write_text(ROSTER, "utf-8")
    _, printed = call(capsys, "roster", "import", str(school), "--dry-run", "--json")
    assert {change["what"] for change in json.loads(printed)["changes"]} == {"new"}


def test_with_two_schools_one_must_be_named(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "school", "add", "Elmfield Primary")
    status, printed = call(capsys, "roster", "import", str(school), "--username", "oakbot")
    assert status == 2
    assert "--school" in printed
    assert call(capsys, "roster", "import", str(school), "--username", "x", "--school", "elmfield primary")[0] == 0


def test_without_a_school_the_import_says_what_to_type(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = installation / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    status, printed = call(capsys, "roster", "import", str(path), "--username", "oakbot")
    assert status == 2
    assert "schoolgate school add" in printed


def test_without_a_username_or_telegram_the_import_says_so(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = call(capsys, "roster", "import", str(school))
    assert status == 2
    assert "--username" in printed
