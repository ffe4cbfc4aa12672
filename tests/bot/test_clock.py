"""Clocks: the system's, and the rehearsal's that a file moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import FileClock, SystemClock, clock_from_setting


def ahead(clock: FileClock) -> float:
    """How far `clock` is ahead of real time, in whole seconds."""
    return round((clock.now() - datetime.now(UTC)).total_seconds())


def test_the_system_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.utcoffset() == timedelta()
    assert before <= now <= datetime.now(UTC)


def test_without_a_file_the_rehearsal_has_real_time(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "offset")
    assert ahead(clock) == 0
    assert clock.now().tzinfo is UTC


def test_the_file_moves_the_clock_at_once(tmp_path: Path) -> None:
    path = tmp_path / "offset"
    clock = FileClock(path)
    path.write_text("3600\n")
    assert ahead(clock) == 3600
    path.write_text("90000.5")
    assert ahead(clock) in (90000, 90001)


@pytest.mark.parametrize("content", ["", "soon", "nan", "inf", "-inf", "1e300", "\xff"])
def test_what_is_no_number_leaves_the_clock_as_it_last_was(tmp_path: Path, content: str) -> None:
    path = tmp_path / "offset"
    clock = FileClock(path)
    path.write_text("60")
    assert ahead(clock) == 60
    path.write_text(content, encoding="latin-1")
    assert ahead(clock) == 60


def test_a_setting_names_the_clock(tmp_path: Path) -> None:
    assert isinstance(clock_from_setting("system"), SystemClock)
    (tmp_path / "offset").write_text("60")
    clock = clock_from_setting(f"file:{tmp_path / 'offset'}")
    assert isinstance(clock, FileClock)
    assert ahead(clock) == 60


@pytest.mark.parametrize("setting", ["", "file:", "sundial"])
def test_a_setting_that_names_no_clock_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="'system' or 'file:PATH'"):
        clock_from_setting(setting)
