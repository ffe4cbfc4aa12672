"""Packed model files: how one is opened without holding it in memory twice."""

import contextlib
import errno
import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from moderation.engine import EngineFailed


@contextlib.contextmanager
def unpacked(packed: Path) -> Iterator[Path]:
    """Unpack a file into a temporary one, which is gone at the end.

    Raises:
        EngineFailed: it cannot be unpacked; the message says why, and what to do.
    """
    with tempfile.TemporaryDirectory(prefix="schoolgate-model-") as folder:
        path = Path(folder) / packed.stem
        try:
            with gzip.open(packed) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise EngineFailed(f"builtin: {packed.name} is damaged; install Schoolgate again") from None
        except OSError as fault:
            why = "the disk is full" if fault.errno == errno.ENOSPC else fault.strerror or type(fault).__name__
            raise EngineFailed(f"builtin: {packed.name} cannot be unpacked in {folder}: {why}") from None
        yield path
