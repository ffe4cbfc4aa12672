"""The clock that this server and the bot share."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.clock import RehearsalClock


def test_a_new_clock_shows_real_time_and_writes_its_file(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    assert abs(clock.precise() - time.time()) < 5
    assert (tmp_path / "clock").read_text("ascii") == "0.000\n"


def test_an_advance_is_there_for_the_next_clock_on_the_same_file(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    before = clock.now()
    clock.advance(86400)
    assert clock.now() - before >= timedelta(days=1)
    assert RehearsalClock(tmp_path / "clock").offset == 86400
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


@pytest.mark.parametrize("seconds", [-1, 400 * 86400, float("nan")])
def test_time_moves_forward_and_not_too_far(tmp_path: Path, seconds: float) -> None:
    with pytest.raises(ValueError, match="forward only"):
        RehearsalClock(tmp_path / "clock").advance(seconds)
