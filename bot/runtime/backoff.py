"""How long to wait before trying again: doubling, with a ceiling."""

from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Waits of `first`, twice that, and so on up to `most` seconds."""

    first: float
    most: float
    tries: int = 0

    def next(self, *, at_least: float | None = None) -> float:
        """Seconds to wait now, and no less than the other side asked for."""
        wait = min(self.most, self.first * 2.0 ** min(self.tries, 20))
        self.tries += 1
        return max(wait, at_least or 0.0)

    def reset(self) -> bool:
        """Start over after a success. True if there had been failures."""
        failed, self.tries = self.tries > 0, 0
        return failed
