"""The one source of time. Everything that asks what time it is asks a clock that was handed to it."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_FILE = "file:"


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """This computer's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class FileClock:
    """The rehearsal's clock: real time plus as many seconds as a file says, so that a day can pass in a moment."""

    def __init__(self, path: Path) -> None:
        """`path` holds the offset in seconds as a decimal number; without the file the offset is 0."""
        self._path = path
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present moment of the rehearsal, aware, in UTC."""
        try:
            seconds = float(self._path.read_text(encoding="ascii"))
        except FileNotFoundError:
            seconds = 0.0
        except (OSError, ValueError):
            # Half-written or not a number: time goes on as it last did, never back.
            seconds = math.nan
        if abs(seconds) <= 1e9:
            self._offset = timedelta(seconds=seconds)
        return datetime.now(UTC) + self._offset


def clock_from_setting(setting: str) -> Clock:
    """The clock that the setting `clock` names: "system" or "file:PATH".

    Raises:
        ValueError: it names neither.
    """
    if setting == "system":
        return SystemClock()
    if setting.startswith(_FILE) and setting != _FILE:
        return FileClock(Path(setting.removeprefix(_FILE)))
    raise ValueError("clock must be 'system' or 'file:PATH'")
