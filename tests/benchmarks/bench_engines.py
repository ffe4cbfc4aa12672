"""How fast the engines are on this machine: `python tests/benchmarks/bench_engines.py`.

Times mean little from one machine to the next, so each is also told as a multiple of a plain hash of the same
texts, measured in the same run.
"""

import hashlib
import sys
import time
from collections.abc import Callable
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from moderation.engine import Engine, EngineFailed, Prepared
from moderation.engines import ENGINES, load_engine

TEXTS = [
    "Thanks for letting us know, see you at the gate at 8.45",
    "has anyone got a spare jumper in age 7 to 8? Ours has vanished again",
    "I am not happy about the new homework rules and I will be writing to the school about it tomorrow",
    "ok",
]
ROUNDS = 200


def main() -> int:
    """Print the table; engines that are not installed are left out, and named."""
    console = Console()
    table = Table("engine", "load ms", "one message p50 ms", "p95 ms", "x hash", "messages/s batched")
    plain = _times(lambda text: hashlib.sha256(text.encode() * 100).digest())
    for name in ENGINES:
        started = time.perf_counter()
        try:
            engine = load_engine(name)
        except EngineFailed as absent:
            console.print(str(absent), markup=False)
            continue
        loading = (time.perf_counter() - started) * 1e3
        times = _times(_one_by(engine))
        batch = [Prepared(text, text) for text in TEXTS * 50]
        started = time.perf_counter()
        engine.score(batch)
        rate = len(batch) / (time.perf_counter() - started)
        p50, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
        ratio = p50 / quantiles(plain, n=20)[9]
        table.add_row(name, f"{loading:.0f}", f"{p50:.2f}", f"{p95:.2f}", f"{ratio:.0f}", f"{rate:.0f}")
    console.print(table)
    return 0


def _one_by(engine: Engine) -> Callable[[str], object]:
    return lambda text: engine.score([Prepared(text, text)])


def _times(work: Callable[[str], object]) -> list[float]:
    """Milliseconds of each call, over all texts again and again."""
    found = []
    for at in range(ROUNDS):
        text = TEXTS[at % len(TEXTS)]
        started = time.perf_counter()
        work(text)
        found.append((time.perf_counter() - started) * 1e3)
    return found


if __name__ == "__main__":
    sys.exit(main())
