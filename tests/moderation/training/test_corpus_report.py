"""The corpus is told as it is: its balance, its repeats, and how far a second labelling agrees."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.training.corpus_report import agreement, kappa, main, near_duplicates
from moderation.training.data import Example
from moderation.vocabulary import Utterance


def _saying(example: Example, text: str, batch: str, number: int) -> Example:
    case = replace(example.case, id=f"{batch}-{number}", utterance=Utterance(text))
    return replace(example, case=case, batch=batch)


def test_near_duplicates_are_found_and_those_across_parts_are_told(corpus: list[Example]) -> None:
    sentence = "could somebody please bring the big green tent back to the hall tonight"
    texts = [
        (sentence, "one-01"),
        (sentence + " thanks", "one-03"),
        ("something else altogether was said here", "one-01"),
    ]
    found = near_duplicates([_saying(corpus[0], text, batch, at) for at, (text, batch) in enumerate(texts)])
    assert [(pair.first, pair.second, pair.across) for pair in found] == [("one-01-0", "one-03-1", True)]


def test_short_answers_are_no_repeats(corpus: list[Example]) -> None:
    assert not near_duplicates([_saying(corpus[0], "thank you", f"one-0{at}", at) for at in (1, 2)])


def test_kappa_is_agreement_beyond_chance() -> None:
    assert kappa(["a", "b"] * 10, ["a", "b"] * 10) == 1
    assert kappa(["a", "b"] * 10, ["a", "a"] * 10) == pytest.approx(0)
    assert kappa(["a"], ["a"]) == 1


def test_a_second_labelling_is_compared_kind_by_kind(corpus: list[Example], tmp_path: Path) -> None:
    rows = [
        {"id": one.case.id, "decision": one.labels.outcome, "clauses": sorted(one.labels.clauses), "concern": "none"}
        for one in corpus
    ]
    (tmp_path / "second.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in [*rows, {"id": "gone"}]), encoding="utf-8"
    )
    found = agreement(corpus, tmp_path / "second.jsonl")
    assert found["decision"][0] == found["clauses"][0] == 1
    assert found["concern"][1] == pytest.approx(1 - 12 / 49)


def test_the_report_fails_where_parts_repeat_each_other(
    corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpus", str(corpus_folder), "--relabelled", "gone.jsonl"]) == 1
    assert "pairs across parts" in capsys.readouterr().out


def test_our_own_corpus_repeats_itself_nowhere_across_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "0 pairs across parts" in said
    assert "kappa" in said
