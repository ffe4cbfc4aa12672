"""Cutting to a length, without breaking what a reader sees as one character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.cutting import ELLIPSIS, cut, sendable, units

TEXTS = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("👨‍👩‍👧🏽🇬🇧é\u0301\u200d\u202e<&>\r\n"), max_size=200
)


@given(TEXTS, st.integers(0, 300))
def test_a_cut_text_fits_and_begins_as_the_text_does(text: str, longest: int) -> None:
    made = cut(text, longest)
    assert units(made) <= longest
    assert made == text or text.startswith(made.removesuffix(ELLIPSIS))


@given(TEXTS)
def test_a_text_that_fits_is_left_alone(text: str) -> None:
    assert cut(text, units(text)) == text


@pytest.mark.parametrize(
    ("text", "longest", "made"),
    [
        ("hello there", 8, "hello t…"),
        ("hello there", 7, "hello…"),
        ("🙂🙂🙂", 5, "🙂🙂…"),
        ("🙂🙂🙂", 4, "🙂…"),
        ("ab👨‍👩‍👧cd", 8, "ab…"),
        ("ab👍🏽cd", 6, "ab…"),
        ("ab👍🏽cd", 7, "ab👍🏽…"),
        ("🇬🇧🇫🇷🇪🇸", 9, "🇬🇧🇫🇷…"),
        ("🇬🇧🇫🇷🇪🇸", 8, "🇬🇧…"),
        ("ae\u0301\u0302x", 4, "a…"),
        ("a\r\nb", 3, "a…"),
        ("anything", 0, ""),
    ],
)
def test_whole_characters_are_kept(text: str, longest: int, made: str) -> None:
    assert cut(text, longest) == made


def test_a_pile_of_marks_is_cut_all_the_same() -> None:
    assert units(cut("a" + "\u0301" * 500, 100)) == 100


def test_half_a_character_is_replaced_before_it_is_sent() -> None:
    assert sendable("a\ud83db") == "a\ufffdb"
