"""Commands that everybody may send: in private they are answered, in a group taken out of everybody's way first."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.gate import office_of
from bot.papers import papers_of
from bot.services import Services, services_of
from moderation.effects import DeleteMessage, Tell
from moderation.records import GroupStatus, Person
from moderation.usecases import agreeing, standing
from moderation.usecases.rights import governs
from moderation.vocabulary import Role
from storage.store import Transaction

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sent a command: the account, whom it is bound to, and what makes the answer one of a kind."""

    telegram_id: int
    persons: Sequence[Person]
    key: str


Run = Callable[[Asker, Transaction, Services], Awaitable[None]]


def in_private(run: Run) -> Handler:
    """The handler that answers a command in private."""

    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        if user is None:
            return
        services = services_of(context)
        async with services.handling(update, f"command {run.__name__}") as tx:
            asker = Asker(user.id, await tx.people.bound_to(user.id), f"command:{update.update_id}")
            await run(asker, tx, services)

    return handler


def in_group(run: Run) -> Handler:
    """The handler that takes a command out of a group, and answers in private whoever has opened the bot."""

    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.chat.type == ChatType.PRIVATE:
            return
        services = services_of(context)
        async with services.handling(update, f"command {run.__name__} in a group") as tx:
            group = await tx.groups.by_chat(message.chat.id)
            if group is None or group.status is not GroupStatus.SANCTIONED:
                return
            taken = DeleteMessage(message.chat.id, message.message_id)
            key = f"command:{update.update_id}"
            await tx.outbox.put(taken, key=f"{key}:taken", school_id=group.school_id)
            persons = await _who(message, user.id, group.school_id, tx)
            if persons:
                await run(Asker(user.id, persons, key), tx, services)

    return handler


async def _who(message: Message, telegram_id: int, school_id: str, tx: Transaction) -> list[Person]:
    # An anonymous admin writes as the group: nobody in particular.
    if message.sender_chat is not None:
        return []
    person = await tx.people.by_telegram(telegram_id, school_id)
    return [person] if person is not None and not person.bot_blocked else []


async def code(asker: Asker, tx: Transaction, services: Services) -> None:
    """`/code`: the code of conduct, and when it was acknowledged."""
    papers = papers_of(services)
    if not asker.persons:
        await tx.outbox.put(Tell(asker.telegram_id, "code.shown", {"code": papers.code.text}), key=asker.key)
    for person in asker.persons:
        await standing.show_code(
            person, papers=papers, consents=tx.consents, outbox=tx.outbox, key=f"{asker.key}:{person.id}"
        )


async def consent(asker: Asker, tx: Transaction, services: Services) -> None:
    """`/consent`: where one stands, and the choice."""
    if not asker.persons:
        await tx.outbox.put(Tell(asker.telegram_id, "consent.stranger"), key=asker.key)
    for person in asker.persons:
        await standing.show_consent(
            person,
            papers=papers_of(services),
            consents=tx.consents,
            outbox=tx.outbox,
            controller=_controller(services),
            key=f"{asker.key}:{person.id}",
        )


async def withdraw(asker: Asker, tx: Transaction, services: Services) -> None:
    """`/withdraw`: at once."""
    if not asker.persons:
        await tx.outbox.put(Tell(asker.telegram_id, "consent.stranger"), key=asker.key)
    await agreeing.withdraw(asker.persons, consents=tx.consents, inbox=tx.inbox, outbox=tx.outbox, key=asker.key)


async def show_help(asker: Asker, tx: Transaction, services: Services) -> None:
    """`/help`: what one can do here, by role."""
    texts = dict.fromkeys(text for person in asker.persons for text in _help_of(person)) or {"help.stranger": None}
    for number, text in enumerate(texts):
        help_ = Tell(asker.telegram_id, text, {"contact": office_of(services)})
        await tx.outbox.put(help_, key=f"{asker.key}:{number}")


async def lost(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Anything else in private, an unknown command too: the short list of what can be done, once a minute at most."""
    user = update.effective_user
    if user is None:
        return
    services = services_of(context)
    async with services.handling(update, "lost") as tx:
        key = f"lost:{user.id}:{tx.now:%Y%m%d%H%M}"
        await show_help(Asker(user.id, await tx.people.bound_to(user.id), key), tx, services)


def _help_of(person: Person) -> Sequence[str]:
    if governs(person):
        return ("help.headteacher",)
    if person.is_staff:
        return ("help.staff",)
    if Role.CLASS_REP in person.roles:
        return ("help.parent", "help.class_rep")
    return ("help.parent",)


def _controller(services: Services) -> str:
    settings = services.settings
    if not settings.controller:
        return office_of(services)
    return services.texts.plain(
        "consent.controller", controller=settings.controller, contact=settings.data_protection_contact
    )


#: Answered in private.
COMMANDS: Mapping[str, Run] = {"help": show_help, "code": code, "consent": consent, "withdraw": withdraw}

#: Taken out of a group; /close and /reopen have handlers of their own there.
IN_GROUPS: Mapping[str, Run] = {**COMMANDS, "start": show_help, "groups": show_help}
