"""A folder that was exported runs without torch, and runs only if every file is the one that was written."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.engine import EngineFailed, Prepared
from moderation.engines import load_engine
from moderation.engines.detoxify import DetoxifyEngine, scores_of
from moderation.engines.detoxify_onnx import open_onnx
from moderation.policy import are_valid
from moderation.vocabulary import Clause, Scores
from tests.support.tiny_onnx import LABELS, LONGEST, WORDS, sha256, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "detoxify")
    return tmp_path / "detoxify"


def score(engine: DetoxifyEngine, *texts: str) -> list[Scores]:
    return engine.score([Prepared("masked", text) for text in texts])


def squashed(word: str) -> dict[str, float]:
    return {label: 1 / (1 + math.exp(-value)) for label, value in zip(LABELS, WORDS[word], strict=True)}


def close(one: Scores, other: Scores) -> bool:
    """Whether two scores are alike as far as 32 bits tell."""
    return one.flag == pytest.approx(other.flag, abs=1e-6) and one.clauses == pytest.approx(other.clauses, abs=1e-6)


def test_texts_are_scored_by_the_model_and_its_labels_in_order(folder: Path) -> None:
    fine, rude, threat = score(open_onnx(folder), "see you at the gate", "what an idiot", "hurt")
    assert all(map(are_valid, (fine, rude, threat)))
    assert close(fine, scores_of(squashed("[UNK]")))
    assert close(rude, scores_of(squashed("idiot")))
    assert close(threat, scores_of(squashed("hurt")))
    assert threat.clauses[Clause.THREAT] > rude.clauses[Clause.THREAT]


def test_the_name_is_that_of_detoxify_and_the_version_that_of_the_file(folder: Path) -> None:
    engine = load_engine("detoxify", folder=folder)
    assert (engine.name, engine.version) == ("detoxify", f"onnx:{sha256(folder / 'model.onnx')[:12]}")


def test_both_engines_are_one_by_their_names(folder: Path) -> None:
    both, ours = load_engine("builtin+detoxify", folder=folder), load_engine("builtin")
    assert both.name == "builtin+detoxify"
    assert both.version == f"{ours.version}+onnx:{sha256(folder / 'model.onnx')[:12]}"
    [one] = both.score([Prepared("see you at the gate", "see you at the gate")])
    assert are_valid(one)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.text(st.characters()) | st.sampled_from(["", "\ud800", "\x00", "idiot", "🙂" * 40]), max_size=80))
def test_no_text_breaks_it_and_none_changes_what_another_scores(folder: Path, texts: list[str]) -> None:
    engine = open_onnx(folder)
    assert score(engine, *texts) == [score(engine, one)[0] for one in texts]


def test_a_long_text_is_read_up_to_where_the_library_cuts(folder: Path) -> None:
    engine = open_onnx(folder)
    words = ["fine"] * LONGEST
    just, beyond = score(engine, " ".join([*words[1:], "idiot"]), " ".join([*words, "idiot"]))
    assert just.flag > 0.9
    assert beyond.flag < 0.1


def test_with_its_hash_given_the_folder_opens(folder: Path) -> None:
    assert open_onnx(folder, sha256(folder / "about.json").upper()).name == "detoxify"


@pytest.mark.parametrize(("digest", "problem"), [("0" * 64, "about.json is not the expected"), ("abc", "64 hexa")])
def test_another_about_than_the_one_vouched_for_is_refused(folder: Path, digest: str, problem: str) -> None:
    with pytest.raises(EngineFailed, match=problem):
        open_onnx(folder, digest)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_was_changed_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(EngineFailed, match=rf"{name} is not the expected file"):
        open_onnx(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "about.json"])
def test_a_file_that_is_missing_is_named_with_what_writes_it(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EngineFailed, match=rf"{name} cannot be read .*schoolgate engine export"):
        open_onnx(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '"form"', '{"form": 2}', "[" * 100_000, "\ud800"])
def test_an_about_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "about.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(EngineFailed, match=r"about.json cannot be used"):
        open_onnx(folder)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"labels": None}, "labels are none of Detoxify's"),
        ({"labels": ["insult"]}, "labels are none of Detoxify's"),
        ({"labels": ["toxicity", "toxicity"]}, "labels are none of Detoxify's"),
        ({"files": {}}, "no SHA-256 for"),
        ({"files": "model.onnx tokenizer.json"}, "no SHA-256 for"),
        ({"form": "1"}, "not of form 1"),
    ],
)
def test_an_about_that_lacks_something_says_what(tmp_path: Path, part: dict[str, Any], problem: str) -> None:
    write_folder(tmp_path, **part)
    with pytest.raises(EngineFailed, match=problem):
        open_onnx(tmp_path)


def test_a_model_with_another_number_of_scores_than_labels_is_refused_at_once(tmp_path: Path) -> None:
    write_folder(tmp_path, labels=["toxicity", "insult"])
    with pytest.raises(EngineFailed, match=r"cannot be loaded \(ValueError\)"):
        open_onnx(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path)
    (tmp_path / name).write_bytes(b"nonsense")
    files = {one: sha256(tmp_path / one) for one in ("model.onnx", "tokenizer.json")}
    (tmp_path / "about.json").write_text(
        f'{{"form": 1, "labels": ["toxicity"], "files": {str(files).replace(chr(39), chr(34))}}}', "utf-8"
    )
    with pytest.raises(EngineFailed, match=r"cannot be loaded .*export it again"):
        open_onnx(tmp_path)
