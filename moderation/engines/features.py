"""Words and letter groups of a prepared message, hashed to buckets: what the builtin model looks at.

Shared by the model at run time and by its training, so that both see the very same features. The hash is
CRC-32, which is the same on every machine and in every process.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from math import log1p, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from moderation.engine import Prepared

#: Number of buckets; a power of two, so that the low bits of the hash choose one.
BUCKETS = 1 << 17
_MASK = BUCKETS - 1

#: Plain numbers beside the hashed features, in this order (see `context_of`).
CONTEXT = ("is_reply", "log_words", "capitals", "exclamations", "questions")

#: A long message is also scored in windows of this many words, so that one insult in it is not diluted.
WINDOW = 40
_STEP = 20
_MOST_WORDS = 1_500

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\s\w]|_+")
_NAMES = frozenset({"staffname", "parentname", "childname", "headname"})
_SHORTEST, _LONGEST = 3, 5
#: Words that turn the meaning of what soon follows: who is spoken of or to, and "not". Paired with each such word.
_TURNING_TEXT = (
    "i i'm im i'll we you u ur your you're youre he she they his her their him them "
    "staffname parentname childname headname not don't no never can't won't didn't isn't"
)
_TURNING = frozenset(_TURNING_TEXT.split())
_REACH = 6


@dataclass(frozen=True, slots=True)
class Bag:
    """The features of one window: bucket numbers and the value of each."""

    buckets: NDArray[np.int64]
    values: NDArray[np.float32]


def tokens_of(text: str) -> list[str]:
    """Lower-case words, and every other visible sign on its own; at most 1,500 of them."""
    return _TOKEN.findall(text.lower().replace("’", "'"))[:_MOST_WORDS]


def windows_of(tokens: list[str]) -> list[list[str]]:
    """The whole message first and, where it is long, overlapping parts of it."""
    if len(tokens) <= WINDOW + _STEP:
        return [tokens]
    starts = range(0, len(tokens) - _STEP, _STEP)
    return [tokens, *(tokens[start : start + WINDOW] for start in starts)]


def bag_of(tokens: list[str], reply: list[str]) -> Bag:
    """Hash words, neighbouring words, letter groups, words soon after "you", "I", "not", and the words replied to.

    Each kind is scaled to unit length, so that neither long words nor long messages outweigh the rest.
    """
    kinds = (
        ({crc32(token.encode(), 1) & _MASK for token in tokens}, 1.0),
        (_pairs(tokens), 0.8),
        (_letters(tokens), 1.0),
        (_turned(tokens), 0.8),
        ({crc32(token.encode(), 4) & _MASK for token in reply}, 0.4),
    )
    buckets = [np.fromiter(sorted(found), np.int64, len(found)) for found, _ in kinds]
    values = [np.full(len(found), weight / sqrt(len(found) or 1), np.float32) for found, weight in kinds]
    return Bag(np.concatenate(buckets), np.concatenate(values))


def _pairs(tokens: list[str]) -> set[int]:
    ends = ["<", *tokens, ">"]
    near = {crc32(f"{a} {b}".encode(), 2) & _MASK for a, b in pairwise(ends)}
    return near | {crc32(f"{a} * {b}".encode(), 2) & _MASK for a, b in zip(tokens, tokens[2:], strict=False)}


def _turned(tokens: list[str]) -> set[int]:
    return {
        crc32(f"{token} ~ {after}".encode(), 5) & _MASK
        for at, token in enumerate(tokens)
        if token in _TURNING
        for after in tokens[at + 1 : at + 1 + _REACH]
        if after[0].isalnum()
    }


def _letters(tokens: list[str]) -> set[int]:
    found: set[int] = set()
    for token in set(tokens) - _NAMES:
        padded = f"<{token}>".encode()
        for size in range(_SHORTEST, _LONGEST + 1):
            found.update(crc32(padded[at : at + size], 3) & _MASK for at in range(max(1, len(padded) - size + 1)))
    return found


def context_of(prepared: Prepared, words: int) -> NDArray[np.float32]:
    """Plain numbers of about 0 to 1 that hashed words do not show, in the order of `CONTEXT`."""
    letters = [sign for sign in prepared.original if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters) / len(letters) if len(letters) > 8 else 0.0
    return np.array(
        [
            float(prepared.is_reply),
            log1p(words) / 4,
            capitals,
            min(prepared.original.count("!"), 3) / 3,
            min(prepared.original.count("?"), 3) / 3,
        ],
        np.float32,
    )
