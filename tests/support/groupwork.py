"""A school with one class group in this process: handlers get real updates, Telegram is a table of answers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from telegram import Bot, Update

from bot.handlers import ACTIONS, ANSWERS
from bot.handlers.closing_privately import close_command
from bot.handlers.group_notes import note_group_message
from bot.handlers.groups import bot_moved
from bot.handlers.reopening import reopen_command
from bot.rendering.messages import render
from bot.runtime.followups import follow_up
from bot.runtime.performing import Carried
from bot.services import Services
from bot.sweeps.groups import leave_unanswered_groups, watch_closures
from config.markup import without_markup
from moderation.effects import Effect, MakeJoinLink, Press, Revise, Tell, TellGroup
from moderation.records import Closure, Group, Person
from moderation.usecases.rights import RIGHTS
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.errors import StorageError
from storage.inbox import Received
from storage.outbox import REFUSED, SENT
from storage.store import Store
from tests.support.group_answers import (
    ANONYMOUS,
    BOT_ID,
    CHAT,
    DEPUTY,
    HEAD,
    NOBODY,
    OPEN,
    PARENT,
    REP,
    TITLE,
    FakeTelegram,
    moved,
    user,
)
from tests.support.services import StandingClock, made_services

__all__ = [
    "ANONYMOUS",
    "BOT_ID",
    "CHAT",
    "DEPUTY",
    "HEAD",
    "NOBODY",
    "OPEN",
    "PARENT",
    "REP",
    "TITLE",
    "Groupwork",
    "groupwork",
    "moved",
    "user",
]
_ROLES: Mapping[int, Role] = {
    HEAD: Role.HEADTEACHER,
    DEPUTY: Role.DEPUTY,
    REP: Role.CLASS_REP,
    PARENT: Role.PARENT,
}


@dataclass
class Groupwork:
    """The school's services, and what its people's phones and the group have been shown."""

    services: Services
    clock: StandingClock
    telegram: FakeTelegram
    people: dict[int, Person]
    school_id: str
    shown: dict[int, dict[str, str]] = field(default_factory=dict)
    buttons: dict[int, list[Press]] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    refusing: dict[type[Any], str] = field(default_factory=dict)
    updates: int = 0

    async def group(self, chat: int = CHAT) -> Group:
        """The group as it is kept."""
        async with self.services.transaction("test") as tx:
            found = await tx.groups.by_chat(chat)
        assert found is not None
        return found

    async def group_in(self, tx: Any) -> Group:
        """The group, within a transaction."""
        return cast(Group, await tx.groups.by_chat(CHAT))

    async def approve(self, button: str = "group.open_button", *, forum: bool = False) -> None:
        """The bot is added with every right, and the group approved; the class rep owns it."""
        self.telegram.forum = forum
        self.telegram.members[REP] = {"status": "creator"}
        await self.handle(bot_moved, **moved("administrator", dict.fromkeys(RIGHTS, True), where={"is_forum": forum}))
        await self.tap(HEAD, button)

    async def close(self) -> None:
        """The headteacher closes the group from her phone."""
        await self.command(close_command, HEAD, "/close", chat=HEAD)
        for label in ("closing.group_button", "closing.reason_pause", "closing.confirm_button"):
            await self.tap(HEAD, label)

    async def reopen(self) -> None:
        """The headteacher opens it again."""
        await self.command(reopen_command, HEAD, "/reopen", chat=HEAD)
        await self.tap(HEAD, "reopening.group_button")

    async def note_post(self, who: int, **more: Any) -> None:
        """Somebody posts in the group, a moment later."""
        self.clock.advance(seconds=2)
        await self.handle(note_group_message, message=self.message(who, **more))

    async def closure(self) -> Closure | None:
        """The closure that the group is under."""
        group = await self.group()
        async with self.services.transaction("look") as tx:
            return await tx.closures.open_for_group(group.id)

    async def make_headteacher(self, role: Role = Role.HEADTEACHER) -> None:
        """Whoever has the headteacher's account holds this role."""
        async with self.services.transaction("role") as tx:
            await tx.people.change(
                self.people[HEAD].id, name="The headteacher", roles=frozenset({role}), school_class="", children=()
            )

    async def unmake_headteacher(self) -> None:
        """Whoever has the headteacher's account is a parent now."""
        await self.make_headteacher(Role.PARENT)

    async def handle(self, handler: Any, *, deliver: bool = True, **update: Any) -> None:
        """Give a handler one update, then carry out what it queued."""
        self.updates += 1
        raw = {"update_id": self.updates, **update}
        async with self.services.transaction("test") as tx:
            await tx.inbox.put([Received(self.updates, 0, "message", raw, self.clock.now())])
        context = SimpleNamespace(bot_data={"services": self.services})
        await handler(Update.de_json(raw, None), context)
        if deliver:
            await self.deliver()

    async def command(self, handler: Any, who: int, text: str, *, chat: int = CHAT, **more: Any) -> None:
        """Somebody sends a command, in the group or (chat = who) in private."""
        marks = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        await self.handle(handler, message=self.message(who, chat=chat, text=text, entities=marks, **more))

    def message(self, who: int, *, chat: int = CHAT, title: str = TITLE, **more: Any) -> dict[str, Any]:
        """A message as the door lets it in."""
        where = {"id": chat, "type": "private"} if chat > 0 else {"id": chat, "type": "supergroup", "title": title}
        where |= {"is_forum": True} if self.telegram.forum and chat < 0 else {}
        date = int(self.clock.now().timestamp())
        return {"message_id": 500 + self.updates, "date": date, "chat": where, "from": user(who)} | more

    async def deliver(self) -> None:
        """Carry out all that is queued; effects of the kinds in `refusing` are refused."""
        while True:
            async with self.services.transaction("due") as tx:
                due = await tx.outbox.due()
            if not due:
                return
            for queued in due:
                await self._carry(queued)

    async def _carry(self, queued: Any) -> None:
        effect, refusal = queued.effect, self.refusing.get(type(queued.effect))
        self.effects.append(effect)
        if isinstance(effect, Tell | Revise | TellGroup) and refusal is None:
            to = effect.chat_id if isinstance(effect, TellGroup) else effect.to
            text = without_markup(render(effect, self.services.texts).text)
            self.shown.setdefault(to, {})[effect.text] = text
            self.buttons[to] = [press for row in effect.rows for press in row] + self.buttons.get(to, [])
        data = {"link": f"https://t.me/+made{queued.id}"} if isinstance(effect, MakeJoinLink) else {}
        async with self.services.transaction("carried") as tx:
            if refusal is None:
                await tx.outbox.sent(queued.id, queued.id + 1000)
                await follow_up(queued, SENT, Carried(queued.id + 1000, data), tx=tx, services=self.services)
            else:
                await tx.outbox.refused(queued.id, refusal)
                await follow_up(queued, REFUSED, Carried(refusal=refusal), tx=tx, services=self.services)

    async def tap(self, who: int, label: str) -> str:
        """Press the newest button of this label that somebody was shown; the key of the answer."""
        return await self.press(who, next(press for press in self.buttons[who] if press.label == label))

    async def press(self, who: int, press: Press) -> str:
        """Press a button; the key of the answer, or the name of the refusal."""
        self.clock.advance(seconds=1)
        try:
            async with self.services.transaction("peek") as tx:
                found = await tx.buttons.find(press.handle, who)
            action = ACTIONS[found.action]
            seen = await action.look(found, self.services) if action.look else None
            async with self.services.transaction("press") as tx:
                answer = await action.run(found, tx=tx, services=self.services, seen=seen)
        except StorageError as refusal:
            return type(refusal).__name__
        await self.deliver()
        return answer

    async def answer(self, who: int, text: str) -> None:
        """Answer the open question in private."""
        self.clock.advance(seconds=1)
        async with self.services.transaction("answer") as tx:
            prompt = await tx.prompts.open_for(who)
            assert prompt is not None
            await tx.prompts.close(who)
            await ANSWERS[prompt.kind].run(prompt, text, tx=tx, services=self.services, seen=None)
        await self.deliver()

    async def sweep(self, **later: float) -> None:
        """Let time pass and the sweeps look."""
        self.clock.advance(**later)
        await leave_unanswered_groups(self.services)
        await watch_closures(self.services)
        await self.deliver()

    def told(self, who: int, text: str) -> str:
        """What somebody was shown under a text key; an empty string if nothing."""
        return self.shown.get(who, {}).get(text, "")

    def carried(self, kind: type[Any]) -> list[Any]:
        """All effects of a kind that were tried, in order."""
        return [effect for effect in self.effects if isinstance(effect, kind)]


@asynccontextmanager
async def groupwork(folder: Path, *enrolled: int, **settings: Any) -> AsyncIterator[Groupwork]:
    """A school whose people are on the roster; those named have an account."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'groups.db'}", MasterKey.from_base64("A" * 43 + "="))
    clock, telegram = StandingClock(datetime(2026, 9, 7, 8, 0, tzinfo=UTC)), FakeTelegram()
    services = made_services(store, clock, bot=cast(Bot, telegram), **settings)
    try:
        async with services.transaction("found") as tx:
            school = await tx.schools.add("Oakfield Primary")
            people = {}
            for account, role in _ROLES.items():
                roles = frozenset({role, Role.PARENT} if role is Role.CLASS_REP else {role})
                in_class = TITLE if role in (Role.CLASS_REP, Role.PARENT) else ""
                made = await tx.people.add(school_id=school.id, name=f"The {role}", roles=roles, school_class=in_class)
                if account in enrolled:
                    code, _ = await tx.people.issue_code(made.id, timedelta(days=1))
                    await tx.people.bind(code, account)
                people[account] = await tx.people.get(made.id)
        yield Groupwork(services, clock, telegram, people, school.id)
    finally:
        await store.close()
