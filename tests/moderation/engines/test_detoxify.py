"""Detoxify's predictions become scores by our clauses, and only a model that is vouched for is loaded."""

import hashlib
import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from moderation.engine import EngineFailed, Prepared
from moderation.engines.detoxify import DetoxifyEngine, open_detoxify
from moderation.policy import are_valid
from moderation.vocabulary import Clause

PREDICTED = {
    "toxicity": 0.9,
    "severe_toxicity": 0.1,
    "obscene": 0.3,
    "threat": 0.7,
    "insult": 0.6,
    "identity_attack": 0.2,
}


class FakeModel:
    """Answers like the library: a bare number for one text, a list for several."""

    def __init__(self, opened: "FakeLibrary") -> None:
        self._opened = opened

    def predict(self, texts: Sequence[str]) -> dict[str, float | list[float]]:
        self._opened.batches.append(list(texts))
        if len(texts) == 1:
            return dict(PREDICTED)
        return {label: [value] * len(texts) for label, value in PREDICTED.items()}


class FakeLibrary:
    """Stands in for the module `detoxify`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.batches: list[list[str]] = []

    def Detoxify(self, model_type: str = "original", checkpoint: str | None = None) -> FakeModel:  # noqa: N802 - the library's name
        self.asked.append((model_type, checkpoint))
        return FakeModel(self)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "toxic.ckpt"
    path.write_bytes(b"weights")
    return path


def test_predictions_are_mapped_onto_clauses() -> None:
    [score] = open_detoxify(library=FakeLibrary()).score([Prepared("masked", "as written")])
    assert are_valid(score)
    assert (score.toxicity, score.flag, score.redirect, score.concern) == (0.9, 0.9, 0.0, 0.0)
    assert score.clauses == {
        Clause.ABUSE_TO_PARENT: 0.6,
        Clause.ABUSE_ABOUT: 0.6,
        Clause.ABUSE_TO_STAFF: 0.6,
        Clause.DEFAMATORY: 0.0,
        Clause.DISCRIMINATORY: 0.2,
        Clause.THREAT: 0.7,
    }


def test_texts_go_in_as_written_and_in_batches() -> None:
    library = FakeLibrary()
    scores = open_detoxify(library=library).score([Prepared("masked", f"text {n}") for n in range(40)])
    assert len(scores) == 40
    assert [len(batch) for batch in library.batches] == [32, 8]
    assert library.batches[0][0] == "text 0"


def test_texts_of_like_length_go_together_and_come_back_in_order() -> None:
    library = FakeLibrary()
    engine = open_detoxify(library=library)
    texts = ["x" * (1 + at * 7 % 40) for at in range(40)]
    engine.score([Prepared("masked", text) for text in texts])
    sent = [text for batch in library.batches for text in batch]
    assert sent == sorted(texts, key=len)
    lengths = DetoxifyEngine(lambda batch: {"toxicity": [len(text) / 100 for text in batch]}, "1")
    assert [one.flag for one in lengths.score([Prepared("", text) for text in texts])] == [
        len(text) / 100 for text in texts
    ]


def test_no_tokeniser_meets_an_empty_text_or_half_a_character() -> None:
    library = FakeLibrary()
    open_detoxify(library=library).score([Prepared("", ""), Prepared("", "a\ud800b")])
    assert library.batches == [[" ", "a?b"]]


def test_a_score_that_is_no_number_is_a_failure() -> None:
    engine = DetoxifyEngine(lambda texts: {"toxicity": [float("nan")] * len(texts)}, "1")
    with pytest.raises(EngineFailed, match="ValueError"):
        engine.score([Prepared("a", "a")])


def test_a_local_checkpoint_with_its_hash_is_loaded(checkpoint: Path) -> None:
    library, digest = FakeLibrary(), hashlib.sha256(b"weights").hexdigest()
    engine = open_detoxify(checkpoint=checkpoint, checkpoint_sha256=digest.upper(), library=library)
    assert library.asked == [("original", str(checkpoint))]
    assert engine.version == f"sha256:{digest[:12]}"
    assert engine.name == "detoxify"


@pytest.mark.parametrize(
    ("digest", "problem"),
    [(None, "needs its SHA-256"), ("", "needs its SHA-256"), ("abc", "64 hexadecimal"), ("0" * 64, "differs")],
)
def test_a_checkpoint_that_is_not_vouched_for_is_never_loaded(
    checkpoint: Path, digest: str | None, problem: str
) -> None:
    library = FakeLibrary()
    with pytest.raises(EngineFailed, match=problem):
        open_detoxify(checkpoint=checkpoint, checkpoint_sha256=digest, library=library)
    assert library.asked == []


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="cannot be read"):
        open_detoxify(checkpoint=tmp_path / "gone.ckpt", checkpoint_sha256="0" * 64, library=FakeLibrary())


def test_an_unknown_model_name_is_refused_with_the_choices() -> None:
    with pytest.raises(EngineFailed, match="choose one of original, unbiased"):
        open_detoxify(model_type="huge", library=FakeLibrary())


def test_a_library_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(EngineFailed, match=r"pip install 'schoolgate\[detoxify\]'"):
        open_detoxify()


def test_a_model_that_cannot_be_loaded_points_to_a_local_checkpoint() -> None:
    class Offline:
        def Detoxify(self, model_type: str) -> NoReturn:  # noqa: N802 - the library's name
            raise OSError("no network")

    with pytest.raises(EngineFailed, match=r"OSError: no network.*local checkpoint"):
        open_detoxify(library=Offline())


def test_a_failure_while_scoring_tells_no_words() -> None:
    class Broken(FakeLibrary):
        def Detoxify(self, model_type: str = "original", checkpoint: str | None = None) -> FakeModel:  # noqa: N802 - the library's name
            raise_on_predict = super().Detoxify(model_type, checkpoint)
            raise_on_predict.predict = _refuse  # type: ignore[method-assign] # the fault under test
            return raise_on_predict

    with pytest.raises(EngineFailed) as caught:
        open_detoxify(library=Broken()).score([Prepared("secret", "secret")])
    assert str(caught.value) == "detoxify: scoring failed (RuntimeError)"


def _refuse(texts: Sequence[str]) -> NoReturn:
    raise RuntimeError(f"cannot score {texts}")
