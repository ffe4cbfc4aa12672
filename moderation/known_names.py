"""Names that people in Britain bear, of many origins: what can be taken for a name where the roster knows nobody.

They are masked, so that what a child or a neighbour is called weighs nothing. None of the given names is an everyday
word; many a family name is one, so those count only after a title. Each list is a file, one name a line, in lower case.
"""

from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent


@lru_cache(maxsize=2)
def _names(file: str) -> frozenset[str]:
    return frozenset((_HERE / file).read_text(encoding="utf-8").split())


def is_given_name(word: str) -> bool:
    """Whether a word, in whatever case, is a given name; an s at its end, with or without apostrophe, is left out."""
    return _is_among(word, _names("given_names.txt"))


def is_name_after_title(word: str) -> bool:
    """Whether a word that follows "Mr" or "Mrs" is the name of a person, and no insult or joke."""
    return _is_among(word, _names("family_names.txt")) or is_given_name(word)


def _is_among(word: str, names: frozenset[str]) -> bool:
    plain = word.lower().removesuffix("'s").removesuffix("’s")
    return plain in names or (len(plain) > 4 and plain.endswith("s") and plain[:-1] in names)
