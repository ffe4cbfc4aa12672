"""Whether a text can be read as English at all, before anybody believes a score for it.

A text that cannot is never flagged on words it merely looks like: the verdict says `low_confidence`.
"""

import re
import unicodedata
from enum import StrEnum

from moderation.confusables import is_latin

_FEWEST_LETTERS = 2
_FEWEST_WORDS = 6
_LONGEST_WORD = 200
#: Letters that tell another language even in a short text. Others (ü, ä, é) also dress up an English word.
_FOREIGN = frozenset("ąćęłńśźżğşăţțșőűčřšžěďťňľđø")
#: The small words of English, with the spellings of a phone: six words without one of them are not English.
_SMALL_WORDS_TEXT = (
    "a about after again all am an and any are as at back be because been but by can cant come cos could cuz day "
    "did do does doesnt dont for from fuck get go going got had has have he her here him his how i if im in is it "
    "its ive just kids know like lol make me mr mrs my no not now of off ok on one or our out please r school she "
    "shit should so some someone still that thats the their them then there they this time to today tomorrow u up "
    "ur us very want was we well were what when where which who why will with would you your yr parentname "
    "staffname headname childname"
)
_SMALL_WORDS = frozenset(_SMALL_WORDS_TEXT.split())


class Legibility(StrEnum):
    """How well a text can be read."""

    ENGLISH = "english"
    EMPTY = "empty"
    NO_LETTERS = "no-letters"
    BINARY = "binary"
    NOT_ENGLISH = "not-english"


def legibility(text: str) -> Legibility:
    """Return how well a (normalised) text can be read. A short text in Latin letters passes as English."""
    if not text.strip():
        return Legibility.EMPTY
    letters = [char for char in text if char.isalpha()]
    if _looks_binary(text):
        return Legibility.BINARY
    if len(letters) < _FEWEST_LETTERS:
        return Legibility.NO_LETTERS
    if sum(map(is_latin, letters)) * 2 <= len(letters):
        return Legibility.NOT_ENGLISH
    words = [word.replace("'", "") for word in re.findall(r"[^\W\d_][\w'*]*", text.lower())]
    few = len(words) < _FEWEST_WORDS and not _FOREIGN & set(text.lower())
    if few or len(words) == 1 or any(word in _SMALL_WORDS for word in words):
        return Legibility.ENGLISH
    return Legibility.NOT_ENGLISH


def _looks_binary(text: str) -> bool:
    odd = sum(unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"} and char not in "\n\r\t" for char in text)
    odd += text.count("\ufffd")
    unbroken = max(map(len, text.split()), default=0)
    spread = len(set(text)) > 20
    return odd * 10 > len(text) or (unbroken > _LONGEST_WORD and spread and not re.search(r"\s", text.strip()))
