"""What is to be carried out in Telegram once a transaction has committed: plain values, kept in the outbox.

A use case never sends. It writes effects beside the state it changes, in the same transaction; the bot carries
them out afterwards, as often as it takes. All of them may safely be repeated except the private messages, where
Telegram gives no way to know whether an unanswered call took effect (https://core.telegram.org/bots/api#sendmessage).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

Rows: TypeAlias = "tuple[tuple[Press, ...], ...]"


@dataclass(frozen=True, slots=True)
class Press:
    """One inline button: a label (text key and values) and an action with ids, or a `url` to open.

    The outbox turns the action into a one-time handle that only the recipient can press.
    """

    label: str
    action: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """A private message: a text key and its values, to one Telegram account.

    `lines` are further text keys, shown below, each on a line of its own, with the same values.
    """

    to: int
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Rows = ()
    protect: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revise:
    """Change a message that was sent under the outbox key `sent`: new text and lines, new buttons or none."""

    sent: str
    to: int
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Rows = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """The alert about a case, rendered from the case when it is sent. `part` is "alert" or "whole" (its full text)."""

    to: int
    case_id: str
    role: str
    rows: Rows = ()
    part: str = "alert"


@dataclass(frozen=True, slots=True)
class ReviseAlert:
    """Render a sent alert again from the case as it now stands; `note` is the key of a text to end it with."""

    sent: str
    to: int
    case_id: str
    role: str
    rows: Rows = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TellGroup:
    """A notice in a group. Never about a person."""

    chat_id: int
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin, or unpin, the notice that was sent in the group under the outbox key `sent`."""

    chat_id: int
    sent: str
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Delete one message in a group (possible for 48 hours)."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class AnswerJoin:
    """Approve or decline a join request."""

    chat_id: int
    telegram_id: int
    approve: bool


@dataclass(frozen=True, slots=True)
class SetPermissions:
    """Set what members of a group may do, each permission independently."""

    chat_id: int
    permissions: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class SwitchTopic:
    """Close or reopen one forum topic; thread 0 is the General topic."""

    chat_id: int
    thread_id: int
    open: bool


@dataclass(frozen=True, slots=True)
class MakeJoinLink:
    """Make the bot's own link whose users must ask to join, and keep it on the group."""

    chat_id: int
    group_id: str


@dataclass(frozen=True, slots=True)
class RevokeLink:
    """End an invite link that the bot made; with no link, renew the bot's own primary one."""

    chat_id: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """Leave a group."""

    chat_id: int


Effect: TypeAlias = (
    Tell
    | Revise
    | Alert
    | ReviseAlert
    | TellGroup
    | Pin
    | DeleteMessage
    | AnswerJoin
    | SetPermissions
    | SwitchTopic
    | MakeJoinLink
    | RevokeLink
    | LeaveChat
)

KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Tell,
        Revise,
        Alert,
        ReviseAlert,
        TellGroup,
        Pin,
        DeleteMessage,
        AnswerJoin,
        SetPermissions,
        SwitchTopic,
        MakeJoinLink,
        RevokeLink,
        LeaveChat,
    )
}


def chat_of(effect: Effect) -> int:
    """The chat an effect happens in; effects of one chat are carried out in order."""
    return effect.to if isinstance(effect, Tell | Revise | Alert | ReviseAlert) else effect.chat_id


def to_json(effect: Effect) -> dict[str, Any]:
    """A JSON-ready form of the effect, without its kind."""
    return asdict(effect)


def from_json(kind: str, data: Mapping[str, Any]) -> Effect:
    """The effect that `to_json` wrote. Raises KeyError for an unknown kind."""
    values = dict(data)
    if "rows" in values:
        values["rows"] = _rows(values["rows"])
    if "lines" in values:
        values["lines"] = tuple(values["lines"])
    effect: Effect = KINDS[kind](**values)
    return effect


def _rows(rows: Sequence[Sequence[Mapping[str, Any]]]) -> Rows:
    return tuple(tuple(Press(**press) for press in row) for row in rows)
