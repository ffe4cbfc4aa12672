"""Thresholds are proposed by what the policy makes of messages, and quiet days have their price."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from moderation.engine import Prepared
from moderation.training.data import Example
from moderation.training.evaluation.columns import read_policy
from moderation.training.thresholds import everyday_of, main, propose, read_all, threats_flagged, worth
from moderation.vocabulary import Clause, Scores
from tests.support.word_engine import scores


class _Knowing:
    """An engine that knows the words of the small corpus, and is unsure about thanks."""

    name, version = "knowing", "1"

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        return [self._one(one.text) for one in prepared]

    def _one(self, text: str) -> Scores:
        if "idiot" in text:
            return scores(0.7, clauses={Clause.ABUSE_TO_PARENT: 0.7})
        if "joke" in text:
            return scores(0.05, redirect=0.7)
        return scores(0.05, concern=0.7) if "hurt" in text else scores(0.3, redirect=0.3, concern=0.3)


def test_what_is_proposed_is_worth_at_least_what_there_was(corpus: list[Example]) -> None:
    told: list[str] = []
    read = read_all(corpus, _Knowing(), everyday_of(corpus))
    start = replace(read_policy(), flag=0.1, redirect=0.1, concern=0.1, threat_alone=0.5)
    found = propose(read, start, told.append)
    assert worth(read, found) > worth(read, start)
    assert worth(read, found) == pytest.approx(4, abs=0.05)
    assert found.flag > 0.3
    assert told


def test_ordinary_messages_that_are_disturbed_cost(corpus: list[Example]) -> None:
    everyday = everyday_of(corpus)
    assert len(everyday) == 36
    loud = replace(read_policy(), redirect=0.1, concern=0.9, flag=0.9, flag_alone=1.0)
    minded, unminded = (worth(read_all(corpus, _Knowing(), ids), loud) for ids in (everyday, frozenset[str]()))
    assert minded < unminded


def test_without_threats_none_is_missed(corpus: list[Example]) -> None:
    read = read_all(corpus, _Knowing(), frozenset())
    assert threats_flagged([one.judged(read_policy()) for one in read]) == 1


def test_a_proposal_is_printed(
    corpus_folder: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("moderation.training.thresholds.load_engine", lambda name: _Knowing())
    assert main(["--corpus", str(corpus_folder)]) == 0
    said = capsys.readouterr().out
    assert "worth" in said
    assert '"3.4t" = ' in said
