"""What cannot be read as English is known before anybody believes a score for it."""

import pytest

from moderation.legibility import Legibility, legibility


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Legibility.EMPTY),
        (" \n", Legibility.EMPTY),
        ("🎉🎉👏", Legibility.NO_LETTERS),
        ("3", Legibility.NO_LETTERS),
        ("x", Legibility.NO_LETTERS),
        ("\x00\x01\x02PK\x03", Legibility.BINARY),
        ("\ufffd\ufffd ok", Legibility.BINARY),
        ("QmFzZTY0IGlzIG5vdCBwcm9zZSBhdCBhbGw0123456789+/abcdefXYZ" * 5, Legibility.BINARY),
        ("Привет всем как дела", Legibility.NOT_ENGLISH),
        ("آپ کیسے ہیں", Legibility.NOT_ENGLISH),
        ("czy ktoś wie kiedy jest wycieczka klasowa", Legibility.NOT_ENGLISH),
        ("dziękuję bardzo", Legibility.NOT_ENGLISH),
        ("jutro zebranie rodziców wieczorem sala gimnastyczna", Legibility.NOT_ENGLISH),
        ("Has anybody seen a blue jumper?", Legibility.ENGLISH),
        ("thanks", Legibility.ENGLISH),
        ("nïce cläss", Legibility.ENGLISH),
        ("Zofia forgot her żurek at the table", Legibility.ENGLISH),
        ("ha" * 150, Legibility.ENGLISH),
    ],
)
def test_a_text_is_read_as_what_it_is(text: str, expected: Legibility) -> None:
    assert legibility(text) is expected
