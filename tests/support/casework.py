"""A school in this process with its case workers on their phones: flag a message, deliver what is queued, press."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.handlers.deciding import ACTIONS, ANSWERS
from bot.handlers.looking import GroupSeen
from bot.rendering.alerts import render_alert
from bot.rendering.messages import Outgoing, render
from bot.runtime.followups import follow_up
from bot.runtime.performing import Carried
from bot.services import Services
from config.markup import without_markup
from moderation.effects import Alert, Effect, Press, Revise, ReviseAlert, Tell
from moderation.records import Case, CaseStep, Group, GroupStatus, Person
from moderation.usecases.flagging import Posted, act_on
from moderation.vocabulary import Clause, Concern, Meant, Outcome, Role, Severity, Span, Target, Verdict
from storage.crypto import MasterKey
from storage.errors import StorageError
from storage.outbox import REFUSED, SENT
from storage.store import Store, Transaction
from tests.support.services import StandingClock, made_services

CHAT = -1001
SEEN = GroupSeen(reachable=True, permissions={"can_send_messages": True, "can_send_polls": False})
ACCOUNTS: Mapping[str, int] = {"head": 101, "deputy": 102, "dsl": 103, "chair": 104, "office": 105, "author": 106}
_ROLES: Mapping[str, Role] = {
    "head": Role.HEADTEACHER,
    "deputy": Role.DEPUTY,
    "dsl": Role.DSL,
    "chair": Role.CHAIR,
    "office": Role.OFFICE,
    "author": Role.PARENT,
}
RUDE = "Tom, you are a useless idiot and everyone knows"


def verdict(
    *,
    outcome: Outcome = Outcome.FLAG,
    clauses: tuple[Clause, ...] = (Clause.ABUSE_TO_PARENT,),
    severity: Severity = Severity.ABUSIVE,
    concern: Concern = Concern.NONE,
    about_head: bool = False,
    to_head: bool = False,
) -> Verdict:
    """A verdict on `RUDE`: abuse of another parent unless something else is said."""
    head = about_head or to_head
    meant = Meant(Target.HEADTEACHER if head else Target.PARENT, "roster", about_head, to_head)
    at = RUDE.index("useless")
    evidence = (Span(at, at + 7, "useless", 0.6),)
    return Verdict(outcome, clauses, severity, concern, 0.82, meant=meant, evidence=evidence)


def worry(concern: Concern = Concern.CHILD) -> Verdict:
    """A concern on a message that breaks nothing."""
    return verdict(outcome=Outcome.OK, clauses=(), severity=Severity.NONE, concern=concern)


@dataclass
class Phone:
    """What one account has been sent, by outbox key: the newest rendering and the buttons under it."""

    shown: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, list[Press]] = field(default_factory=dict)

    def labels(self) -> list[str]:
        """The label keys of all buttons that are shown."""
        return [press.label for presses in self.buttons.values() for press in presses]


@dataclass
class Casework:
    """The school's services, its people by name, and their phones."""

    services: Services
    clock: StandingClock
    group: Group
    people: dict[str, Person]
    phones: dict[int, Phone] = field(default_factory=dict)
    sent: list[Effect] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)

    async def do(self, what: Callable[[Transaction], Any]) -> Any:
        """What a function makes of a transaction."""
        async with self.services.transaction("test") as tx:
            return await what(tx)

    async def flag(self, found: Verdict | None = None, *, text: str = RUDE, message: int = 7, edit: int = 0) -> Any:
        """Act on a verdict about a message of the author's; the case, or None."""
        posted = Posted(self.group, self.people["author"], message, edit, text, self.clock.now(), bool(edit))
        return await self.do(
            lambda tx: act_on(
                verdict=found or verdict(),
                posted=posted,
                cases=tx.cases,
                people=tx.people,
                outbox=tx.outbox,
                now=tx.now,
                code=self.services.code,
                policy_version="1",
                engine="words 1",
            )
        )

    async def deliver(self) -> None:
        """Carry out all that is queued; those in `refusing` have blocked the bot."""
        while due := await self.do(lambda tx: tx.outbox.due()):
            for queued in due:
                await self._carry(queued)

    async def _carry(self, queued: Any) -> None:
        effect = queued.effect
        refused = next((n for n in self.refusing if ACCOUNTS[n] == getattr(effect, "to", None)), None)
        if refused is None and isinstance(effect, Tell | Revise | Alert | ReviseAlert):
            await self._show(queued.key, effect)
        async with self.services.transaction("carried") as tx:
            if refused is None:
                await tx.outbox.sent(queued.id, queued.id + 1000)
                await follow_up(queued, SENT, Carried(queued.id + 1000), tx=tx, services=self.services)
            else:
                await tx.outbox.refused(queued.id, "Forbidden")
                carried = Carried(refusal="Forbidden", blocked=True)
                await follow_up(queued, REFUSED, carried, tx=tx, services=self.services)

    async def _show(self, key: str, effect: Tell | Revise | Alert | ReviseAlert) -> None:
        phone = self.phones.setdefault(effect.to, Phone())
        place = effect.sent if isinstance(effect, Revise | ReviseAlert) else key
        made = await self.rendered(effect)
        self.sent.append(effect)
        phone.shown[place] = without_markup(made.text)
        phone.buttons[place] = [press for row in effect.rows for press in row]

    async def rendered(self, effect: Tell | Revise | Alert | ReviseAlert) -> Outgoing:
        """What Telegram would be sent."""
        if isinstance(effect, Alert | ReviseAlert):
            return await render_alert(effect, self.services)
        return render(effect, self.services.texts)

    def phone(self, name: str) -> Phone:
        """What somebody's phone shows."""
        return self.phones.setdefault(ACCOUNTS[name], Phone())

    def shown(self, name: str, key: str = "") -> str:
        """The newest message whose outbox key starts so."""
        found = [text for place, text in self.phone(name).shown.items() if place.startswith(key)]
        return found[-1] if found else ""

    def button(self, name: str, label: str) -> Press:
        """The button with this label key on somebody's phone, wherever it is."""
        presses = [press for buttons in self.phone(name).buttons.values() for press in buttons]
        return next(press for press in reversed(presses) if press.label == label)

    async def tap(self, name: str, label: str, *, seen: GroupSeen | None = SEEN) -> str:
        """Press a button that the phone shows and deliver what follows; the key of the answer."""
        return await self.press(name, self.button(name, label), seen=seen)

    async def press(self, name: str, press: Press, *, seen: GroupSeen | None = SEEN) -> str:
        """Press a button, be it still shown or not; the key of the answer, or the name of the refusal."""
        self.clock.advance(seconds=1)
        try:
            async with self.services.transaction("press") as tx:
                found = await tx.buttons.find(press.handle, ACCOUNTS[name])
                answer = await ACTIONS[found.action].run(found, tx=tx, services=self.services, seen=seen)
        except StorageError as refusal:
            return type(refusal).__name__
        await self.deliver()
        return str(answer)

    async def type(self, name: str, text: str, *, seen: GroupSeen | None = SEEN) -> None:
        """Answer the open question in private and deliver what follows."""
        async with self.services.transaction("answer") as tx:
            prompt = await tx.prompts.open_for(ACCOUNTS[name])
            assert prompt is not None
            await tx.prompts.close(ACCOUNTS[name])
            await ANSWERS[prompt.kind].run(prompt, text, tx=tx, services=self.services, seen=seen)
        await self.deliver()

    async def case(self, case: Case) -> Case:
        """The case as it now stands."""
        found: Case = await self.do(lambda tx: tx.cases.get(case.id))
        return found

    async def steps(self, case: Case) -> list[CaseStep]:
        """Its history."""
        found: list[CaseStep] = await self.do(lambda tx: tx.cases.history(case.id))
        return found

    async def bind(self, name: str) -> None:
        """Somebody opens their letter."""
        person = self.people[name]

        async def open_letter(tx: Transaction) -> Person:
            code, _ = await tx.people.issue_code(person.id, self.services.settings.code_lifetime)
            await tx.people.bind(code, ACCOUNTS[name])
            return await tx.people.get(person.id)

        self.people[name] = await self.do(open_letter)


@asynccontextmanager
async def casework(folder: Path, *names: str, **roles: frozenset[Role]) -> AsyncIterator[Casework]:
    """A school where these people have opened their letters (everybody if none is named).

    `roles` gives somebody other roles than their name says.
    """
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'cases.db'}", MasterKey.from_base64("A" * 43 + "="))
    clock = StandingClock()
    services = made_services(store, clock)
    try:
        async with services.transaction("found") as tx:
            school = await tx.schools.add("Oakfield Primary")
            people = {
                name: await tx.people.add(
                    school_id=school.id, name=f"The {name}", roles=roles.get(name, frozenset({_ROLES[name]}))
                )
                for name in ACCOUNTS
            }
            group = await tx.groups.add(
                school_id=school.id, chat_id=CHAT, title="Willow (Year 3)", is_supergroup=True, added_by=1
            )
            group = await tx.groups.change(group.id, status=GroupStatus.SANCTIONED)
        work = Casework(services, clock, group, people)
        for name in dict.fromkeys(names or ACCOUNTS):
            await work.bind(name)
        yield work
    finally:
        await store.close()
