"""From prepared messages to token numbers: what the encoders of the built-in engine read.

A row is `[CLS] ROLE text [SEP]`, and `reply [SEP]` after it where there is a reply that may be read. ROLE tells what is
replied to. Names have become role words (`staffname`) before; each is one token of its own, so that no part of a
name is ever seen. Both encoders share one vocabulary: the larger numbers it four places on (see `for_large`).
"""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from moderation.engine import EngineFailed, Prepared
from moderation.vocabulary import Target

#: Tokens of a message and of what it replies to that are read; preparation cuts longer messages into windows.
LONGEST_TEXT = 160
LONGEST_REPLY = 32
#: Words that the vocabulary holds as one token each: masked names, and what is replied to.
ROLE_WORDS = (
    "headname",
    "staffname",
    "parentname",
    "childname",
    "othername",
    "replytohead",
    "replytostaff",
    "replytoparent",
    "noreply",
)
#: Known words whose meaning the role words start from.
ROLE_WORDS_LIKE = ("headmaster", "teacher", "parent", "child", "person", "headmaster", "teacher", "parent", "everyone")
_REPLIES = {Target.HEADTEACHER: "replytohead", Target.STAFF: "replytostaff", Target.PARENT: "replytoparent"}
_CLS, _SEP = "[CLS]", "[SEP]"

Row = list[int]
#: What the larger vocabulary has in its own places: the signs before and after a text.
_OWN_SIGNS, _PLACES_ON = {101: 0, 102: 2}, 4


class Encoding:
    """Cuts prepared messages into token numbers. Holds no state from one call to the next."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Cut with this tokenizer, which has to know the `ROLE_WORDS`."""
        self._tokenizer = tokenizer
        self._numbers: dict[str, int] = {}
        for word in (_CLS, _SEP, *ROLE_WORDS):
            number = tokenizer.token_to_id(word)
            if number is None:
                raise EngineFailed("builtin: the tokenizer is not the one of this model; install Schoolgate again")
            self._numbers[word] = number

    @classmethod
    def from_file(cls, path: Path) -> "Encoding":
        """Read a tokenizer's file.

        Raises:
            EngineFailed: it is no tokenizer of ours.
        """
        try:
            tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as broken:  # the library raises bare Exceptions of its own
            raise EngineFailed("builtin: the tokenizer's file cannot be read; install Schoolgate again") from broken
        return cls(tokenizer)

    def rows(self, prepared: Sequence[Prepared]) -> list[Row]:
        """One row of token numbers for each message, in order."""
        texts = self._cut([one.text for one in prepared])
        replies = self._cut([one.reply_text for one in prepared])
        return [self._row(one, text, reply) for one, text, reply in zip(prepared, texts, replies, strict=True)]

    def _cut(self, texts: list[str]) -> list[list[int]]:
        readable = [text.encode("utf-8", "replace").decode() for text in texts]  # no half of a surrogate pair
        return [found.ids for found in self._tokenizer.encode_batch_fast(readable, add_special_tokens=False)]

    def _row(self, one: Prepared, text: list[int], reply: list[int]) -> Row:
        numbers = self._numbers
        role = numbers[_REPLIES.get(one.replies_to, "replytoparent") if one.replies_to else "noreply"]
        row = [numbers[_CLS], role, *text[:LONGEST_TEXT], numbers[_SEP]]
        return [*row, *reply[:LONGEST_REPLY], numbers[_SEP]] if reply else row


def for_large(row: Row) -> Row:
    """Number a row as the larger encoder's vocabulary does: the same words four places on, its own signs."""
    return [_OWN_SIGNS.get(token, token + _PLACES_ON) for token in row]
