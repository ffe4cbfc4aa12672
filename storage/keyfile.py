"""A file that holds a secret: made once, readable by nobody else."""

import os
import stat
from pathlib import Path

from storage.errors import KeyRefused

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_private_file(path: Path) -> str:
    """The text of `path`.

    Raises:
        KeyRefused: there is no such file, it is not plain text, or others may read it (on POSIX).
    """
    try:
        with path.open(encoding="ascii") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(1024)
    except FileNotFoundError:
        raise KeyRefused(
            f"There is no key file at {path}. Restore it from your safe copy; if this is a new installation, "
            "schoolgate init makes one."
        ) from None
    except UnicodeDecodeError:
        raise KeyRefused(f"{path} does not hold a key: it is not plain text.") from None
    except OSError as error:
        raise KeyRefused(f"{path} cannot be read: {error.strerror}.") from None
    if os.name == "posix" and mode & _OTHERS:
        raise KeyRefused(f"Others on this computer can read the key file. Type: chmod 600 {path}")
    return text


def write_private_file(path: Path, text: str) -> None:
    """Make `path` with mode 600 and `text` in it, safely on disk before this returns.

    Raises:
        KeyRefused: the file exists (a key is never overwritten), or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyRefused(f"{path} exists already. A key is never overwritten.") from None
    except OSError as error:
        raise KeyRefused(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if os.name == "posix":
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name in `folder` last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
