"""Reading one TOML file, so that every refusal names the file and the line."""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.errors import MalformedFile

#: Where the files that ship with Schoolgate lie.
SHIPPED = Path(__file__).resolve().parent


def read_toml(path: Path) -> dict[str, Any]:
    """Read `path` as TOML.

    Raises:
        MalformedFile: it is missing, not readable, not UTF-8, or not TOML; the line is named.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise MalformedFile(f"{path} does not exist.") from None
    except OSError as error:
        raise MalformedFile(f"{path} cannot be read: {error.strerror or 'input/output error'}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise MalformedFile(f"{path}, line {line}: this is not UTF-8 text; save the file as UTF-8.") from None
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        # The message ends "(at line 3, column 7)" or "(at end of document)", and shows no value.
        last = f"at line {text.rstrip().count(chr(10)) + 1}, the last"
        problem = str(error).replace("at end of document", last)
        raise MalformedFile(f"{path} is not valid TOML: {problem}.") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint of the nearest known name, as the end of a sentence; empty when nothing is near."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
