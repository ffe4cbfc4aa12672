import dataclasses
import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.engine import EngineFailed, Prepared
from moderation.engines.builtin import MODEL, BuiltinEngine
from moderation.engines.weights import Weights, load, save
from moderation.policy import are_valid
from moderation.vocabulary import Clause, Concern


def _plain(text: str) -> Prepared:
    return Prepared(text, text)


@pytest.fixture(scope="module")
def shipped() -> BuiltinEngine:
    return BuiltinEngine.from_file()


def test_a_known_word_raises_its_heads_and_no_others(idiot_model: Weights) -> None:
    [score] = BuiltinEngine(idiot_model).score([_plain("you idiot")])
    assert score.flag > 0.9
    assert score.clauses[Clause.ABUSE_TO_PARENT] > 0.9
    assert score.clauses[Clause.THREAT] < 0.2
    assert score.redirect < 0.2


def test_one_insult_in_a_long_message_is_not_diluted(idiot_model: Weights) -> None:
    engine = BuiltinEngine(idiot_model)
    ordinary = " ".join(f"word{number}" for number in range(200))
    [alone, buried, none] = engine.score(
        [_plain(ordinary[:200] + " idiot"), _plain(f"{ordinary} idiot {ordinary}"), _plain(ordinary)]
    )
    assert none.flag < buried.flag
    assert buried.flag > 0.5 * alone.flag


def test_a_batch_scores_like_one_by_one(shipped: BuiltinEngine) -> None:
    batch = [_plain("morning all"), _plain("you are a disgrace"), Prepared("no", "NO!", True, "are you coming")]
    assert shipped.score(batch) == [shipped.score([one])[0] for one in batch]


def test_an_empty_batch_gives_an_empty_list(shipped: BuiltinEngine) -> None:
    assert shipped.score([]) == []


@given(st.text(max_size=300), st.text(max_size=100), st.booleans())
def test_every_score_is_a_probability(text: str, reply: str, is_reply: bool) -> None:
    [score] = _SHIPPED.score([Prepared(text, text, is_reply, reply)])
    assert are_valid(score)
    assert set(score.concerns) == set(Concern) - {Concern.NONE}


_SHIPPED = BuiltinEngine.from_file()


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("you are a useless idiot and everyone here hates you", "thank you so much, see you at the gate"),
        ("I will smash your face in at the gate", "I will see you at the gate"),
    ],
)
def test_the_shipped_model_tells_abuse_from_thanks(shipped: BuiltinEngine, worse: str, better: str) -> None:
    [bad, good] = shipped.score([_plain(worse), _plain(better)])
    assert bad.flag > 0.5 > good.flag


def test_the_shipped_model_hears_a_grievance(shipped: BuiltinEngine) -> None:
    [grievance, question] = shipped.score(
        [
            _plain("the homework policy is a joke, the school never listens to parents and wastes our money"),
            _plain("what time does the trip leave on friday?"),
        ]
    )
    assert grievance.redirect > question.redirect + 0.2


def test_the_shipped_model_is_small_and_loads_at_once(shipped: BuiltinEngine) -> None:
    assert MODEL.stat().st_size < 2_000_000
    started = time.perf_counter()
    assert BuiltinEngine.from_file().version == shipped.version
    assert time.perf_counter() - started < 3  # 0.02 s on its own; the machine may be busy


def test_a_saved_model_comes_back_the_same(tmp_path: Path, idiot_model: Weights) -> None:
    save(idiot_model, tmp_path / "model.npz")
    back = load(tmp_path / "model.npz")
    for name in ("hashed", "scales", "context", "bias", "second"):
        assert np.array_equal(getattr(back, name), getattr(idiot_model, name))
    assert back.version == "tiny"


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"model file gone.npz is missing"):
        load(tmp_path / "gone.npz")


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04broken"])
def test_a_broken_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(EngineFailed, match="not a model file"):
        load(tmp_path / "model.npz")


def test_a_model_for_other_heads_is_refused(tmp_path: Path) -> None:
    about = np.frombuffer(b'{"format": 2, "heads": ["toxicity"], "version": "old"}', np.uint8)
    np.savez(tmp_path / "model.npz", about=about)
    with pytest.raises(EngineFailed, match="another version of Schoolgate"):
        load(tmp_path / "model.npz")


def test_a_pickle_in_a_model_is_never_run(tmp_path: Path) -> None:
    hidden = io.BytesIO()
    np.savez(hidden, about=np.array([{"format": 2}], dtype=object))
    (tmp_path / "model.npz").write_bytes(hidden.getvalue())
    with pytest.raises(EngineFailed, match="not a model file"):
        load(tmp_path / "model.npz")


def test_arrays_of_another_shape_are_refused(idiot_model: Weights) -> None:
    with pytest.raises(ValueError, match="bias"):
        dataclasses.replace(idiot_model, bias=np.zeros(2, np.float32))
