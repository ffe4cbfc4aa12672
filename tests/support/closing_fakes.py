"""Fakes for the use cases of closing: everything in memory, nothing sent, all to be looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from moderation.effects import Effect
from moderation.records import Closure, ClosureStatus, Group, GroupMode, GroupStatus, Person, Topic
from moderation.vocabulary import Role

NOW = datetime(2026, 9, 7, 12, tzinfo=UTC)
GROUP = Group("willow", "oakfield", -100, "Willow", GroupStatus.SANCTIONED, GroupMode.OPEN, school_class="Willow")
HEAD = Person("head", "oakfield", "The head", frozenset({Role.HEADTEACHER}), telegram_id=1)
REP = Person("rep", "oakfield", "The rep", frozenset({Role.CLASS_REP}), "Willow", telegram_id=2)


@dataclass
class Kept:
    """An effect that was queued, and what came of it."""

    key: str
    effect: Effect
    about: str
    status: str = "waiting"
    refusal: str = ""
    sent_message_id: int | None = None


@dataclass
class FakeOutbox:
    """Effects in order, by key."""

    kept: list[Kept] = field(default_factory=list)

    async def put(self, effect: Effect, *, key: str, school_id: str = "", about: str = "") -> bool:
        if any(one.key == key for one in self.kept):
            return False
        self.kept.append(Kept(key, effect, about))
        return True

    async def outcome(self, key: str) -> Kept | None:
        return next((one for one in self.kept if one.key == key), None)

    async def outcomes(self, about: str) -> Sequence[Kept]:
        return [one for one in self.kept if one.about == about]

    def carry(self, **refused: str) -> None:
        """Everything waiting is carried out; effects of the kinds named are refused, with that reason."""
        for number, one in enumerate(self.kept):
            if one.status != "waiting":
                continue
            refusal = refused.get(type(one.effect).__name__, "")
            one.status, one.refusal = ("refused", refusal) if refusal else ("sent", "")
            one.sent_message_id = None if refusal else number

    def of(self, kind: type[Any]) -> list[Any]:
        """All effects of a kind, in order."""
        return [one.effect for one in self.kept if isinstance(one.effect, kind)]


@dataclass
class FakeClosures:
    """Closures, newest last."""

    all: list[Closure] = field(default_factory=list)
    told_of: dict[str, Mapping[str, str]] = field(default_factory=dict)

    async def add(self, **values: Any) -> Closure:
        values["saved_permissions"] = dict(values.get("saved_permissions") or {})
        made = Closure(id=f"c{len(self.all)}", closed_at=NOW, **values)
        self.all.append(made)
        return made

    async def change(self, closure_id: str, **values: Any) -> Closure:
        values.pop("watched_at", None)
        if "told" in values:
            self.told_of[closure_id] = values.pop("told")
        at = next(number for number, one in enumerate(self.all) if one.id == closure_id)
        self.all[at] = replace(self.all[at], **values)
        return self.all[at]

    async def told(self, closure_id: str) -> Mapping[str, str]:
        return self.told_of.get(closure_id, {})

    async def open_for_group(self, group_id: str) -> Closure | None:
        return next((one for one in reversed(self.all) if one.status in ("closing", "closed")), None)

    async def last_for_group(self, group_id: str) -> Closure | None:
        return next((one for one in reversed(self.all) if one.status is not ClosureStatus.DRAFT), None)


@dataclass
class FakeTopics:
    """The topics of the group."""

    seen: dict[int, Topic] = field(default_factory=dict)

    async def topics(self, group_id: str) -> list[Topic]:
        return list(self.seen.values())

    async def see_topic(
        self, group_id: str, thread_id: int, *, is_open: bool | None = None, closed_by_us: bool | None = None
    ) -> None:
        old = self.seen.get(thread_id, Topic(thread_id))
        is_open = old.is_open if is_open is None else is_open
        closed_by_us = old.closed_by_us if closed_by_us is None else closed_by_us
        self.seen[thread_id] = Topic(thread_id, is_open, closed_by_us)


@dataclass
class FakePeople:
    """The people of the school."""

    persons: list[Person] = field(default_factory=lambda: [HEAD, REP])

    async def holding(self, school_id: str, role: Role) -> list[Person]:
        return [one for one in self.persons if role in one.roles]

    async def by_telegram(self, telegram_id: int, school_id: str | None = None) -> Person | None:
        return next((one for one in self.persons if one.telegram_id == telegram_id), None)

    async def get(self, person_id: str) -> Person:
        return next(one for one in self.persons if one.id == person_id)
