"""The libraries that we are compared with: a word list asked the quick way answers as it does the slow way."""

import sys
from types import ModuleType

import pytest

from moderation.training.evaluation.column import ColumnMissing, Knows
from moderation.training.evaluation.words import open_alt_profanity_check, open_better_profanity
from moderation.vocabulary import Outcome, Roster, Utterance


class _Varying:
    """A word of the library's: a row of letters, each with the ways that it may be written."""

    def __init__(self, *ways: tuple[str, ...]) -> None:
        self._char_combos = ways


class _Library:
    """Looks whole words up, as the library does."""

    CENSOR_WORDSET: object = None

    def load_censor_words(self) -> None:
        self.CENSOR_WORDSET = [_Varying(("d",), ("a", "@", "4", "", "**"), ("m",), ("n",)), _Varying(("a.b",))]

    def contains_profanity(self, text: str) -> bool:
        assert hasattr(self.CENSOR_WORDSET, "__contains__")
        assert len(self.CENSOR_WORDSET) == 2  # type: ignore[arg-type]
        return any(word in self.CENSOR_WORDSET for word in text.split())


def test_a_word_is_known_in_every_way_that_it_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("better_profanity")
    module.profanity = _Library()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "better_profanity", module)
    monkeypatch.setattr("moderation.training.evaluation.words.version", lambda _: "1")
    column = open_better_profanity()
    rude = ["damn", "so d@mn cold", "d4mn", "dmn", "d**mn", "a.b"]
    fine = ["damned", "d*mn", "axb", "dan", ""]
    found = column.verdicts([(Utterance(text), Roster()) for text in rude + fine])
    assert [one.outcome is Outcome.FLAG for one in found] == [True] * len(rude) + [False] * len(fine)
    assert column.knows == {Knows.FLAG}


def test_the_real_word_list_answers_the_same_both_ways() -> None:
    pytest.importorskip("better_profanity")
    asked = [
        (Utterance(text), Roster())
        for text in ("what a load of b0llocks", "sh!t", "Mrs Cockburn", "c o c k", "see you at 3.30", "a.r.s.e", "tw@t")
    ]
    slow = open_better_profanity(as_shipped=True).verdicts(asked)
    assert open_better_profanity().verdicts(asked) == slow


def test_a_library_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "profanity_check", None)
    with pytest.raises(ColumnMissing, match=r"schoolgate\[evaluation\]"):
        open_alt_profanity_check()
