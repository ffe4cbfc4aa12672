"""The steps of a closure as they stand in the outbox: their keys, what came of them, and what closing needs.

A step is an effect about `closure:ID` under the key `closure:ID:step`; carried out again, its key ends in `@2`, `@3`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from moderation.effects import Effect
from moderation.records import Closure, ClosureStatus, Person, Topic
from moderation.usecases.rights import PeopleToTell

#: Every permission of ordinary members (https://core.telegram.org/bots/api#chatpermissions).
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


class Outcome(Protocol):
    """What came of an effect."""

    @property
    def key(self) -> str:
        """Its outbox key."""
        ...

    @property
    def status(self) -> str:
        """`waiting`, `sent` or `refused`."""
        ...

    @property
    def refusal(self) -> str:
        """Why Telegram refused it."""
        ...

    @property
    def sent_message_id(self) -> int | None:
        """The message that was sent."""
        ...


class OutboxForClosing(Protocol):
    """What closing needs of the outbox."""

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        """Queue an effect once for each key."""
        ...

    async def outcome(self, key: str) -> Outcome | None:
        """What came of one effect."""
        ...

    async def outcomes(self, about: str) -> Sequence[Outcome]:
        """What came of everything about one thing."""
        ...


class ClosuresForClosing(Protocol):
    """What closing needs of the closures."""

    async def add(
        self,
        *,
        school_id: str,
        group_id: str,
        closed_by: str,
        status: ClosureStatus,
        reason: str = "",
        case_id: str | None = None,
        confirmed_by: str | None = None,
        saved_permissions: Mapping[str, bool] | None = None,
    ) -> Closure:
        """Write one."""
        ...

    async def change(self, closure_id: str, **values: Any) -> Closure:
        """Set columns."""
        ...

    async def open_for_group(self, group_id: str) -> Closure | None:
        """The closure in force."""
        ...

    async def last_for_group(self, group_id: str) -> Closure | None:
        """The latest one."""
        ...


class GroupsForClosing(Protocol):
    """What closing needs of the groups."""

    async def topics(self, group_id: str) -> list[Topic]:
        """Forum topics that were seen."""
        ...

    async def see_topic(
        self, group_id: str, thread_id: int, *, is_open: bool | None = None, closed_by_us: bool | None = None
    ) -> None:
        """Remember what a topic is."""
        ...


class PeopleForClosing(PeopleToTell, Protocol):
    """What closing needs of the people."""

    async def get(self, person_id: str) -> Person:
        """One of them."""
        ...


def already_so(outcome: Outcome) -> bool:
    """Whether Telegram refused a step because there was nothing left to do: a human, or an upgrade, had done it."""
    refusal = outcome.refusal.lower()
    return "topic_not_modified" in refusal or "message to unpin not found" in refusal


async def turn_of(closure_id: str, outbox: OutboxForClosing) -> int:
    """How often the steps of a closure have been queued."""
    keys = [one.key for one in await outbox.outcomes(f"closure:{closure_id}")]
    return max((turn_of_key(key) for key in keys), default=0)


def step_key(closure_id: str, step: str, turn: int) -> str:
    """The outbox key of a step: `closure:ID:step`, and from the second turn on `closure:ID:step@turn`."""
    return f"closure:{closure_id}:{step}" + (f"@{turn}" if turn > 1 else "")


def step_of(key: str) -> str:
    """The step of a key, without the id and the turn: "permissions", "topic:7"."""
    return key.split(":", 2)[2].partition("@")[0]


def turn_of_key(key: str) -> int:
    """The turn of a key."""
    return int(key.partition("@")[2] or 1)


def notice_key(closure_id: str) -> str:
    """The outbox key of the notice in the group; it is sent once a closure."""
    return f"closure:{closure_id}:notice"


def reopening_key(closure_id: str, step: str) -> str:
    """The outbox key of a step of the reopening."""
    return f"reopening:{closure_id}:{step}"
