"""A day in steps, lived once undisturbed and again with the bot killed at every step: both must end alike."""

import asyncio
import re
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.journey import HEAD, Day, journey, pattern
from tests.support.rehearsal import chat_in

Act = Callable[[Day], Awaitable[Any]]


@dataclass(frozen=True)
class Step:
    """What somebody does, without waiting for the bot; the transactions and calls by which the bot answers.

    `hears`: whom it tells what (a text key) of its own accord, to be waited for in the end.
    """

    words: str
    do: Act
    at: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    hears: tuple[str, str] | None = None


@dataclass(frozen=True)
class Script:
    """A day: `steps` in order."""

    steps: Sequence[Step]


@dataclass
class Outcome:
    """What a day has come to: what people see, and what is kept.

    `ever` holds what they saw before a message was edited too; `posts` how many messages there were after each step.
    """

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    ever: set[tuple[str, str]] = field(default_factory=set)
    posts: list[int] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)

    def repeated(self, undisturbed: "Outcome") -> list[tuple[str, str]]:
        """The messages that came again for no reason. AssertionError if one is missing or strange."""
        lost = undisturbed.messages - self.messages
        assert not lost, f"lost: {lost}\ninstead: {self.messages - undisturbed.messages}"
        more = self.messages - undisturbed.messages
        # A copy that the bot knows nothing of stays as it was sent when the other one is edited.
        assert set(more) <= undisturbed.ever, f"nobody should be told this: {set(more) - undisturbed.ever}"
        return list(more.elements())


@dataclass(frozen=True)
class Kill:
    """When the bot dies within a step: at a commit, or while a call is held before or after it took effect."""

    step: Step
    moment: str
    name: str

    def __str__(self) -> str:
        return f"{self.moment}:{self.name} when {self.step.words}"


def kills(script: Script, moment: str) -> Iterator[Kill]:
    """One kill for each named point of a day: `before-commit`, `after-commit`, `hold` or `hold_after`."""
    for step in script.steps:
        for name in step.calls if moment.startswith("hold") else step.at:
            yield Kill(step, moment, name)


@asynccontextmanager
async def killable(tmp_path: Path) -> AsyncIterator[Day]:
    """A day whose bot can be ordered to die."""
    async with journey(tmp_path, start=False) as day:
        day.command = ("-m", "tests.crash.killing", "run")
        day.environment["KILL_ORDER"] = str(day.folder / "kill-order")
        # Enough for what a day says in the real seconds that it takes.
        await day.rehearsal.limits(group_per_minute=0, overall_per_second=0)
        await day.start_bot()
        yield day


async def live(day: Day, script: Script, planned: Sequence[Kill] = ()) -> Outcome:
    """Live a day; in each step for which a kill is planned, the bot dies at that point and is started again."""
    by_step = {kill.step: kill for kill in planned}
    ever: set[tuple[str, str]] = set()
    posts = []
    for step in script.steps:
        kill = by_step.get(step)
        heard = await _newest(day, step)
        if kill is None:
            await step.do(day)
        elif kill.moment.startswith("hold"):
            await _die_at_call(day, kill)
        else:
            await _die_at_commit(day, kill)
        await _hears(day, step, heard)
        try:
            await day.settled()
        except TimeoutError:
            raise AssertionError(f"not settled: {step.words} ({kill})\n{day.log()[-3000:]}") from None
        seen = outcome(day).messages
        ever |= set(seen)
        posts.append(seen.total())
    found = outcome(day)
    found.ever, found.posts = ever, posts
    return found


async def _newest(day: Day, step: Step) -> int:
    """The number of the newest message that the one who is to hear something has."""
    letters = await day.letters(step.hears[0]) if step.hears else []
    return max((int(letter["id"]) for letter in letters), default=0)


async def _hears(day: Day, step: Step, after: int) -> None:
    """Wait for a new message, since a copy of an earlier one that came again may still be there."""
    if step.hears is None:
        return
    name, key = step.hears
    looks = pattern(key)

    def heard(state: dict[str, Any]) -> bool:
        messages = chat_in(state, day.id_of(name))["messages"]
        return any(message["id"] > after and looks.search(message["text"] or "") for message in messages)

    await day.rehearsal.wait_until(heard, day.id_of(name), timeout=30)


