"""Undo disguises: one pure function from what was written to what it reads as, with the way back.

Each rule is careful to leave plain text alone: Polish, Urdu and Cyrillic words, version and house numbers,
"3x4", "Y3", times, prices, kisses and postcodes come out as they went in. A masked letter (`f**k`) stays
masked: it is a token of its own that a model learns.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moderation.confusables import ALWAYS, ENCLOSED, INVISIBLE, JOINERS, LOOKALIKES, is_latin, script

#: One character of the output with the span of the original that it stands for.
Cell = tuple[str, int, int]
Rule = Callable[[list[Cell]], list[Cell]]

#: One character is never made into more than this many (some ligatures would become a sentence).
LONGEST_EXPANSION = 4
#: A longer run of letters and digits is no word, and is not searched for hidden letters.
_LONGEST_WORD = 64
_ROUNDS = 6
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:([ .\-_*·,/|])[^\W_@$!])(?:\1[^\W_]){2,}(?![^\W_])")
_TOKEN = re.compile(r"[^\W_][^\W_@$!]*(?:[@$!]+[^\W_]+)*\$*|\$[^\W\d_]+")
_ADDRESS = re.compile(r"://|www\.|[\w.]@[\w-]{1,64}\.", re.IGNORECASE)
_LEET_RUN = re.compile(r"[013457@$!]+")
#: Not words: other digits, three digits on end, sizes, versions, classes, paper sizes, postcodes.
_A_CODE = re.compile(r"[2689]|\d{3}|\dx\d|^v\d|^y\d|^\d\d|^a4|^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$", re.IGNORECASE)
_STRETCH = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a text reads as; `offsets[i]` is the span of the original behind `text[i]`, in code points."""

    text: str
    offsets: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of the original that covers `text[start:end]` (not empty)."""
        behind = self.offsets[start:end]
        return min(first for first, _ in behind), max(last for _, last in behind)


def normalise(text: str) -> Normalised:
    """Return what `text` reads as once disguises are undone. Idempotent; never raises."""
    cells: list[Cell] = [(char, at, at + 1) for at, char in enumerate(text)]
    read = text
    for _ in range(_ROUNDS):
        before = read
        for rule in _ASCII_RULES if read.isascii() else _RULES:
            cells = rule(cells)
        read = _text(cells)
        if read == before:
            break
    return Normalised(read, tuple((start, end) for _, start, end in cells))


def _text(cells: list[Cell]) -> str:
    return "".join([char for char, _, _ in cells])


def _unreverse(cells: list[Cell]) -> list[Cell]:
    """Read what a right-to-left override turns round the way the eye reads it."""
    out: list[Cell] = []
    turned: list[Cell] | None = None
    for cell in cells:
        if cell[0] == "\u202e":
            out.extend(reversed(turned or []))
            turned = []
        elif turned is not None and cell[0] in "\u202c\n":
            out.extend([*reversed(turned), cell])
            turned = None
        elif turned is not None:
            turned.append(cell)
        else:
            out.append(cell)
    return out + list(reversed(turned or []))


def _drop_invisible(cells: list[Cell]) -> list[Cell]:
    out: list[Cell] = []
    for at, cell in enumerate(cells):
        char = cell[0]
        if char.isascii():
            out.append(cell)
            continue
        if char in INVISIBLE or "\U000e0000" <= char <= "\U000e0fff":
            continue
        if char in JOINERS and not (_may_join(cells, at - 1) and _may_join(cells, at + 1)):
            continue
        out.append(cell)
    return out


def _may_join(cells: list[Cell], at: int) -> bool:
    """Whether a joiner beside this character has work to do: not beside Latin, Greek, Cyrillic or a gap."""
    if not 0 <= at < len(cells):
        return False
    char = cells[at][0]
    if char.isalpha():
        return script(char) not in {"LATIN", "GREEK", "CYRILLIC"}
    return unicodedata.category(char) in {"So", "Mn", "Mc", "Sk"}


def _compose(cells: list[Cell]) -> list[Cell]:
    """NFKC letter by letter (base and its marks), then drop marks piled on Latin letters."""
    out: list[Cell] = []
    for cluster in _clusters(cells):
        if len(cluster) == 1 and cluster[0][0].isascii():
            out.append(cluster[0])
            continue
        written = _text(cluster)
        composed = unicodedata.normalize("NFKC", written)
        if len(composed) > LONGEST_EXPANSION * len(written):
            out.extend(cluster)
            continue
        if is_latin(composed[0]):
            composed = composed[0] + "".join(c for c in composed[1:] if unicodedata.category(c) != "Mn")
        start, end = min(cell[1] for cell in cluster), max(cell[2] for cell in cluster)
        out.extend(cluster if composed == written else [(char, start, end) for char in composed])
    return out


def _clusters(cells: list[Cell]) -> Iterator[list[Cell]]:
    cluster: list[Cell] = []
    for cell in cells:
        if cluster and (cell[0].isascii() or not unicodedata.combining(cell[0])):
            yield cluster
            cluster = []
        cluster.append(cell)
    if cluster:
        yield cluster


def _fold_lookalikes(cells: list[Cell]) -> list[Cell]:
    cells = [(ALWAYS.get(char, char), start, end) for char, start, end in cells]
    cells = _fold_enclosed(cells)
    text = _text(cells)
    latin = sum(map(is_latin, text))
    mostly_latin = latin * 2 > sum(char.isalpha() for char in text)
    for word in re.finditer(r"[^\W_]+", text):
        if word[0].isascii():
            continue
        letters = [char for char in word[0] if char.isalpha()]
        mixed = any(map(is_latin, letters)) and not all(map(is_latin, letters))
        disguised = mostly_latin and len(letters) > 1 and all(char in LOOKALIKES for char in letters)
        if mixed or disguised:
            for at in range(*word.span()):
                char, start, end = cells[at]
                cells[at] = (LOOKALIKES.get(char, char), start, end)
    return cells


def _fold_enclosed(cells: list[Cell]) -> list[Cell]:
    out = list(cells)
    for at, (char, start, end) in enumerate(cells):
        if char not in ENCLOSED:
            continue
        beside = [cells[n][0] for n in (at - 1, at + 1) if 0 <= n < len(cells)]
        if any(other.isalpha() or other in ENCLOSED for other in beside):
            out[at] = (ENCLOSED[char], start, end)
    return out


def _join_spaced(cells: list[Cell]) -> list[Cell]:
    """`i d i o t`, `i.d.i.o.t`: four or more letters standing alone become one word."""
    text = _text(cells)
    drop: set[int] = set()
    for run in _SPACED.finditer(text):
        letters = run[0][::2].lower()
        alphabetic = [char for char in letters if char.isalpha()]
        if len(alphabetic) * 2 <= len(letters) or len(set(alphabetic)) < 3:
            continue  # numbers, or kisses and hugs ("x x x x", "x o x o")
        if all(ord(b) - ord(a) == 1 for a, b in itertools.pairwise(alphabetic)):
            continue  # a list of groups ("A B C D")
        drop.update(range(run.start() + 1, run.end(), 2))
    return [cell for at, cell in enumerate(cells) if at not in drop]


def _unleet(cells: list[Cell]) -> list[Cell]:
    text = _text(cells)
    addresses = _addresses(text)
    out = list(cells)
    for token in _TOKEN.finditer(text):
        if token.start() in addresses or (token.start() and text[token.start() - 1] in "@#/"):
            continue
        for at in _leet_places(token[0]):
            char, start, end = cells[token.start() + at]
            out[token.start() + at] = (_LEET[char], start, end)
    return out


def _addresses(text: str) -> set[int]:
    """Places inside web and mail addresses, which are left as they are."""
    words = (word for word in re.finditer(r"\S+", text) if _ADDRESS.search(word[0]))
    return {at for word in words for at in range(*word.span())}


def _leet_places(token: str) -> list[int]:
    """Where a word hides letters as digits or signs: between letters, and only then at its ends as well."""
    if len(token) > _LONGEST_WORD:
        return []
    inside = [run for run in _LEET_RUN.finditer(token) if _hides_a_letter(token, run)]
    if _A_CODE.search(token) or not inside:
        return []
    places = [at for run in inside for at in range(*run.span())]
    digits = any(char.isdigit() for char in token[places[0] : places[-1] + 1])
    if digits and token[0] in _LEET and token[1].isalpha():
        places.append(0)
    if digits and token[-1] in _LEET and token[-2].isalpha():
        places.append(len(token) - 1)
    return places


def _hides_a_letter(token: str, run: re.Match[str]) -> bool:
    before, after = token[: run.start()], token[run.end() :]
    if set(run[0]) == {"$"}:
        return bool(after) or len(run[0]) > 1
    if run[0] == "!" and re.search(r"[aeiouy]", before, re.IGNORECASE):
        return False  # a sentence that ends without a space after it
    letters = sum(char.isalpha() for char in token)
    return letters > 2 and before[-1:].isalpha() and after[:1].isalpha() and after.lower() not in {"s", "x"}


def _unstretch(cells: list[Cell]) -> list[Cell]:
    """`idiooooot` keeps two of a letter said three times or more; kisses and web addresses stay."""
    text = _text(cells)
    kept = _addresses(text)
    out: list[Cell] = []
    end = 0
    for run in _STRETCH.finditer(text):
        if run.start() in kept or run[1] in "xX" or run[0] == "III":
            continue
        out.extend(cells[end : run.start() + 1])
        rest = cells[run.start() + 1 : run.end()]
        out.append((rest[0][0], min(cell[1] for cell in rest), max(cell[2] for cell in rest)))
        end = run.end()
    return out + cells[end:]


_RULES: tuple[Rule, ...] = (
    _unreverse,
    _drop_invisible,
    _compose,
    _fold_lookalikes,
    _join_spaced,
    _unleet,
    _unstretch,
)
#: Those that find anything to do in plain ASCII.
_ASCII_RULES: tuple[Rule, ...] = (_join_spaced, _unleet, _unstretch)
