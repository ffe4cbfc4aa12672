"""Libraries that schools would reach for first: a word list, and a linear model over words."""

import importlib
import logging
import re
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from moderation.training.evaluation.column import BATCH, Asked, Column, ColumnMissing, Knows, Tell, untold
from moderation.vocabulary import Clause, Outcome, Scores, Utterance, Verdict


class WordsColumn:
    """A library that says of a text how likely it is profane; staff are spared, as on our path."""

    is_stage = False

    def __init__(self, name: str, version: str, likely: Callable[[list[str]], Sequence[float]], *, ranks: bool) -> None:
        """Flag from one half on; `ranks` tells whether values between 0 and 1 mean anything."""
        self.name, self.version = name, version
        self.knows = frozenset({Knows.FLAG, Knows.RANKS} if ranks else {Knows.FLAG})
        self._likely = likely

    def verdicts(self, asked: Sequence[Asked], tell: Tell = untold) -> list[Verdict]:
        """Return one verdict for each message, in order."""
        found: list[Verdict] = []
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            likely = self._likely([utterance.text for utterance, _ in batch])
            found += [_word_verdict(one, float(value)) for (one, _), value in zip(batch, likely, strict=True)]
            tell(len(batch))
        return found


def _word_verdict(utterance: Utterance, likely: float) -> Verdict:
    if utterance.sender.is_staff:
        return Verdict(Outcome.OK, confidence=1.0)
    likely = min(max(likely, 0.0), 1.0)
    scores = Scores(likely, 0.0, likely, 0.0, dict.fromkeys(Clause, 0.0))
    outcome = Outcome.FLAG if likely >= 0.5 else Outcome.OK
    return Verdict(outcome, confidence=max(likely, 1 - likely), scores=scores)


def open_alt_profanity_check() -> Column:
    """A linear SVM over words and letter groups, trained on general toxicity.

    Raises:
        ColumnMissing: it is not installed.
    """
    module = _library("profanity_check", "alt-profanity-check")
    return WordsColumn("alt-profanity-check", version("alt-profanity-check"), module.predict_prob, ranks=True)


class _Compiled:
    """A word list as one pattern: the library tries its words one by one in Python, which takes it 20 ms a message.

    Each of its words is a row of letters with all the ways that each may be written (none at all among them).
    """

    def __init__(self, words: Sequence[Any]) -> None:
        self._count = len(words)
        letters = ([f"(?:{'|'.join(map(re.escape, ways))})" for ways in word._char_combos] for word in words)
        self._pattern = re.compile("|".join("".join(word) for word in letters))
        self._known: dict[str, bool] = {}

    def __contains__(self, word: str) -> bool:
        if word not in self._known:
            self._known[word] = self._pattern.fullmatch(word) is not None
        return self._known[word]

    def __len__(self) -> int:
        return self._count


def open_better_profanity(*, as_shipped: bool = False) -> Column:
    """A word list that knows some disguises. Its answers are the same `as_shipped`, which is slow.

    Raises:
        ColumnMissing: it is not installed.
    """
    words = _library("better_profanity", "better-profanity").profanity
    words.load_censor_words()
    if not as_shipped:
        words.CENSOR_WORDSET = _Compiled(words.CENSOR_WORDSET)
    return WordsColumn(
        "better-profanity",
        version("better-profanity"),
        lambda texts: [float(words.contains_profanity(text)) for text in texts],
        ranks=False,
    )


def _library(module: str, package: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as absent:
        logging.getLogger(__name__).debug("%s cannot be imported", module, exc_info=absent)
        raise ColumnMissing(f"{package} is not installed; pip install 'schoolgate[evaluation]'") from None
