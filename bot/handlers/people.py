"""In private: the one-time code, the code of conduct, and consent to be read."""

import re
from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.gate import gate_of
from bot.handlers.pressing import Action, void
from bot.menu import offer_commands_to
from bot.papers import papers_of
from bot.services import Services, services_of
from moderation.effects import Tell
from moderation.records import CodeUse, Person
from moderation.usecases import agreeing, joining, sanctioning
from moderation.usecases.binding import use_code
from storage.buttons import Pressed
from storage.store import Transaction

#: A one-time code as the door keeps it (storage.crypto.canonical_code).
CODE = re.compile(r"^[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){6}$")

#: The payload of links that lead to the bot without a code.
JOIN = "join"


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """`/start`, alone or with the payload of a link: a one-time code, or "join"."""
    user = update.effective_user
    if user is None:
        return
    services, payload = services_of(context), (context.args or [""])[0]
    bound: Person | None = None
    async with services.handling(update, "start") as tx:
        await tx.people.set_blocked(user.id, blocked=False)
        key = f"start:{update.update_id}"
        if payload not in ("", JOIN):
            bound = await _code(payload, user.id, key, tx=tx, services=services)
        else:
            await _greet(user.id, key, asked_to_join=payload == JOIN, tx=tx, services=services)
    if bound is not None:
        await offer_commands_to(bound, services)


async def typed_code(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A one-time code, typed or pasted alone."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None or not message.text:
        return
    services = services_of(context)
    async with services.handling(update, "code") as tx:
        bound = await _code(message.text, user.id, f"start:{update.update_id}", tx=tx, services=services)
    if bound is not None:
        await offer_commands_to(bound, services)


async def _code(code: str, telegram_id: int, key: str, *, tx: Transaction, services: Services) -> Person | None:
    binding = await use_code(
        code, telegram_id, people=tx.people, outbox=tx.outbox, schools=tx.schools, now=tx.now, key=key
    )
    if binding is None:
        return None
    gate = gate_of(tx, services)
    if binding.person is None:
        await joining.count_failed_code(telegram_id, gate=gate)
        return None
    person = binding.person
    asked = "" if binding.use is CodeUse.BOUND else key
    await agreeing.next_step(person, papers=gate.papers, consents=tx.consents, outbox=tx.outbox, key=asked)
    await sanctioning.ask_waiting(person, groups=tx.groups, outbox=tx.outbox)
    await joining.admit(person, gate=gate)
    return person


async def _greet(telegram_id: int, key: str, *, asked_to_join: bool, tx: Transaction, services: Services) -> None:
    persons = await tx.people.bound_to(telegram_id)
    if not persons:
        await tx.outbox.put(Tell(telegram_id, "start.join" if asked_to_join else "start.stranger"), key=key)
    for person in persons:
        school = await tx.schools.get(person.school_id)
        hello = Tell(telegram_id, "start.hello", values={"name": person.name, "school": school.name})
        await tx.outbox.put(hello, key=f"{key}:{person.id}", school_id=person.school_id)
        await agreeing.next_step(
            person, papers=papers_of(services), consents=tx.consents, outbox=tx.outbox, key=f"{key}:{person.id}"
        )


async def _agree(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    del seen
    person, papers = await _presser(pressed, tx), papers_of(services)
    if person is None:
        return "buttons.not_yours"
    new = await agreeing.acknowledge(
        person,
        version=pressed.args["version"],
        under=pressed.bundle,
        papers=papers,
        consents=tx.consents,
        outbox=tx.outbox,
        now=tx.now,
    )
    if pressed.args["version"] != papers.code.version:
        return "code.out_of_date"
    if not new:
        return "code.already"
    await joining.admit(person, gate=gate_of(tx, services))
    await agreeing.next_step(person, papers=papers, consents=tx.consents, outbox=tx.outbox)
    return "code.thanks"


async def _answer(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    del seen
    person = await _presser(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    return await agreeing.answer_notice(
        person,
        given=pressed.args["given"] == "yes",
        version=pressed.args["version"],
        under=pressed.bundle,
        papers=papers_of(services),
        consents=tx.consents,
        inbox=tx.inbox,
        outbox=tx.outbox,
        now=tx.now,
    )


async def _read(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    del seen
    person = await _presser(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    key = f"{pressed.bundle}:{int(tx.now.timestamp())}"
    await agreeing.ask_consent(person, papers=papers_of(services), outbox=tx.outbox, key=key)
    return ""


async def _withdraw(pressed: Pressed, *, tx: Transaction, services: Services, seen: object) -> str:
    del services, seen
    person = await _presser(pressed, tx)
    if person is None:
        return "buttons.not_yours"
    await void(pressed, tx)
    await agreeing.withdraw(
        [person], consents=tx.consents, inbox=tx.inbox, outbox=tx.outbox, key=f"{pressed.bundle}:withdrawn"
    )
    return "consent.thanks"


async def _presser(pressed: Pressed, tx: Transaction) -> Person | None:
    """Whom the button was made for, if the account that pressed it is still theirs."""
    person = await tx.people.get(pressed.args["person"])
    return person if person.telegram_id == pressed.telegram_id else None


ACTIONS: Mapping[str, Action] = {
    "code.agree": Action(_agree),
    "consent.answer": Action(_answer),
    "consent.read": Action(_read),
    "consent.withdraw": Action(_withdraw),
}
