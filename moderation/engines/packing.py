"""Packed model files: how one is opened without holding it in memory twice.

A pack is a ZIP file of the ONNX graph and its weights apart from it: weights in a file of their own are mapped into
memory as they are, where those inside the graph would be read and then copied.
"""

import contextlib
import errno
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from moderation.engine import EngineFailed

#: The graph in a pack; it names its weights' file itself.
GRAPH = "model.onnx"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as a pack; the same content gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, content in files.items():
            pack.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED, 9)
    return held.getvalue()


@contextlib.contextmanager
def unpacked(pack: Path) -> Iterator[Path]:
    """Unpack into a temporary folder, which is gone at the end; gives the graph's file.

    Raises:
        EngineFailed: it cannot be unpacked; the message says why, and what to do.
    """
    # Where a file that is mapped into memory cannot be deleted, the system's cleaning takes it away later.
    with tempfile.TemporaryDirectory(prefix="schoolgate-model-", ignore_cleanup_errors=True) as folder:
        try:
            with zipfile.ZipFile(pack) as source:
                source.extractall(folder)
        except (EOFError, zlib.error, zipfile.BadZipFile):
            raise EngineFailed(f"builtin: {pack.name} is damaged; install Schoolgate again") from None
        except OSError as fault:
            why = "the disk is full" if fault.errno == errno.ENOSPC else fault.strerror or type(fault).__name__
            raise EngineFailed(f"builtin: {pack.name} cannot be unpacked in {folder}: {why}") from None
        yield Path(folder) / GRAPH
