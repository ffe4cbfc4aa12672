"""The bot's handlers in this process, from a raw update through the door to what is queued; Telegram is a script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from telegram import Bot, ChatPermissions, Update
from telegram.ext import Application

from bot.door.receiving import receive
from bot.handlers import register
from bot.runtime.carrying import Carrier
from bot.services import Services
from moderation.effects import Effect, Revise, Tell
from moderation.records import Group, GroupMode, GroupStatus, Person
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.store import Store
from tests.support.scripted_telegram import Answer, ScriptedTelegram
from tests.support.services import StandingClock, made_services

CHAT = -1001
HEAD, OFFICE, PARENT, STRANGER = 7, 8, 9, 99
_ME = {"id": 1, "is_bot": True, "first_name": "Schoolgate", "username": "oakfield_bot"}
#: What Telegram says of somebody beside the status.
_RIGHTS: dict[str, dict[str, Any]] = {
    "creator": {"is_anonymous": False},
    "restricted": {
        "is_member": True,
        "until_date": 0,
        **dict.fromkeys(ChatPermissions.all_permissions().to_dict(), False),
    },
}
_COMMAND = {"type": "bot_command", "offset": 0}


@dataclass
class Counter:
    """The bot behind its counter, and the people before it."""

    services: Services
    clock: StandingClock
    telegram: ScriptedTelegram
    application: Any
    school_id: str
    failures: list[str] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def arrive(self, **content: Any) -> None:
        """One update, through the door and the handlers."""
        raw = {"update_id": next(self.numbers), **content}
        async with self.services.transaction("receive") as tx:
            await tx.inbox.put([await receive(raw, tx=tx, services=self.services)])
        async with self.services.transaction("look") as tx:
            received = next(one for one in await tx.inbox.due() if one.update_id == raw["update_id"])
        await self.application.process_update(Update.de_json(dict(received.payload), self.services.bot))
        assert self.failures == []

    async def write(self, by: int, text: str, *, chat: int | None = None, **more: Any) -> None:
        """A message; a command is marked as Telegram marks it."""
        place = {"id": chat, "type": "supergroup", "title": "Willow"} if chat else {"id": by, "type": "private"}
        message = {"message_id": 5, "date": 1, "chat": place, "from": user(by), "text": text, **more}
        if text.startswith("/"):
            message["entities"] = [{**_COMMAND, "length": len(text.split(maxsplit=1)[0])}]
        await self.arrive(message=message)

    async def ask_to_join(self, by: int) -> None:
        """A join request."""
        chat = {"id": CHAT, "type": "supergroup", "title": "Willow"}
        await self.arrive(chat_join_request={"chat": chat, "from": user(by), "user_chat_id": by, "date": 1})

    async def member(self, who: int, old: str, new: str, *, is_bot: bool = False) -> None:
        """Somebody's membership changes."""
        chat = {"id": CHAT, "type": "supergroup", "title": "Willow"}
        states = {
            f"{when}_chat_member": {"user": user(who, is_bot=is_bot), "status": status, **_RIGHTS.get(status, {})}
            for when, status in (("old", old), ("new", new))
        }
        await self.arrive(chat_member={"chat": chat, "from": user(HEAD), "date": 1, **states})

    async def tap(self, by: int, label: str) -> str:
        """Press a button by its label's text key; what Telegram is told to show."""
        presses = [press for one in await self.queued(by) for row in one.rows for press in row]
        handle = next(press.handle for press in reversed(presses) if press.label == label)
        await self.arrive(callback_query={"id": "1", "from": user(by), "chat_instance": "", "data": f"h:{handle}"})
        return str(self.telegram.named("answerCallbackQuery")[-1].get("text", ""))

    async def effects(self) -> list[Effect]:
        """All that is still to be carried out."""
        async with self.services.transaction("look") as tx:
            waiting: list[Effect] = [one.effect for one in await tx.outbox.due()]
        return waiting

    async def queued(self, to: int) -> list[Tell | Revise]:
        """What an account is to be told or shown anew."""
        return [one for one in await self.effects() if isinstance(one, Tell | Revise) and one.to == to]

    async def told(self, to: int) -> list[str]:
        """The text keys of it."""
        return [one.text for one in await self.queued(to)]

    async def deliver(self) -> None:
        """Carry out all that is due."""
        while await Carrier(self.services).carry_due():
            pass

    async def letter(self, name: str, *roles: Role, school_id: str = "") -> tuple[Person, str]:
        """Register somebody; the person and their code."""
        async with self.services.transaction("letter") as tx:
            person = await tx.people.add(school_id=school_id or self.school_id, name=name, roles=frozenset(roles))
            code, _ = await tx.people.issue_code(person.id, self.services.settings.code_lifetime)
        return person, code

    async def bound(self, account: int, *roles: Role) -> Person:
        """Somebody who has used their code, and no more."""
        person, code = await self.letter(f"Person {account}", *roles)
        async with self.services.transaction("bind") as tx:
            found = (await tx.people.bind(code, account)).person
        assert found is not None
        assert found.id == person.id
        return found

    async def group(
        self, status: GroupStatus = GroupStatus.SANCTIONED, mode: GroupMode | None = GroupMode.GATED
    ) -> Group:
        """The class group."""
        async with self.services.transaction("group") as tx:
            made = await tx.groups.add(
                school_id=self.school_id, chat_id=CHAT, title="Willow", is_supergroup=True, added_by=HEAD
            )
            return await tx.groups.change(made.id, status=status, mode=mode)


def user(account: int, *, is_bot: bool = False) -> dict[str, Any]:
    """An account as Telegram sends it."""
    return {"id": account, "is_bot": is_bot, "first_name": "Somebody"}


@asynccontextmanager
async def counter(tmp_path: Path, **settings: Any) -> AsyncIterator[Counter]:
    """A school with nobody in it yet, and the bot's handlers."""
    clock, telegram = StandingClock(), ScriptedTelegram()
    store = await Store.open(
        f"sqlite+aiosqlite:///{tmp_path / 'schoolgate.db'}", MasterKey.generate_file(tmp_path / "key")
    )
    telegram.next("getMe", Answer(_ME))
    bot = Bot("1:test", request=telegram, get_updates_request=ScriptedTelegram())
    services = made_services(store, clock, bot=bot, **settings)
    application = Application.builder().bot(bot).updater(None).build()
    application.bot_data["services"] = services
    register(application)
    await application.initialize()
    async with services.transaction("school") as tx:
        school = await tx.schools.add("Oakfield Primary")
    made = Counter(services, clock, telegram, application, school.id)

    async def note(_update: object, context: Any) -> None:
        made.failures.append(repr(context.error))

    application.add_error_handler(note)
    try:
        yield made
    finally:
        await application.shutdown()
        await store.close()
