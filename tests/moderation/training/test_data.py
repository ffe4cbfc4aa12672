"""What the model learns from: our corpus by its parts, written in other ways, and public texts."""

import json
from pathlib import Path

from moderation.training.data import Example, all_names, load_public, of_part, without_children
from moderation.training.split import Part


def test_staff_are_left_out_and_names_are_masked(corpus: list[Example]) -> None:
    assert len(corpus) == 3 * 49
    named = [one.read().text for one in corpus if "kind" in one.case.utterance.text]
    assert set(named) == {"headname is kind to childname and to othername"}


def test_every_batch_belongs_to_one_part(corpus: list[Example]) -> None:
    parts = {part: {one.batch for one in of_part(corpus, part)} for part in Part}
    assert parts == {Part.TRAIN: {"one-01"}, Part.TEST: {"one-03"}, Part.VALIDATION: {"two-06"}}


def test_tags_come_with_their_message(corpus: list[Example]) -> None:
    assert {one.case.utterance.text[:6] for one in corpus if "everyday" in one.tags} == {"thanks"}


def test_a_message_is_varied_alike_in_one_turn_and_otherwise_in_others(corpus: list[Example]) -> None:
    turns = [[one.varied(turn).text for one in corpus] for turn in (0, 0, 1)]
    assert turns[0] == turns[1]
    assert turns[0] != turns[2]


def test_a_school_may_list_no_children(corpus: list[Example]) -> None:
    assert without_children(corpus[0].roster).children == frozenset()
    assert len(without_children(corpus[0].roster).people) == 2


def test_names_of_many_origins_are_at_hand() -> None:
    assert len(set(all_names())) > 1_500


def test_public_texts_are_the_same_part_every_time(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    rows = [{"text": str(n), "toxic": n % 2, "source": "made"} for n in range(50)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert load_public(path, most=10, seed=1) == load_public(path, most=10, seed=1)
    assert load_public(path, most=10, seed=1) != load_public(path, most=10, seed=2)
