"""The texts: every one can be shown, values are escaped, and editing a file changes the running bot."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError, MalformedFile, TextsError
from config.markup import markup_problem, utf16_units, without_markup
from config.texts import Texts

SHIPPED = Texts()

#: What must be told in full, and may be longer than a phone's screen.
LONG_TABLES = ("code.", "privacy.")


def write(path: Path, text: str) -> Path:
    """Write `text` with a new modification time, even within one tick of the file system's clock."""
    earlier = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    later = max(path.stat().st_mtime_ns, earlier + 1_000_000)
    os.utime(path, ns=(later, later))
    return path


@pytest.mark.parametrize("key", SHIPPED.keys())
def test_every_shipped_text_renders_as_telegram_html_and_is_short(key: str) -> None:
    shown = SHIPPED.render(key, **dict.fromkeys(SHIPPED.placeholders(key), "x"))
    assert markup_problem(shown) is None
    assert shown.strip() == shown
    if not key.startswith(LONG_TABLES):
        assert utf16_units(without_markup(shown)) < 900


def test_values_are_escaped_and_our_own_tags_are_not(tmp_path: Path) -> None:
    texts = Texts(write(tmp_path / "t.toml", 'hello = "<b>{name}</b> writes {what}"'))
    shown = texts.render("hello", name="<i>&", what='"quoted"')
    assert shown == "<b>&lt;i&gt;&amp;</b> writes &quot;quoted&quot;"


@given(st.text())
def test_no_value_can_bring_in_a_tag(value: str) -> None:
    shown = SHIPPED.render("help.contact", office=value)
    assert markup_problem(shown) is None
    assert without_markup(shown).endswith(value)


def test_a_plain_text_is_not_escaped(tmp_path: Path) -> None:
    texts = Texts(write(tmp_path / "t.toml", '[button]\nask = "Ask {name}"'))
    assert texts.plain("button.ask", name="Tom & Co") == "Ask Tom & Co"


def test_a_missing_text_is_named_with_the_nearest_there_is() -> None:
    with pytest.raises(TextsError, match=r"help\.parents.*Did you mean 'help\.parent'") as caught:
        SHIPPED.render("help.parents")
    assert caught.value.key == "help.parents"
    with pytest.raises(TextsError):
        SHIPPED.placeholders("nothing.like.it")


def test_a_missing_value_is_named_and_a_spare_one_is_no_matter() -> None:
    with pytest.raises(TextsError, match=r"help\.contact.*\{office\}"):
        SHIPPED.render("help.contact")
    assert SHIPPED.plain("help.contact", office="Mrs H", spare=1) == "The school office: Mrs H"


def test_curly_brackets_can_be_written(tmp_path: Path) -> None:
    texts = Texts(write(tmp_path / "t.toml", 'a = "{{x}} {y}"'))
    assert texts.plain("a", y=1) == "{x} 1"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('a = "{"', "curly bracket"),
        ('a = "{0}"', "placeholder"),
        ('a = "{}"', "placeholder"),
        ('a = "{x.y}"', "placeholder"),
        ('a = "{x!r}"', "placeholder"),
        ('a = "{x:>9}"', "placeholder"),
        ('a = ""', "empty"),
        ("a = 3", "quotation marks"),
        ('a = ["x"]', "quotation marks"),
        ('a = "<b>bold"', "never closed"),
        ('a = "<div>x</div>"', "no tag <div>"),
        ('a = "5 < 6"', "stands alone"),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused_by_its_key(tmp_path: Path, toml: str, problem: str) -> None:
    with pytest.raises(TextsError, match=problem) as caught:
        Texts(write(tmp_path / "t.toml", f"[t]\n{toml}"))
    assert caught.value.key == "t.a"


def test_a_school_replaces_single_texts_by_its_own_file(tmp_path: Path) -> None:
    own = write(tmp_path / "own.toml", '[help]\ncontact = "Ring {office} before 4"')
    texts = Texts(own=own)
    assert texts.plain("help.contact", office="us") == "Ring us before 4"
    assert texts.render("help.parent") == SHIPPED.render("help.parent")


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('contcat = "x"', "Did you mean 'help.contact'"),
        ('contact = "{phone}"', r"\{phone\} is not a value of this text \(it has: office\)"),
        ('parent = "{phone}"', "it has: none"),
    ],
)
def test_a_schools_file_cannot_bring_what_the_bot_does_not_know(tmp_path: Path, toml: str, problem: str) -> None:
    with pytest.raises(TextsError, match=problem):
        Texts(own=write(tmp_path / "own.toml", f"[help]\n{toml}"))


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match=r"t\.toml is not valid TOML: .*line 2"):
        Texts(write(tmp_path / "t.toml", 'a = "x"\nb ='))


def test_editing_a_text_changes_the_next_message(tmp_path: Path) -> None:
    path = write(tmp_path / "t.toml", 'a = "before"')
    texts = Texts(path)
    assert texts.render("a") == "before"
    write(path, 'a = "after"')
    assert texts.render("a") == "after"


def test_a_schools_file_made_later_is_noticed(tmp_path: Path) -> None:
    own = write(tmp_path / "own.toml", '[help]\ncontact = "one"')
    texts = Texts(own=own)
    write(own, '[help]\ncontact = "two"')
    assert texts.plain("help.contact") == "two"


@pytest.mark.parametrize("broken", ["a = ", 'a = "<b>"', None])
def test_a_broken_edit_keeps_the_last_good_texts_and_is_told_of_once(
    tmp_path: Path, broken: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "t.toml", 'a = "good words"')
    texts = Texts(path)
    if broken is None:
        path.unlink()
    else:
        write(path, broken)
    with caplog.at_level(logging.ERROR):
        assert texts.render("a") == texts.render("a") == "good words"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "t.toml" in caplog.text
    assert "good words" not in caplog.text

    write(path, 'a = "mended"')
    assert texts.render("a") == "mended"


def test_errors_of_texts_are_configuration_errors() -> None:
    assert issubclass(TextsError, ConfigError)
