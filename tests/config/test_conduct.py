"""The code of conduct and the privacy notice: complete, kind, short enough, and known by version and hash."""

import re
from datetime import date
from pathlib import Path

import pytest

from config.conduct import LONGEST, load_code_of_conduct, load_privacy_notice
from config.errors import CodeError, MalformedFile
from config.markup import utf16_units
from config.toml import SHIPPED
from moderation.vocabulary import Clause

CODE = (SHIPPED / "code_of_conduct.toml").read_text(encoding="utf-8")
NOTICE = (SHIPPED / "privacy_notice.toml").read_text(encoding="utf-8")

#: The clauses that the software must carry out (LAT022); our letters number the bullets.
LAT022 = [
    *("1.3", "2.1", "3.1a", "3.1b", "3.1c", "3.1d", "3.2", "3.3", "3.4d", "3.4t", "3.5", "3.6", "3.7"),
    *("4.1a", "4.1b", "4.1c", "4.2", "4.3", "4.4", "4.5", "4.6", "5.1", "5.2"),
]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_clause_of_the_document_is_there_in_order() -> None:
    assert list(load_code_of_conduct().clauses) == LAT022


def test_the_document_is_named_with_its_dates() -> None:
    code = load_code_of_conduct()
    assert (code.document, code.version) == ("LAT022", "1")
    assert (code.updated, code.next_review) == (date(2023, 10, 1), date(2026, 10, 1))


@pytest.mark.parametrize("clause", Clause)
def test_the_author_is_told_in_kind_words(clause: Clause) -> None:
    kind = load_code_of_conduct().kind(clause)
    assert kind.startswith("could ")
    assert not re.search(r"defam|abus|offen|racis|discrimin|illegal|breach|guilty|hate", kind)


def test_our_letters_are_shown_as_the_documents_numbers() -> None:
    code = load_code_of_conduct()
    assert code.shown_as(Clause.DISCRIMINATORY) == code.shown_as(Clause.THREAT) == "3.4"
    assert code.shown_as(Clause.ABUSE_TO_STAFF) == "4.1"
    assert code.heading(Clause.THREAT) == "Threats"
    assert "pass on" in code.words("3.5")


def test_a_clause_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(CodeError, match=r"no clause '3\.4x'\. Did you mean '3\.4"):
        load_code_of_conduct().words("3.4x")


def test_a_clause_that_no_message_can_breach_has_no_kind_words() -> None:
    with pytest.raises(CodeError, match=r"5\.1"):
        load_code_of_conduct().kind("5.1")


def test_the_code_is_one_message_with_every_rule_under_its_number() -> None:
    code = load_code_of_conduct()
    shown = code.as_text()
    assert utf16_units(shown) <= LONGEST
    for clause in code.clauses.values():
        assert clause.words in shown
    assert "\n3.1\n•" in shown
    assert "\n4.6 If problems" in shown
    assert "3.4d" not in shown
    assert shown.endswith("LAT022 version 1, October 2023")


def test_the_hash_changes_with_any_word_and_not_with_layout(tmp_path: Path) -> None:
    shipped = load_code_of_conduct()
    assert re.fullmatch(r"[0-9a-f]{64}", shipped.hash)
    assert load_code_of_conduct(write(tmp_path, f"# a remark\n\n{CODE}")).hash == shipped.hash
    assert load_code_of_conduct(write(tmp_path, CODE.replace("glad", "very glad"))).hash != shipped.hash
    assert load_code_of_conduct(write(tmp_path, CODE.replace('version = "1"', 'version = "2"'))).hash != shipped.hash


def test_the_notice_says_what_consent_is_to(tmp_path: Path) -> None:
    notice = load_privacy_notice()
    assert utf16_units(notice.as_text()) <= LONGEST
    assert notice.as_text().startswith(notice.title)
    for promise in ("headteacher", "chair", "safeguarding", "free to say no", "/withdraw", "erased"):
        assert promise in notice.text
    changed = load_privacy_notice(write(tmp_path, NOTICE.replace("encrypted", "locked away")))
    assert changed.version == notice.version
    assert changed.hash != notice.hash


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('title = "Social', 'titel = "Social', r"'titel' is not known\. Did you mean 'title'"),
        ('version = "1"', "version = 1", "'version' must be a text"),
        ('version = "1"', 'version = " "', "'version' must be a text"),
        ('document = "LAT022"\n', "", "'document' must be a text"),
        ("2023-10-01", '"2023-10-01"', "'updated' must be a date"),
        ("2023-10-01", "2023-10-01T10:00:00", "'updated' must be a date"),
        ('kind = "could be read as a threat"', "", r"clause '3\.4t' needs"),
        ('[clauses."3.1c"]', '[clauses."3.1x"]', r"clause '3\.1c' needs"),
        ('words = "Please send', 'word = "Please send', r"clause '3\.1a': 'word' is not known"),
        ('intro = """', 'intro = """' + "long " * 800, "too many for one message"),
    ],
)
def test_an_incomplete_code_is_refused_by_file_and_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in CODE
    with pytest.raises(CodeError, match=problem) as caught:
        load_code_of_conduct(write(tmp_path, CODE.replace(old, new, 1)))
    assert "own.toml" in str(caught.value)


@pytest.mark.parametrize("clauses", ["", "clauses = 3\n", '[clauses]\n"1.3" = "x"\n'])
def test_a_code_without_clauses_is_refused(tmp_path: Path, clauses: str) -> None:
    with pytest.raises(CodeError, match="clause"):
        load_code_of_conduct(write(tmp_path, CODE.partition("[clauses")[0] + clauses))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match=r"own\.toml does not exist"):
        load_privacy_notice(tmp_path / "own.toml")
