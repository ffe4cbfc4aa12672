"""What was written is read as the eye reads it, and plain text is left alone."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.normalise import LONGEST_EXPANSION, normalise

ANYTHING = st.text(max_size=80) | st.text(
    alphabet="aAiIdDoOtTsS013457@$!.*- \u200b\u200d\u202e\u202c\u0336\u0301аеіос🅰🅱x\n", max_size=40
)
_EVERYDAY = (
    "thanks Tom, see you at 8.30am Y3 KS2 £40 7a Mrs O'Neil co-op v1.2.3 3x4 LE16 7PA xxx 13:45 "
    "żółć Zażółć آپ کیسے Привет дела"
)
PLAIN = st.lists(st.sampled_from(re.split(" ", _EVERYDAY)), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("you i d i o t now", "you idiot now"),
        ("i.d.i.o.t", "idiot"),
        ("i*d*i*o*t", "idiot"),
        ("m.0.r.o.n", "moron"),
        ("id1ot", "idiot"),
        ("sh1t and tw@t", "shit and twat"),
        ("b!tch", "bitch"),
        ("a$$ and $hit", "ass and shit"),
        ("1d10ts and h3ll0", "idiots and hello"),
        ("idiooooot", "idioot"),
        ("іdіоt", "idiot"),
        ("such a сосо", "such a coco"),
        ("\u202etoidi\u202c ok", "idiot ok"),
        ("\u202etoi\u202edi", "iotid"),
        ("i\u200bd\u200di\u200eot", "idiot"),
        ("i\u0336d\u0336iot", "idiot"),
        ("ɪᴅɪᴏᴛ", "idiot"),
        ("🅸🅳🅸🅾🆃", "IDIOT"),
        ("𝕚𝕕𝕚𝕠𝕥", "idiot"),
        ("it’s “fine”", 'it\'s "fine"'),
    ],
)
def test_a_disguise_is_undone(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "f**k off",
        "3x4",
        "Y3 and Y3s",
        "mp3s",
        "v1.2.3 or v1rc5x",
        "4pm, 8.30am, 13:45",
        "LE16 7PA LE167PA",
        "A14 to KS2",
        "x x x x",
        "xoxo x o x o",
        "love xxx",
        "Groups A B C D",
        "Henry III",
        "Class 3B4L",
        "7a High Street",
        "£40 for 5yrs",
        "me@school.org",
        "@t0mmy",
        "#y3tr1p",
        "Great!thanks",
        "10x15cm",
        "https://school.org/a1bc",
        "www.schooool.org",
        "1 2 3 4 5",
        "A 1 B 2",
        "U.S.A.",
        "O Rh 🅰",
        "❤️ 👨\u200d👩\u200d👧",
        "żółć gęślą jaźń",
        "Привет как дела",
        "сор",
        "آپ کیسے\u200cہیں",
        "ﷺ",
        "A4paper",
        "co-op",
        "",
    ],
)
def test_plain_text_comes_out_as_it_went_in(text: str) -> None:
    assert normalise(text).text == text


@settings(deadline=None)  # a shared machine is no stopwatch
@given(PLAIN)
def test_no_everyday_words_are_changed(text: str) -> None:
    assert normalise(text).text == unicodedata.normalize("NFKC", text)


@settings(deadline=None)  # a shared machine is no stopwatch
@given(ANYTHING)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@settings(deadline=None)  # a shared machine is no stopwatch
@given(ANYTHING)
def test_every_character_leads_back_to_words_of_the_original(text: str) -> None:
    found = normalise(text)
    assert len(found.offsets) == len(found.text)
    assert all(0 <= start < end <= len(text) for start, end in found.offsets)
    assert len(found.text) <= LONGEST_EXPANSION * len(text)


def test_a_span_covers_everything_that_hid_the_word() -> None:
    written = "what an i.d.i.o.t he is"
    found = normalise(written)
    at = found.text.index("idiot")
    start, end = found.span(at, at + 5)
    assert written[start:end] == "i.d.i.o.t"


def test_what_is_too_long_for_a_word_is_not_searched() -> None:
    assert normalise("a1" * 33).text == "a1" * 33
