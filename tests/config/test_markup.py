"""Telegram's HTML: what it takes passes, what it would refuse is refused here first."""

import pytest

from config.markup import escape, markup_problem, utf16_units, without_markup


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "<b>bold <i>both</i></b>",
        '<a href="https://example.org/?a=1&amp;b=2">link</a>',
        "<blockquote expandable>long</blockquote>",
        "<blockquote>short</blockquote>",
        "5 &lt; 6",
    ],
)
def test_what_telegram_takes_passes(text: str) -> None:
    assert markup_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<b>x", "<b> is never closed"),
        ("x</b>", "not the last one opened"),
        ("<b><i>x</b></i>", "not the last one opened"),
        ("<p>x</p>", "no tag <p>"),
        ("<b class='x'>x</b>", "not written"),
        ("<a>x</a>", "not written"),
        ("<a href='x'>x</a>", "not written"),
        ("<blockquote wide>x</blockquote>", "not written"),
        ("a < b", "stands alone"),
        ("a > b", "stands alone"),
    ],
)
def test_what_telegram_would_refuse_is_refused(text: str, problem: str) -> None:
    found = markup_problem(text)
    assert found is not None
    assert problem in found


def test_an_emoji_counts_as_two_units_and_a_lone_surrogate_as_one() -> None:
    assert utf16_units("a🙂") == 3
    assert utf16_units("\ud83d") == 1


def test_without_markup_undoes_escape() -> None:
    text = '<&> &amp; "x"'
    assert without_markup(f"<b>{escape(text)}</b>") == text
