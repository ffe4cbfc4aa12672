"""An export appears whole or not at all, and only if the small model says what the large one says.

What needs torch is stood in for here; `test_detoxify_export_real.py` does it with torch.
"""

import errno
import importlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn

import pytest

from moderation.engine import EngineFailed
from moderation.engines import detoxify_export, load_engine
from moderation.engines.detoxify_compare import Pace, difference
from moderation.engines.detoxify_export import STEPS, NotFaithful, Wanted, export
from moderation.engines.detoxify_onnx import OnnxPredictor
from moderation.engines.detoxify_sentences import SENTENCES
from tests.support.tiny_onnx import LABELS, model, sha256, tokenizer

#: How much further from the original each form of the model is, added to every score before squashing.
SHIFTS = {False: 0.1, True: 0.02}


class Parameter:
    """One tensor of weights."""

    def numel(self) -> int:
        return 1000

    def element_size(self) -> int:
        return 4


class FakeModel:
    """The library's model, which the tiny graph stands in for."""

    class_names = LABELS
    model = SimpleNamespace(parameters=lambda: iter([Parameter()]), config=SimpleNamespace(model_type="tiny"))

    def __init__(self) -> None:
        self._predict = OnnxPredictor(model(), tokenizer(), LABELS)

    def predict(self, text: str) -> dict[str, float]:
        return {label: values[0] for label, values in self._predict([text]).items()}


@pytest.fixture(autouse=True)
def _without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def quantise(source: Path, target: Path, *, per_channel: bool) -> None:
        target.write_bytes(model(SHIFTS[per_channel]))

    def pace(model: Any, predict: OnnxPredictor, sentences: Sequence[str]) -> Pace:
        return Pace(torch=40.0, onnx=10.0)

    monkeypatch.setattr(detoxify_export, "_require_libraries", lambda: None)
    monkeypatch.setattr(detoxify_export, "load_model", lambda **source: (FakeModel(), "sha256:0"))
    monkeypatch.setattr(detoxify_export, "tokenizer_of", lambda model, sentences: tokenizer())
    monkeypatch.setattr(detoxify_export, "write_onnx", lambda model, path: path.write_bytes(b"whole"))
    monkeypatch.setattr(detoxify_export, "quantise", quantise)
    monkeypatch.setattr(detoxify_export, "pace", pace)
    monkeypatch.setattr(detoxify_export, "version", lambda name: "1.0")


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "toxic.ckpt").write_bytes(b"weights")
    return Wanted(tmp_path / "in" / "toxic.ckpt", "0" * 64)


