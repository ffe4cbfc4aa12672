"""A roster as the school's office keeps it: a CSV file with name, role, class, child and, if it likes, ref.

`ref` is the school's own key for a person (a UPN, a payroll number); with it a re-import recognises somebody
whose name changed. Without it a name must be unique. Several roles or children are joined by ";".
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.vocabulary import Role, Roster, RosterPerson

_COLUMNS = ("name", "role", "class", "child", "ref")
_REQUIRED = ("name", "role")
#: Joiners, which the spelling of some scripts needs, among the signs that nobody sees.
_JOINERS = "\u200c\u200d"


class RosterRefused(Exception):
    """A roster that cannot be read. Says which line, what is wrong with it, and what to do; never a name."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {problem}" if line else problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One line of the roster."""

    line: int
    name: str
    roles: frozenset[Role]
    school_class: str = ""
    children: tuple[str, ...] = ()
    ref: str = ""


def read_roster(path: Path) -> list[RosterEntry]:
    """The entries of a roster file.

    Raises:
        RosterRefused: the file is missing, not UTF-8, or a line is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RosterRefused(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RosterRefused(
            f'{path} is not in UTF-8, so names with accents would be spoilt. In Excel, save it as "CSV UTF-8".'
        ) from None
    return parse_roster(text)


def parse_roster(text: str) -> list[RosterEntry]:
    """The entries of a roster in CSV form (comma or semicolon between columns).

    Raises:
        RosterRefused: a column is missing, a line is wrong, or two people cannot be told apart.
    """
    rows = _numbered_rows(text)
    _, header = next(rows, (1, []))
    entries = list(_entries(rows, _columns(header)))
    if not entries:
        raise RosterRefused("The roster has no people in it.")
    _refuse_twins(entries)
    return entries


def as_roster(entries: Sequence[RosterEntry], school_name: str = "") -> Roster:
    """The roster as the screening core needs it."""
    people = tuple(RosterPerson(entry.name, entry.roles, entry.school_class, entry.children) for entry in entries)
    return Roster(people, school_name)


def _numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line in the file, since a cell may hold line breaks."""
    header = text.splitlines()[0] if text.strip() else ""
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader, first = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    try:
        for cells in reader:
            yield first, [_tidy(cell) for cell in cells]
            first = reader.line_num + 1
    except csv.Error as error:
        raise RosterRefused(f"this is not a CSV file ({error}).", reader.line_num) from None


def _tidy(cell: str) -> str:
    """A cell in one spelling, so that what looks alike is alike: composed, on one line, without unseen signs."""
    seen = (sign for sign in cell if unicodedata.category(sign) != "Cf" or sign in _JOINERS)
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def _columns(header: Sequence[str]) -> list[str]:
    columns = [name.casefold() for name in header]
    for name in _REQUIRED:
        if name not in columns:
            raise RosterRefused(f'the first line must name the columns; "{name}" is missing.', 1)
    for name in columns:
        if name not in _COLUMNS:
            raise RosterRefused(f'there is no column "{name}"; the columns are {", ".join(_COLUMNS)}.', 1)
    return columns


def _entries(rows: Iterator[tuple[int, list[str]]], columns: Sequence[str]) -> Iterator[RosterEntry]:
    for number, cells in rows:
        if not any(cells):
            continue
        if len(cells) > len(columns):
            raise RosterRefused(
                "there are more cells than columns; a comma inside a name needs quotation marks.", number
            )
        yield _entry(number, dict(zip(columns, cells, strict=False)))


def _entry(line: int, row: dict[str, str]) -> RosterEntry:
    name = row.get("name", "")
    if not any(sign.isalpha() for sign in name):
        raise RosterRefused("there is no name.", line)
    return RosterEntry(
        line=line,
        name=name,
        roles=_roles(row.get("role", ""), line),
        school_class=row.get("class", ""),
        children=tuple(child.strip() for child in row.get("child", "").split(";") if child.strip()),
        ref=row.get("ref", ""),
    )


def _roles(text: str, line: int) -> frozenset[Role]:
    words = [word.strip().casefold().replace(" ", "_") for word in text.split(";") if word.strip()]
    if not words:
        raise RosterRefused("there is no role.", line)
    for word in words:
        if word not in set(Role):
            raise RosterRefused(f'"{word}" is not a role; the roles are {", ".join(Role)}.', line)
    return frozenset(Role(word) for word in words)


def _refuse_twins(entries: Sequence[RosterEntry]) -> None:
    """Two people of one name are told apart by a ref each; a ref is one person's."""
    refs: dict[str, int] = {}
    names: dict[str, RosterEntry] = {}
    for entry in entries:
        if entry.ref and entry.ref in refs:
            what, earlier = "ref", refs[entry.ref]
        elif (twin := names.get(entry.name.casefold())) and not (twin.ref and entry.ref):
            what, earlier = "name", twin.line
        else:
            refs[entry.ref] = entry.line
            names.setdefault(entry.name.casefold(), entry)
            continue
        raise RosterRefused(
            f"this person has the same {what} as line {earlier}; give both a ref of their own in a column named ref.",
            entry.line,
        )
