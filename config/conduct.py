"""The code of conduct and the privacy notice as data: each with a version and a hash that people agree to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from config.errors import CodeError
from config.markup import utf16_units
from config.toml import SHIPPED, nearest, read_toml
from moderation.vocabulary import Clause

#: The longest that either may be, in UTF-16 units: a Telegram message (4,096) with room for a line around it.
LONGEST = 3900


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One clause as people see it. `kind` is what an author is told a message could be; some clauses have none."""

    shown_as: str
    title: str
    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CodeOfConduct:
    """The code of conduct. `hash` is SHA-256, in hex, over everything that people are shown of it."""

    title: str
    document: str
    version: str
    updated: date
    next_review: date
    intro: str
    closing: str
    clauses: Mapping[str, ClauseText]
    hash: str

    def clause(self, clause: str) -> ClauseText:
        """The clause with this id, such as `Clause.DEFAMATORY` or "3.5".

        Raises:
            CodeError: the code has no such clause.
        """
        try:
            return self.clauses[str(clause)]
        except KeyError:
            hint = nearest(str(clause), self.clauses)
            raise CodeError(f"The code of conduct has no clause {str(clause)!r}.{hint}") from None

    def shown_as(self, clause: str) -> str:
        """The clause's number as people are shown it: "3.4" for 3.4d."""
        return self.clause(clause).shown_as

    def heading(self, clause: str) -> str:
        """The clause's short heading, for alerts and decisions."""
        return self.clause(clause).title

    def words(self, clause: str) -> str:
        """The rule in plain words."""
        return self.clause(clause).words

    def kind(self, clause: str) -> str:
        """What an author is told a message could be, in kind words.

        Raises:
            CodeError: the clause is none that a message can breach.
        """
        kind = self.clause(clause).kind
        if not kind:
            raise CodeError(f"Clause {str(clause)!r} has no kind words: no message can breach it.")
        return kind

    def as_text(self) -> str:
        """The whole code as plain text for one Telegram message."""
        lines = [self.title, "", self.intro, ""]
        for number, entries in groupby(self.clauses.values(), key=lambda clause: clause.shown_as):
            words = [entry.words for entry in entries]
            lines += [f"{number} {words[0]}"] if len(words) == 1 else [number, *(f"• {word}" for word in words)]
        lines += ["", self.closing, "", f"{self.document} version {self.version}, {_month(self.updated)}"]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """The short privacy notice that consent is given to. `hash` is SHA-256, in hex, over what is shown."""

    title: str
    version: str
    updated: date
    text: str
    hash: str

    def as_text(self) -> str:
        """Title and text as plain text for one Telegram message."""
        return f"{self.title}\n\n{self.text}"


def load_code_of_conduct(path: Path | None = None) -> CodeOfConduct:
    """The code of conduct in `path`, or the one that ships.

    Raises:
        MalformedFile: the file is missing or not TOML.
        CodeError: something is missing in it, or it is too long for one message.
    """
    path = path or SHIPPED / "code_of_conduct.toml"
    table = _only(path, read_toml(path), set(CodeOfConduct.__dataclass_fields__) - {"hash"})
    entries = table.get("clauses")
    if not isinstance(entries, dict):
        raise CodeError(f'{path}: there are no clauses; each is a table like [clauses."4.1a"].')
    clauses = {number: _clause(path, number, entry) for number, entry in entries.items()}
    for needed in Clause:
        if needed not in clauses or not clauses[needed].kind:
            raise CodeError(f"{path}: clause {needed.value!r} needs an entry with kind words.")
    code = CodeOfConduct(
        title=_text(path, table, "title"),
        document=_text(path, table, "document"),
        version=_text(path, table, "version"),
        updated=_date(path, table, "updated"),
        next_review=_date(path, table, "next_review"),
        intro=_text(path, table, "intro"),
        closing=_text(path, table, "closing"),
        clauses=clauses,
        hash=_hash(table),
    )
    _fits(path, code.as_text())
    return code


def load_privacy_notice(path: Path | None = None) -> PrivacyNotice:
    """The privacy notice in `path`, or the one that ships; raises as `load_code_of_conduct` does."""
    path = path or SHIPPED / "privacy_notice.toml"
    table = _only(path, read_toml(path), set(PrivacyNotice.__dataclass_fields__) - {"hash"})
    notice = PrivacyNotice(
        title=_text(path, table, "title"),
        version=_text(path, table, "version"),
        updated=_date(path, table, "updated"),
        text=_text(path, table, "text"),
        hash=_hash(table),
    )
    _fits(path, notice.as_text())
    return notice


def _clause(path: Path, number: str, entry: object) -> ClauseText:
    if not isinstance(entry, dict):
        raise CodeError(f"{path}: clause {number!r} must be a table.")
    at = f"{path}, clause {number!r}"
    known = _only(at, entry, {"shown_as", "title", "words", "kind"})
    return ClauseText(
        shown_as=_text(at, known, "shown_as"),
        title=_text(at, known, "title"),
        words=_text(at, known, "words"),
        kind=_text(at, known, "kind") if "kind" in known else "",
    )


def _only(at: Path | str, table: Mapping[str, Any], known: set[str]) -> Mapping[str, Any]:
    for name in table:
        if name not in known:
            raise CodeError(f"{at}: {name!r} is not known.{nearest(name, known)}")
    return table


def _text(at: Path | str, table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CodeError(f"{at}: {name!r} must be a text, in quotation marks.")
    return value.strip()


def _date(at: Path, table: Mapping[str, Any], name: str) -> date:
    value = table.get(name)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise CodeError(f"{at}: {name!r} must be a date like 2026-10-31, without quotation marks.")
    return value


def _fits(path: Path, shown: str) -> None:
    units = utf16_units(shown)
    if units > LONGEST:
        raise CodeError(f"{path}: {units} characters are too many for one message; {LONGEST} is the most.")


def _hash(table: Mapping[str, Any]) -> str:
    # Order counts: people are shown the clauses in the order of the file.
    canonical = json.dumps(table, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _month(day: date) -> str:
    # strftime's month names follow the machine's locale; the code is in English everywhere.
    months = "January February March April May June July August September October November December"
    return f"{months.split()[day.month - 1]} {day.year}"