def test_the_folder_holds_three_files_and_says_what_they_are(wanted: Wanted, tmp_path: Path) -> None:
    done = export(wanted, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["about.json", "model.onnx", "tokenizer.json"]
    about = json.loads((tmp_path / "out" / "about.json").read_text("utf-8"))
    assert (about["form"], about["model_type"], about["architecture"]) == (1, "checkpoint", "tiny")
    assert about["labels"] == list(LABELS)
    assert about["files"] == {name: sha256(tmp_path / "out" / name) for name in ("model.onnx", "tokenizer.json")}
    assert about["source_sha256"] == sha256(wanted.checkpoint or Path())
    assert about["compared"]["greatest"] == done.difference.greatest <= about["tolerance"]
    assert done.about_sha256 == sha256(tmp_path / "out" / "about.json")
    assert (done.pace.ratio, done.size_before, done.size_after) == (4.0, 4000, len(model()))


def test_what_was_written_loads_as_an_engine(wanted: Wanted, tmp_path: Path) -> None:
    done = export(wanted, tmp_path / "out")
    assert load_engine("detoxify", folder=tmp_path / "out", folder_sha256=done.about_sha256).name == "detoxify"


def test_the_form_that_is_nearer_is_kept(wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert export(wanted, tmp_path / "one").per_channel
    monkeypatch.setitem(SHIFTS, False, 0.01)
    assert not export(wanted, tmp_path / "other").per_channel
    assert (tmp_path / "other" / "model.onnx").read_bytes() == model(0.01)


def test_each_step_is_told_in_order(wanted: Wanted, tmp_path: Path) -> None:
    told: list[str] = []
    export(wanted, tmp_path / "out", told.append)
    assert tuple(told) == STEPS


def test_a_folder_that_is_empty_is_used(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    export(wanted, tmp_path / "out")
    assert (tmp_path / "out" / "model.onnx").exists()


def test_a_model_that_is_too_far_off_is_not_kept(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in SHIFTS:
        monkeypatch.setitem(SHIFTS, form, 1.0)
    with pytest.raises(NotFaithful, match=r"differs by up to 0\.2\d+, more than 0\.05; nothing was kept") as caught:
        export(wanted, tmp_path / "out")
    assert caught.value.difference.sentences == len(SENTENCES)
    assert only_the_source(tmp_path)


def test_a_difference_that_is_no_number_is_not_within_any_tolerance(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in SHIFTS:
        monkeypatch.setitem(SHIFTS, form, float("nan"))
    with pytest.raises(NotFaithful):
        export(wanted, tmp_path / "out")


def test_a_folder_with_something_in_it_is_left_alone(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    for place in (tmp_path / "out", tmp_path / "out" / "mine.txt"):
        with pytest.raises(EngineFailed, match="is there already and is not an empty folder"):
            export(wanted, place)
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_a_disk_that_fills_up_is_named_and_nothing_is_left(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(model: object, path: Path) -> NoReturn:
        path.write_bytes(b"a part of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(detoxify_export, "write_onnx", full)
    with pytest.raises(EngineFailed, match="cannot be written: the disk is full; nothing was kept"):
        export(wanted, tmp_path / "out")
    assert only_the_source(tmp_path)


def test_too_little_room_is_noticed_before_anything_is_written(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=9_000))
    with pytest.raises(EngineFailed, match="needs 0 MB of disk while it lasts, and 0 MB are free"):
        export(wanted, tmp_path / "out")
    assert only_the_source(tmp_path)


def test_a_place_that_is_not_there_is_named(wanted: Wanted, tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="cannot be written: No such file"):
        export(wanted, tmp_path / "gone" / "out")


def test_a_fault_of_the_libraries_is_told_and_nothing_is_left(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(model: object, path: Path) -> NoReturn:
        raise RuntimeError("no such operator")

    monkeypatch.setattr(detoxify_export, "write_onnx", unknown)
    with pytest.raises(EngineFailed, match=r"cannot be exported \(RuntimeError: no such operator\)"):
        export(wanted, tmp_path / "out")
    assert only_the_source(tmp_path)


def only_the_source(folder: Path) -> bool:
    """Whether the export left nothing beside what was there."""
    return [path.name for path in folder.iterdir()] == ["in"]


@pytest.mark.parametrize("name", ["detoxify", "torch", "transformers", "onnx"])
def test_a_library_that_is_missing_is_named_with_what_installs_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def present(wanted: str) -> ModuleType:
        if wanted == name:
            raise ModuleNotFoundError(wanted)
        return ModuleType(wanted)

    monkeypatch.undo()
    monkeypatch.setattr(importlib, "import_module", present)
    with pytest.raises(EngineFailed, match=rf"needs {name}, .*pip install 'schoolgate\[detoxify\]'"):
        export(Wanted(), Path("never-written"))


def test_a_downloaded_model_is_told_by_the_file_that_the_library_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache" / "checkpoints").mkdir(parents=True)
    (tmp_path / "cache" / "checkpoints" / "toxic-1.ckpt").write_bytes(b"downloaded")
    modules = {
        "detoxify.detoxify": SimpleNamespace(MODEL_URLS={"original": "https://example.org/v1/toxic-1.ckpt"}),
        "torch": SimpleNamespace(hub=SimpleNamespace(get_dir=lambda: str(tmp_path / "cache"))),
    }
    monkeypatch.setattr(importlib, "import_module", modules.__getitem__)
    export(Wanted(), tmp_path / "out")
    about = json.loads((tmp_path / "out" / "about.json").read_text("utf-8"))
    assert about["model_type"] == "original"
    assert about["source_sha256"] == sha256(tmp_path / "cache" / "checkpoints" / "toxic-1.ckpt")


def test_the_sentences_are_many_short_and_all_different() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES) >= 50
    assert all(len(one) < 100 for one in SENTENCES[:-1])


def test_one_score_that_is_no_number_among_many_is_infinitely_far() -> None:
    class Broken(OnnxPredictor):
        def __init__(self) -> None:
            """Needs no model."""

        def __call__(self, texts: Sequence[str]) -> dict[str, list[float]]:
            return {"toxicity": [0.5, float("nan"), 0.5]}

    assert difference([{"toxicity": 0.5}] * 3, Broken(), ["a", "b", "c"]).greatest == float("inf")
