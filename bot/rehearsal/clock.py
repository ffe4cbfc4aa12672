"""The rehearsal's clock: real time plus an offset that a person moves forward."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path


class RehearsalClock:
    """World time in UTC: the real time plus an offset in seconds, kept in a file.

    The bot reads the same file (``SCHOOLGATE_CLOCK=file:PATH``), so its process and this server agree on
    the time although each adds the offset for itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = float(path.read_text("ascii")) if path.exists() else 0.0
        self._write()

    @property
    def offset(self) -> float:
        """How far world time is ahead of real time, in seconds."""
        return self._offset

    def advance(self, seconds: float) -> None:
        """Move world time forward by ``seconds``. ValueError if that is not forward."""
        if not 0 <= seconds <= 366 * 86400:
            raise ValueError("the clock moves forward only, by at most 366 days at a time")
        self._offset += seconds
        self._write()

    def timestamp(self) -> int:
        """World time in whole Unix seconds, as Telegram gives it."""
        return int(self.precise())

    def precise(self) -> float:
        """World time in Unix seconds with fractions, for rate limits."""
        return time.time() + self._offset

    def now(self) -> datetime:
        """World time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.precise(), UTC)

    def _write(self) -> None:
        # Replaced in one step: the bot must never read half a number.
        draft = self.path.with_name(self.path.name + ".new")
        draft.write_text(f"{self._offset:.3f}\n", "ascii")
        os.replace(draft, self.path)
