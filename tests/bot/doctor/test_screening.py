"""The check of the model can fail in each way that a model can."""

from collections.abc import Sequence

from bot.doctor.findings import State
from bot.doctor.screening import check_model
from moderation.engine import Engine, EngineFailed, Prepared
from moderation.vocabulary import Scores
from tests.support.word_engine import scores


class FakeModel:
    """Gives each sentence one toxicity: the first, then the second."""

    name, version = "fake", "1"

    def __init__(self, *toxicities: float) -> None:
        self._toxicities = toxicities

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        return [scores(toxicity=value) for value, _ in zip(self._toxicities, prepared, strict=True)]


def broken() -> Engine:
    raise EngineFailed("fake: the file is missing")


def test_a_model_that_tells_abuse_from_thanks_is_fine() -> None:
    assert check_model(lambda: FakeModel(0.9, 0.1)).state is State.FINE


def test_a_model_that_does_not_load_is_wrong() -> None:
    found = check_model(broken)
    assert found.state is State.WRONG
    assert "the file is missing" in found.text


def test_a_model_that_scores_all_alike_backwards_or_without_a_number_is_wrong() -> None:
    for model in (FakeModel(0.5, 0.5), FakeModel(0.1, 0.9), FakeModel(float("nan"), 0.1), FakeModel(1.4, 0.1)):
        assert check_model(lambda model=model: model).state is State.WRONG  # type: ignore[misc]  # the loop's own value


def test_a_model_that_scores_too_few_is_wrong() -> None:
    assert check_model(lambda: FakeModel(0.9)).state is State.WRONG
