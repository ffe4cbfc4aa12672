"""Letters that are drawn like Latin ones, and marks that are drawn as nothing: small tables, no rules.

The table is a hand-kept extract of the idea behind Unicode TR 39 (confusables): only the letters that people
really use to disguise an English word. Whether a letter is folded is decided in `moderation.normalise`.
"""

import unicodedata
from functools import lru_cache

_CYRILLIC = dict(zip("аАеЕоОрРсСхХуУіІїЇјЈѕЅԁһԛԝкКМНВТгпт", "aAeEoOpPcCxXyYiIiIjJsSdhqwkKMHBTrnt", strict=True))
_GREEK = dict(zip("αΑβΒεΕιΙκΚοΟρΡτΤυΥχΧνΝΜΗΖωη", "aAbBeEiIkKoOpPtTuYxXvNMHZwn", strict=True))
_ARMENIAN = dict(zip("օսոցհզ", "ounghq", strict=True))

#: Look-alikes from other scripts: folded only where the word or the message gives away that it is a disguise.
LOOKALIKES = _CYRILLIC | _GREEK | _ARMENIAN

_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıƖɩ", "abcdefghijklmnoprstuvwyzagiIi", strict=True))
_ENCLOSED = {chr(0x1F150 + n): chr(65 + n) for n in range(26)} | {chr(0x1F170 + n): chr(65 + n) for n in range(26)}
_PUNCTUATION = dict(zip("‘’ʼ´`“”„‐‑‒–∗⁎✱﹡", "'''''\"\"\"----****", strict=True))

#: Folded wherever they stand: nobody spells a real word with them in the languages of a school's chat.
ALWAYS = _SMALL_CAPITALS | _PUNCTUATION

#: Letters in a box or a circle: one alone may be an emoji (blood group A), a row of them is a word.
ENCLOSED = _ENCLOSED

#: Drawn as nothing at all: soft hyphen, zero-width space, word joiner, direction marks, fillers.
INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
    "\u3164\ufeff\uffa0"
)

#: Zero-width (non-)joiners: letters of Persian and Urdu spelling, and glue inside emoji; kept there.
JOINERS = frozenset("\u200c\u200d")


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """Return the script of a letter as the first word of its Unicode name, or "" for what is no letter."""
    if not char.isalpha():
        return ""
    return unicodedata.name(char, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def is_latin(char: str) -> bool:
    """Whether the character is a letter of the Latin script (Polish and other accents included)."""
    return script(char) == "LATIN"
