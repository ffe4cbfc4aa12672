"""The same message as somebody else would have typed it: under a disguise, and with names that no roster knows.

So the encoders learn words through what `normalise` cannot undo, and that odd spelling alone means nothing. Seeded by
a key, so that the same corpus gives the same texts.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from moderation.engine import Prepared

#: Share of the messages that are disguised; of those, the share in which most words are.
SHARE, MANY = 0.2, 0.3
#: Share of the messages whose masked names are written out as names that nobody knows.
NAMED = 0.15
_WORD = re.compile(r"[^\W\d_]{3,}")
_MASKED_NAME = re.compile(r"\b(?:othername|childname)\b")
_ANY_NAME = re.compile(r"\b(?:othername|childname|parentname|staffname)\b")
_LEET = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7"})
_SIGNS = str.maketrans({"a": "@", "s": "$", "i": "!"})
_ALIKE = str.maketrans("aeopcxyi", "аеорсхуі")
_MARKS = "\u0300\u0301\u0302\u0303\u0308\u0336"
_NEARBY = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "u": "yi", "s": "ad", "t": "ry", "n": "bm", "r": "et", "l": "k"}

Spell = Callable[[str, random.Random], str]


def chance_of(key: str) -> random.Random:
    """The same chances for the same key, on every machine."""
    return random.Random(sha256(key.encode()).digest())  # noqa: S311 - a sample, not a secret


def disguised(text: str, chance: random.Random, share: float = SHARE) -> str:
    """Return the text with some of its words disguised, or, mostly, as it is."""
    if chance.random() >= share:
        return text
    if chance.random() < 0.12:
        return text.upper()
    words = list(_WORD.finditer(text))
    if not words:
        return text
    spell = chance.choice(_SPELLINGS)
    many = chance.random() < MANY
    chosen = [one for one in words if chance.random() < 0.6] if many else _telling(words, chance)
    for word in reversed(chosen):
        start, end = word.span()
        if spell is _joined:
            text = text[:end] + re.sub(r"^ +(?=\w)", "", text[end:])
        else:
            text = text[:start] + spell(word[0], chance) + text[end:]
    return text


def _telling(words: Sequence[re.Match[str]], chance: random.Random) -> list[re.Match[str]]:
    """One to three words, long ones rather than short ones, in order."""
    wanted = min(len(words), chance.choice((1, 1, 2, 2, 3)))
    weighed = sorted(words, key=lambda one: -len(one[0]) * chance.random())
    return sorted(weighed[:wanted], key=lambda one: one.start())


def _spaced(word: str, chance: random.Random) -> str:
    return chance.choice((" ", ".", "-", "*", "_", " ")).join(word)


def _leet(word: str, chance: random.Random) -> str:
    table = chance.choice((_LEET, _LEET, _SIGNS))
    few = chance.random() < 0.6
    return "".join(sign.translate(table) if not few or chance.random() < 0.5 else sign for sign in word)


def _alike(word: str, chance: random.Random) -> str:
    return "".join(sign.translate(_ALIKE) if chance.random() < 0.7 else sign for sign in word)


def _unseen(word: str, chance: random.Random) -> str:
    return chance.choice("\u200b\u200c\u00ad\u2060").join(word)


def _masked(word: str, chance: random.Random) -> str:
    sign = chance.choice("***#-_")
    if chance.random() < 0.25:
        return word[0] + sign * (len(word) - 2) + word[-1]
    inside = [at for at in range(1, len(word) - 1) if word[at].lower() in "aeiou"] or list(range(1, len(word) - 1))
    at = chance.choice(inside)
    wide = chance.choice((1, 1, 1, 2))
    return word[:at] + sign * wide + word[at + wide :]


def _stretched(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(2, 6) + word[at + 1 :]


def _slipped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1) if len(word) > 2 else 0
    near = chance.choice(_NEARBY.get(word[at].lower(), "e"))
    return chance.choice(
        (
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + near + word[at + 1 :],
        )
    )


def _without_vowels(word: str, chance: random.Random) -> str:
    keep = chance.random() < 0.3
    return word[0] + "".join(
        sign for sign in word[1:] if sign.lower() not in "aeiou" or (keep and chance.random() < 0.4)
    )


def _marked(word: str, chance: random.Random) -> str:
    mark = chance.choice(_MARKS)
    return unicodedata.normalize("NFC", "".join(sign + (mark if chance.random() < 0.6 else "") for sign in word))


def _wide(word: str, _: random.Random) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)


def _joined(word: str, _: random.Random) -> str:
    return word


def _by_sound(word: str, _: random.Random) -> str:
    for old, new in (("ck", "k"), ("ph", "f"), ("er", "a"), ("ing", "in"), ("th", "f"), ("ou", "u"), ("c", "k")):
        if old in word.lower()[1:]:
            return word[0] + re.sub(old, new, word[1:], count=1, flags=re.IGNORECASE)
    return word


#: What people do by accident or to dodge a filter; slips, masks and missing vowels most, since nothing undoes them.
_SPELLINGS: tuple[Spell, ...] = (
    *(_spaced, _leet, _leet, _alike, _unseen, _stretched, _marked, _wide, _joined, _joined, _by_sound),
    *(_masked, _masked, _masked, _slipped, _slipped, _slipped, _without_vowels, _without_vowels, _without_vowels),
)


def renamed(prepared: Prepared, chance: random.Random, names: Sequence[str], share: float = NAMED) -> Prepared:
    """Write masked names out as names that nobody knows, in some of the messages; one name each throughout."""
    if chance.random() >= share:
        return prepared
    masked = _MASKED_NAME if chance.random() < 0.7 else _ANY_NAME
    name = chance.choice(names)
    low = chance.random() < 0.4

    def other(_: re.Match[str]) -> str:
        found = name if chance.random() < 0.6 else chance.choice(names)
        return found.lower() if low else found

    return replace(prepared, text=masked.sub(other, prepared.text), reply_text=masked.sub(other, prepared.reply_text))
