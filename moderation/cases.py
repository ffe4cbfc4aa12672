"""Reading cases, one JSON object a line: the form that models are made and judged by.

Only `text` is required of a case; `id`, `sender` ("parent:NAME" or "staff:NAME"), `reply_to` and the labels
(`decision`, `clauses`, `concern`) are optional, and unknown keys are ignored. Faults are told by line number and
in plain English, and never quote a message.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from moderation.vocabulary import (
    Clause,
    Concern,
    Outcome,
    ReplyContext,
    Role,
    Roster,
    Sender,
    Utterance,
)

_ROLES = {"parent": Role.PARENT, "staff": Role.STAFF}
_Kind = TypeVar("_Kind", Outcome, Clause, Concern)


class BadInput(ValueError):
    """A file cannot be used. The message names the line and what is wrong with it, without quoting a text."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What people say a case is."""

    outcome: Outcome
    clauses: frozenset[Clause] = frozenset()
    concern: Concern = Concern.NONE
    severity: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One message with its context and, where people have judged it, its labels."""

    id: str
    utterance: Utterance
    labels: Labels | None = None


def read_cases(lines: Iterable[str], roster: Roster) -> Iterator[Case]:
    """Yield the case of each line that is not blank.

    Raises:
        BadInput: a line is not a case; it is named by its number.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            raise BadInput(f"line {number}: this is not a JSON object") from None
        try:
            yield case_of(found, roster, default_id=str(number))
        except BadInput as fault:
            raise BadInput(f"line {number}: {fault}") from None


def case_of(found: Any, roster: Roster, *, default_id: str) -> Case:
    """Read one case from parsed JSON.

    Raises:
        BadInput: it is not a case; the message names the key at fault.
    """
    if not isinstance(found, dict):
        raise BadInput("this is not a JSON object")
    reply = found.get("reply_to")
    if reply is not None and not isinstance(reply, dict):
        raise BadInput("reply_to: expected an object or null")
    replied = ReplyContext(_sender(reply, roster, "reply_to."), _text(reply, "reply_to.")) if reply else None
    own_id = found.get("id", default_id)
    if not isinstance(own_id, str | int):
        raise BadInput("id: expected a text")
    utterance = Utterance(_text(found, ""), _sender(found, roster, ""), replied)
    return Case(str(own_id), utterance, _labels(found))


def _text(found: dict[str, Any], prefix: str) -> str:
    text = found.get("text")
    if not isinstance(text, str):
        raise BadInput(f"{prefix}text: expected a text" if "text" in found else f"{prefix}text is missing")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sender(found: dict[str, Any], roster: Roster, prefix: str) -> Sender:
    """The writer with the roster's roles; the case's own word decides between staff and parent."""
    written = found.get("sender")
    if written is None:
        return Sender()
    kind, _, name = written.partition(":") if isinstance(written, str) else ("", "", "")
    if kind not in _ROLES:
        raise BadInput(f'{prefix}sender: expected "parent:NAME" or "staff:NAME"')
    plain = Sender(name.strip(), frozenset({_ROLES[kind]}))
    for person in roster.people:
        if person.name.casefold() == plain.name.casefold() and person.is_staff == plain.is_staff:
            return Sender(person.name, person.roles)
    return plain


def _labels(found: dict[str, Any]) -> Labels | None:
    if found.get("decision") is None:
        return None
    clauses = found.get("clauses") or []
    severity = found.get("severity") or 0
    if not isinstance(clauses, list):
        raise BadInput("clauses: expected a list")
    if not isinstance(severity, int) or not 0 <= severity <= 3:
        raise BadInput("severity: expected a number from 0 to 3")
    return Labels(
        _one_of(Outcome, found["decision"], "decision"),
        frozenset(_one_of(Clause, clause, "clauses") for clause in clauses),
        _one_of(Concern, found.get("concern") or "none", "concern"),
        severity,
    )


def _one_of(kind: type[_Kind], value: Any, key: str) -> _Kind:
    try:
        return kind(value)
    except ValueError:
        raise BadInput(f"{key}: expected one of {', '.join(kind)}") from None
