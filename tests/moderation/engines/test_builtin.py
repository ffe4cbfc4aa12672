"""The small encoder clears what is plainly fine; both read the rest; nothing broken is taken for a model."""

import errno
import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.engine import EngineFailed, Prepared
from moderation.engines.builtin import ABOUT, LARGE, MODEL, SMALL, TOKENIZER, BuiltinEngine
from moderation.engines.packing import GRAPH, packed
from moderation.policy import are_valid
from moderation.vocabulary import Clause, Concern, Target
from tests.support.tiny_builtin import SETTINGS, write_model

ANY_TEXT = st.text(st.characters(), max_size=200) | st.sampled_from(["", "\ud800", "\x00", "idiot", "🙂" * 400])


def _plain(text: str) -> Prepared:
    return Prepared(text, text)


def test_a_known_word_raises_its_scores_and_no_others(tiny: BuiltinEngine) -> None:
    [score] = tiny.score([_plain("you idiot")])
    assert score.flag > 0.9
    assert score.clauses[Clause.ABUSE_TO_PARENT] > 0.9
    assert score.clauses[Clause.THREAT] < 0.1
    assert score.redirect < 0.1
    assert score.concern < 0.2


def test_what_the_small_encoder_clears_the_large_one_never_sees(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    engine = BuiltinEngine.from_folder(folder)
    (folder / LARGE).unlink()
    [score] = engine.score([_plain("thanks all")])
    assert score.flag < 0.2
    with pytest.raises(EngineFailed, match="unpacked"):
        engine.score([_plain("you idiot")])


def test_where_the_two_differ_both_count(tiny: BuiltinEngine) -> None:
    small, large = tiny.stages()["small"], tiny.stages()["large"]
    text = [_plain("maybe")]
    [both], [one], [other] = tiny.score(text), small.score(text), large.score(text)
    assert one.flag > both.flag > other.flag


@pytest.mark.parametrize("word", ["idiot", "grumble", "bruises", "hurt"])
def test_each_kind_of_thing_that_may_follow_is_read_by_both(tiny: BuiltinEngine, word: str) -> None:
    [found] = tiny.score([_plain(word)])
    assert max(found.flag, found.redirect, found.concern, found.clauses[Clause.THREAT]) > 0.5


def test_a_batch_scores_like_one_by_one(shipped: BuiltinEngine) -> None:
    batch = [_plain("morning all"), _plain("you are a disgrace"), Prepared("no", "NO!", True, "are you coming")]
    assert shipped.score(batch) == [shipped.score([one])[0] for one in batch]


def test_an_empty_batch_gives_an_empty_list(shipped: BuiltinEngine) -> None:
    assert shipped.score([]) == []


def test_many_threads_load_the_large_encoder_once_and_score_alike(tiny: BuiltinEngine) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: tiny.score([_plain("you idiot")]), range(16)))
    assert all(one == found[0] for one in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ANY_TEXT, ANY_TEXT, st.sampled_from([None, *Target]))
def test_every_score_is_a_probability(shipped: BuiltinEngine, text: str, reply: str, to: Target | None) -> None:
    [score] = shipped.score([Prepared(text, text, to is not None, reply, to)])
    assert are_valid(score)
    assert set(score.concerns) == set(Concern) - {Concern.NONE}
    assert sum(score.severities.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("you are a useless idiot and everyone here hates you", "thank you so much, see you at the gate"),
        ("I will smash your face in at the gate", "I will see you at the gate"),
        ("go back to your own country", "safe journey back to your own country"),
        ("he has been stealing from the PTA tin for years", "who is bringing the PTA tin on Friday?"),
    ],
)
def test_the_shipped_model_tells_abuse_from_ordinary_talk(shipped: BuiltinEngine, worse: str, better: str) -> None:
    bad, good = shipped.score([_plain(worse), _plain(better)])
    assert bad.flag > 0.5 > good.flag


def test_the_shipped_model_tells_a_grievance_from_a_question(shipped: BuiltinEngine) -> None:
    grievance, question = shipped.score(
        [
            _plain("the homework policy is a joke, the school never listens to parents and wastes our money"),
            _plain("what time does the trip leave on friday?"),
        ]
    )
    assert grievance.redirect > 0.5 > question.redirect


def test_the_shipped_model_hears_a_worry(shipped: BuiltinEngine) -> None:
    worry, scrape = shipped.score(
        [
            _plain("othername had a big bruise on her back and said her stepdad did it"),
            _plain("othername has a bruise on her knee from the climbing frame, all good"),
        ]
    )
    assert worry.concern > 0.5 > scrape.concern


def test_the_shipped_files_are_within_their_size() -> None:
    assert sum(one.stat().st_size for one in MODEL.iterdir()) < 100_000_000


@pytest.mark.parametrize("name", [ABOUT, TOKENIZER, SMALL, LARGE])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_model(tmp_path / "model")
    (folder / name).unlink()
    with pytest.raises(EngineFailed, match=rf"{name} is missing; install Schoolgate again"):
        BuiltinEngine.from_folder(folder)


@pytest.mark.parametrize("name", [TOKENIZER, SMALL, LARGE])
def test_a_file_of_another_model_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_model(tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(EngineFailed, match=rf"{name} does not belong to this model"):
        BuiltinEngine.from_folder(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 2}'])
def test_what_is_no_description_of_a_model_is_refused(tmp_path: Path, content: str) -> None:
    folder = write_model(tmp_path / "model")
    (folder / ABOUT).write_text(content, encoding="utf-8")
    with pytest.raises(EngineFailed, match="not of form 3"):
        BuiltinEngine.from_folder(folder)


@pytest.mark.parametrize(
    "about",
    [
        {"bounds": {"flag": 0.1}},
        {"bounds": []},
        {"share": "much"},
        {"small": {**SETTINGS["small"], "clauses": [[1, 0]]}},
        {"small": {**SETTINGS["small"], "decision": True}},
        {"both": {**SETTINGS["both"], "toxicity": 1}},
        {"large": {}},
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, about: dict[str, Any]) -> None:
    with pytest.raises(EngineFailed, match=r"model\.json cannot be used"):
        BuiltinEngine.from_folder(write_model(tmp_path / "model", **about))


@pytest.mark.parametrize("name", [TOKENIZER, SMALL])
def test_a_broken_part_is_refused_at_once(tmp_path: Path, name: str) -> None:
    folder = _with(tmp_path, name, b"broken")
    with pytest.raises(EngineFailed, match="install Schoolgate again"):
        BuiltinEngine.from_folder(folder)


@pytest.mark.parametrize(
    ("content", "said"), [(b"broken", "is damaged"), (packed({GRAPH: b"broken"}), "not a model that can be read")]
)
def test_a_broken_large_encoder_fails_the_message_that_needs_it(tmp_path: Path, content: bytes, said: str) -> None:
    engine = BuiltinEngine.from_folder(_with(tmp_path, LARGE, content))
    assert engine.score([_plain("thanks all")])
    with pytest.raises(EngineFailed, match=said):
        engine.score([_plain("you idiot")])


def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = BuiltinEngine.from_folder(write_model(tmp_path / "model"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(EngineFailed, match="the disk is full"):
        engine.score([_plain("you idiot")])
    assert not list((tmp_path / "tmp").iterdir())


def _with(tmp_path: Path, name: str, content: bytes) -> Path:
    """A model of which one file is this, with the digest that it has."""
    folder = write_model(tmp_path / "model")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    about["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / name).write_bytes(content)
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return folder
