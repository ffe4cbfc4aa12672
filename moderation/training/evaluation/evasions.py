"""Disguises: the same message with its telling words spelt the way that people dodge a filter.

Measured both ways: how many rightly flagged messages are no longer flagged, and how many ordinary ones are flagged
for being written oddly.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from moderation.names import named_in
from moderation.training.evaluation.lexicon import FILLER, RUDE, TELLING
from moderation.vocabulary import Roster

#: A span of a text: start and end in code points.
Place = tuple[int, int]
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FEWEST_LETTERS, _FEWEST_CONTENT = 3, 4
_VOWELS = "aeiou"
_LEET = str.maketrans("oieastOIEAST", "013457013457")
_CYRILLIC = str.maketrans("aeopcxyiAEOPCXKMHBT", "аеорсхуіАЕОРСХКМНВТ")
_ACCENTS = {"a": "\u0301", "e": "\u0300", "i": "\u0308", "o": "\u0302", "u": "\u0308", "n": "\u0303", "c": "\u0327"}
_ZERO_WIDTH = "\u200b"
_LONGEST_STRETCH = 5


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to spell a word so that people still read it. `joins` glues it to its neighbour as well."""

    name: str
    spell: Callable[[str, Random], str]
    joins: bool = False


def _spaced(word: str, _: Random) -> str:
    return " ".join(word)


def _leet(word: str, _: Random) -> str:
    """The first two vowels inside become digits, as people mostly do it; else every letter that can."""
    vowels = [at for at in range(1, len(word)) if word[at].lower() in "oiea"][:2]
    mild = "".join(sign.translate(_LEET) if at in vowels else sign for at, sign in enumerate(word))
    return mild if vowels else word.translate(_LEET)


def _heavy_leet(word: str, _: Random) -> str:
    """Every letter but the first that a digit can stand for."""
    return word[0] + word[1:].translate(_LEET)


def _homoglyph(word: str, _: Random) -> str:
    return word.translate(_CYRILLIC)


def _zero_width(word: str, _: Random) -> str:
    return _ZERO_WIDTH.join(word)


def _masked(word: str, _: Random) -> str:
    """One vowel inside (else the second letter) becomes an asterisk; of a long word, two signs."""
    at = next((place for place in range(1, len(word) - 1) if word[place].lower() in _VOWELS), 1)
    wide = 2 if len(word) > 5 and at + 2 < len(word) else 1
    return word[:at] + "*" * wide + word[at + wide :]


def _stretched(word: str, rng: Random) -> str:
    vowels = [at for at, sign in enumerate(word) if sign.lower() in _VOWELS] or [len(word) - 1]
    at = vowels[-1]
    return word[:at] + word[at] * rng.randint(3, _LONGEST_STRETCH) + word[at + 1 :]


def _misspelt(word: str, rng: Random) -> str:
    """A slip of the pen inside the word: two letters swapped, one left out, or one doubled."""
    at = rng.randrange(1, len(word) - 1)
    kinds = [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]]
    if at + 2 < len(word) and word[at] != word[at + 1]:
        kinds.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return rng.choice([kind for kind in kinds if kind != word])


def _no_vowels(word: str, _: Random) -> str:
    inside = "".join(sign for sign in word[1:] if sign.lower() not in _VOWELS)
    return word[0] + inside if inside else word


def _accents(word: str, _: Random) -> str:
    return unicodedata.normalize("NFC", "".join(sign + _ACCENTS.get(sign.lower(), "") for sign in word))


def _full_width(word: str, _: Random) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)


DISGUISES = (
    Disguise("spaced", _spaced),
    Disguise("leet", _leet),
    Disguise("leet, every letter", _heavy_leet),
    Disguise("homoglyph", _homoglyph),
    Disguise("zero-width", _zero_width),
    Disguise("masked", _masked),
    Disguise("stretched", _stretched),
    Disguise("misspelt", _misspelt),
    Disguise("joined words", lambda word, _: word, joins=True),
    Disguise("vowels out", _no_vowels),
    Disguise("accents", _accents),
    Disguise("full width", _full_width),
    Disguise("dots", lambda word, _: ".".join(word)),
    Disguise("upper case", lambda word, _: word.upper()),
)


def disguised(text: str, places: Sequence[Place], disguise: Disguise, rng: Random) -> str:
    """The text with the words at these places disguised; unchanged where the disguise has nothing to work on."""
    for start, end in sorted(places, reverse=True):
        spelt = text[:start] + disguise.spell(text[start:end], rng) + text[end:]
        text = _joined(text, start, end) if disguise.joins else spelt
    return text


def _joined(text: str, start: int, end: int) -> str:
    """Without the gap after the word, else without the one before it."""
    after = re.compile(r"[ ]+(?=\w)").match(text, end)
    if after:
        return text[:end] + text[after.end() :]
    before = re.search(r"(?<=\w)[ ]+$", text[:start])
    return text[: before.start()] + text[start:] if before else text


def telling_places(text: str, roster: Roster, *, most: int = 2) -> list[Place]:
    """The words that a writer would disguise: rude ones, else telling ones, else the longest that says something.

    Names are left alone: they are not what a filter looks for.
    """
    words = _words(text, roster)
    for known in (RUDE, TELLING):
        found = [place for place in words if text[slice(*place)].lower() in known]
        if found:
            return found[:most]
    content = [place for place in words if _is_content(text[slice(*place)])]
    return sorted(content, key=lambda place: (place[0] - place[1], place[0]))[:1]


def content_places(text: str, roster: Roster, rng: Random, *, most: int = 2) -> list[Place]:
    """Some words that say something, drawn at random: what the same disguises do to harmless text."""
    content = [place for place in _words(text, roster) if _is_content(text[slice(*place)])]
    return rng.sample(content, min(most, len(content)))


def _is_content(word: str) -> bool:
    return len(word) >= _FEWEST_CONTENT and word.lower() not in FILLER


def _words(text: str, roster: Roster) -> list[Place]:
    named = [(one.start, one.end) for one in named_in(text, roster) if one.is_name]
    words = (found.span() for found in _WORD.finditer(text) if len(found[0]) >= _FEWEST_LETTERS)
    return [(a, b) for a, b in words if all(b <= start or a >= end for start, end in named)]
