"""Names as an alert shows them: which of two people of one name it is, and none that turns a line around."""

import unicodedata
from collections.abc import Iterable

from bot.rendering.cutting import cut, sendable
from moderation.records import Person

#: Marks, embeddings, overrides and isolates, which change the direction of what follows (Unicode Annex 9, 2.).
_STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def name_among(person: Person, people: Iterable[Person]) -> str:
    """A person's name; if somebody else of these has it too, with what the roster tells the two apart by."""
    namesakes = [one for one in people if one.id != person.id and one.name.casefold() == person.name.casefold()]
    if not namesakes:
        return person.name
    return f"{person.name} ({_told_apart(person, namesakes)})"


def _told_apart(person: Person, namesakes: Iterable[Person]) -> str:
    """The class, else the children, else the office's own key: the first that is nobody else's of that name."""
    others = list(namesakes)
    if person.school_class and person.school_class not in {one.school_class for one in others}:
        return person.school_class
    if person.children and person.children not in {one.children for one in others}:
        return ", ".join(person.children)
    return person.ref or "-"


def on_one_line(text: str, longest: int) -> str:
    """`text` cut to `longest` units on one line, without signs that steer it.

    Right-to-left words are isolated (U+2068, U+2069), so that they turn around nothing but themselves.
    """
    line = cut(" ".join("".join(sign for sign in sendable(text) if sign not in _STEERING).split()), longest)
    if any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in line):
        return f"\u2068{line}\u2069"
    return line