async def _die_at_commit(day: Day, kill: Kill) -> None:
    (day.folder / "kill-order").write_text(f"{kill.moment}:{kill.name}", "utf-8")
    await kill.step.do(day)
    await _again(day, kill)


async def _die_at_call(day: Day, kill: Kill) -> None:
    since = max((call["n"] for call in await day.rehearsal.calls()), default=0)
    await day.rehearsal.fault(kill.name, kill.moment)
    await kill.step.do(day)
    try:
        await day.rehearsal.wait_call(kill.name, since=since, timeout=90)
    except TimeoutError:
        raise AssertionError(f"never came to {kill}\n{day.log()[-3000:]}") from None
    assert day.process is not None
    day.process.send_signal(signal.SIGKILL)
    await _again(day, kill)
    await day.rehearsal.clear_faults()


async def _again(day: Day, kill: Kill) -> None:
    try:
        async with asyncio.timeout(30):
            assert await day.ended() == -signal.SIGKILL, f"{kill}\n{day.log()[-3000:]}"
    except TimeoutError:
        raise AssertionError(f"never came to {kill}\n{day.log()[-3000:]}") from None
    await day.start_bot()


def outcome(day: Day) -> Outcome:
    """What the day has come to, without what differs from one day to the next (numbers, times, ids)."""
    world = day.rehearsal.world
    found = Outcome()
    for chat in world.chats.values():
        place = world.people[chat.id].name if chat.type == "private" else "the group"
        for post in chat.posts.values():
            if post.sender == world.bot.id and not post.service:
                found.messages[place, _plain(str(post.content.get("text", "")))] += 1
    group = world.chats[day.group]
    found.state = {
        "permissions": dict(group.permissions),
        "pinned": len(group.pinned),
        "requests": sorted(group.requests),
        "members": {user: world.member(group, user).status for user in sorted(world.people)},
        "buttons": _buttons(day),
        **_kept(day.folder / "schoolgate.db"),
    }
    return found


def _buttons(day: Day) -> Counter[tuple[str, str]]:
    """The labels on the newest message of each phone that has any: repeated messages have their own."""
    labels: Counter[tuple[str, str]] = Counter()
    for chat in day.rehearsal.world.chats.values():
        markups = [post.markup for post in chat.posts.values() if post.sender == day.rehearsal.world.bot.id]
        rows = (markups[-1] or {}).get("inline_keyboard", []) if markups else []
        labels.update((str(chat.type), _plain(button["text"])) for row in rows for button in row)
    return labels


#: Which case it is, by the order of the messages: their numbers differ where one before them came again.
_RANK = '(SELECT count(*) FROM "case" e WHERE e.message_id <= c.message_id)'
_KEPT = {
    "people": "SELECT roles, telegram_id, bot_blocked FROM person",
    "acknowledgements": "SELECT p.telegram_id FROM acknowledgement a JOIN person p ON p.id = a.person_id",
    "consents": "SELECT p.telegram_id, given, withdrawn_at IS NULL FROM consent c JOIN person p ON p.id = c.person_id",
    "groups": 'SELECT status, mode, bot_is_admin, rights, invite_link = "" FROM "group"',
    "join requests": "SELECT telegram_id, status FROM join_request",
    "cases": 'SELECT status, outcome, severity, version, mistake_claimed, passed_to_dsl, {rank} FROM "case" c',
    "steps": 'SELECT {rank}, s.step FROM case_step s JOIN "case" c ON c.id = s.case_id',
    "decisions": 'SELECT {rank}, d.outcome FROM decision d JOIN "case" c ON c.id = d.case_id',
    "closures": "SELECT status, confirmed_by IS NULL, reopened_at IS NULL, saved_permissions FROM closure",
    "effects": "SELECT kind, status, refusal FROM outbox",
    "updates": "SELECT status FROM inbox WHERE status != 'done'",
    "codes": "SELECT used_by FROM code WHERE used_at IS NOT NULL",
    "questions": "SELECT telegram_id, kind FROM prompt",
}


def _kept(database: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {
            name: Counter(connection.execute(query.replace("{rank}", _RANK)).fetchall())
            for name, query in _KEPT.items()
        }


def _plain(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"t\.me/\+\w+", "t.me/+link", text))


async def open_house(day: Day) -> None:
    """The headteacher is enrolled, the bot is an admin of the group, and she is asked about it."""
    await day.enrol(HEAD)
    await day.settled()
    await day.add_bot()
    await day.settled()
