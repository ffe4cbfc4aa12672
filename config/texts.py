"""The texts that people read in Telegram, from config/texts.toml and a school's own file over it.

A text's key is dotted, table by table: `alert.first_line`. Placeholders are written `{name}`. Texts may
hold Telegram's HTML tags (Bot API, "HTML style"); values are plain text and are escaped when rendered.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from config.errors import ConfigError, TextsError
from config.markup import escape, markup_problem
from config.toml import SHIPPED, nearest, read_toml

_log = logging.getLogger(__name__)

_Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """One text, taken apart: literal words, each followed by the name of a placeholder or by none."""

    parts: tuple[tuple[str, str | None], ...]

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(name for _, name in self.parts if name is not None)


class Texts:
    """All texts, reloaded when a file changes, so that editing a text changes the running bot."""

    def __init__(self, path: Path | None = None, own: Path | None = None) -> None:
        """Load `path` (the shipped texts by default) and `own`, a school's file that replaces single keys.

        Raises:
            ConfigError: a file is missing or malformed, or a text in it cannot be shown.
        """
        self._path = path or SHIPPED / "texts.toml"
        self._own = own
        self._stamp = self._look()
        self._texts = _load(self._path, self._own)

    def render(self, key: str, /, **values: object) -> str:
        """The text as Telegram HTML, every value escaped.

        Raises:
            TextsError: there is no such text, or a placeholder in it has no value.
        """
        return self._fill(key, {name: escape(str(value)) for name, value in values.items()})

    def plain(self, key: str, /, **values: object) -> str:
        """The text without escaping, for what Telegram shows as it is: button labels, command descriptions.

        Raises:
            TextsError: there is no such text, or a placeholder in it has no value.
        """
        return self._fill(key, {name: str(value) for name, value in values.items()})

    def keys(self) -> tuple[str, ...]:
        """Every key there is, sorted."""
        return tuple(sorted(self._texts))

    def placeholders(self, key: str) -> frozenset[str]:
        """The names that `key` needs values for.

        Raises:
            TextsError: there is no such text.
        """
        return self._find(key).placeholders

    def _fill(self, key: str, values: Mapping[str, str]) -> str:
        self._reload_if_changed()
        text = self._find(key)
        missing = sorted(text.placeholders - values.keys())
        if missing:
            raise TextsError(key, f"no value for {{{missing[0]}}}")
        return "".join(words + (values[name] if name is not None else "") for words, name in text.parts)

    def _find(self, key: str) -> _Text:
        try:
            return self._texts[key]
        except KeyError:
            raise TextsError(key, f"there is no such text.{nearest(key, self._texts)}") from None

    def _reload_if_changed(self) -> None:
        stamp = self._look()
        if stamp == self._stamp:
            return
        # Remember the look even when it fails, so that a broken file is told of once, not at each message.
        self._stamp = stamp
        try:
            self._texts = _load(self._path, self._own)
        except ConfigError as error:
            files = " or ".join(str(path) for path in (self._path, self._own) if path)
            key = error.key if isinstance(error, TextsError) else "-"
            _log.error("texts not reloaded, the last good ones stay: file=%s key=%s", files, key)
        else:
            _log.info("texts reloaded: %d", len(self._texts))

    def _look(self) -> _Stamp:
        return tuple(_stamp_of(path) for path in (self._path, self._own) if path)


def _stamp_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _load(path: Path, own: Path | None) -> dict[str, _Text]:
    shipped = {key: _parse(key, text) for key, text in _flatten(read_toml(path))}
    if own is None:
        return shipped
    replaced = {key: _parse(key, text) for key, text in _flatten(read_toml(own))}
    for key, text in replaced.items():
        if key not in shipped:
            raise TextsError(key, f"{own} replaces a text that does not exist.{nearest(key, shipped)}")
        unknown = sorted(text.placeholders - shipped[key].placeholders)
        if unknown:
            known = ", ".join(sorted(shipped[key].placeholders)) or "none"
            raise TextsError(key, f"{{{unknown[0]}}} is not a value of this text (it has: {known}).")
    return shipped | replaced


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flatten(value, f"{key}.")
        elif isinstance(value, str):
            yield key, value.strip("\n")
        else:
            raise TextsError(key, "a text must be in quotation marks.")


def _parse(key: str, text: str) -> _Text:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise TextsError(key, "a curly bracket stands alone; write {{ or }} for a real one.") from None
    parts: list[tuple[str, str | None]] = []
    for words, name, spec, conversion in pieces:
        if name is not None and (not name.isidentifier() or spec or conversion):
            raise TextsError(key, "a placeholder is one plain name in curly brackets, as in {name}.")
        parts.append((words, name))
    if not "".join(words for words, _ in parts).strip() and not any(name for _, name in parts):
        raise TextsError(key, "the text is empty.")
    problem = markup_problem(text)
    if problem:
        raise TextsError(key, problem)
    return _Text(tuple(parts))
