"""Reading what consenting parents write in a sanctioned group: score it, then point, flag, or keep nothing."""

from dataclasses import dataclass
from datetime import timedelta

from telegram import Message, MessageOriginUser, Update
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.door.consenting import consenting_in
from bot.door.words import Grants, may_read, may_read_answered, may_read_quote
from bot.services import Services, services_of
from moderation.records import Group, Person
from moderation.usecases.flagging import Posted, act_on
from moderation.usecases.pointing import point
from moderation.vocabulary import Concern, Outcome, ReplyContext, Roster, RosterPerson, Sender, Utterance, Verdict
from storage.store import Transaction


class _HasWords(filters.MessageFilter):
    """Messages of which the door kept some words."""

    def filter(self, message: Message) -> bool:
        return bool(words_of(message))


_SAID = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE

#: New and edited messages in groups that hold words.
FILTER = filters.ChatType.GROUPS & _SAID & ~filters.COMMAND & _HasWords()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that may be read: where, by whom, what, and the school it is read for."""

    group: Group
    author: Person
    utterance: Utterance
    roster: Roster


def handler() -> "MessageHandler[ContextTypes.DEFAULT_TYPE, None]":
    """The handler of everything that is said in a group; to be registered behind the commands."""
    return MessageHandler(FILTER, read)


async def read(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Score one message and see to what follows.

    Raises:
        NotScored: it could not be scored; the inbox keeps it and it is tried again.
    """
    message = update.effective_message
    if message is None:
        return
    services = services_of(context)
    async with services.store.transaction("hear", services.clock.now()) as tx:
        heard = await hear(message, tx=tx, version=services.notice.version)
    if heard is None:
        return
    verdict = await services.screening.screen(
        heard.utterance, engine=services.engine, policy=services.policy, roster=heard.roster
    )
    if verdict.is_silent:
        return
    async with services.handling(update, "read") as tx:
        # Consent, or the group's sanction, may have ended while the message was scored.
        heard = await hear(message, tx=tx, version=services.notice.version)
        if heard is not None:
            await _follow(verdict, heard, message, tx=tx, services=services)


async def hear(message: Message, *, tx: Transaction, version: str) -> Heard | None:
    """What may be read of a message as things stand now; None if nothing may."""
    text = words_of(message)
    group = await tx.groups.by_chat(message.chat.id)
    raw = message.to_dict()
    grants = Grants(since=await consenting_in(raw, group, tx=tx, version=version))
    if not text or group is None or message.from_user is None or not may_read(raw, grants):
        return None
    author = await tx.people.by_telegram(message.from_user.id, group.school_id)
    if author is None:
        return None
    answered = await _answered(message, group, grants, tx=tx)
    school = await tx.schools.get(group.school_id)
    people = await tx.people.of_school(group.school_id)
    utterance = Utterance(text, Sender(author.name, author.roles), answered)
    return Heard(group, author, utterance, Roster(tuple(map(_registered, people)), school.name))


def words_of(message: Message) -> str:
    """All that a message says: text or caption, the question and options of a poll, a checklist."""
    said = [message.text or message.caption or ""]
    if message.poll is not None:
        poll = message.poll
        said += [poll.question, poll.description or "", *(option.text for option in poll.options)]
        said.append(poll.explanation or "")
    if message.checklist is not None:
        said += [message.checklist.title, *(task.text for task in message.checklist.tasks)]
    return "\n".join(part for part in said if part.strip())


async def _answered(message: Message, group: Group, grants: Grants, *, tx: Transaction) -> ReplyContext | None:
    """Whom a message answers, and their words if they consent as well."""
    raw = message.to_dict()
    quoted = message.quote.text if message.quote is not None and may_read_quote(raw, grants) else ""
    answered = message.reply_to_message
    if answered is not None:
        starts_topic = message.is_topic_message and answered.message_id == message.message_thread_id
        user = None if starts_topic or answered.sender_chat is not None else answered.from_user
        text = words_of(answered) if may_read_answered(raw, grants) else ""
    else:
        origin = message.external_reply.origin if message.external_reply is not None else None
        user = origin.sender_user if isinstance(origin, MessageOriginUser) else None
        text = ""
    if user is None or user.is_bot:
        return None
    person = await tx.people.by_telegram(user.id, group.school_id)
    return ReplyContext(Sender(person.name, person.roles) if person else Sender(), quoted or text)


def _registered(person: Person) -> RosterPerson:
    return RosterPerson(person.name, person.roles, person.school_class, person.children)


async def _follow(verdict: Verdict, heard: Heard, message: Message, *, tx: Transaction, services: Services) -> None:
    if verdict.outcome is Outcome.REDIRECT and verdict.concern is Concern.NONE:
        await point(
            person=heard.author,
            group_title=heard.group.title,
            how=how_to_complain(services),
            every=timedelta(hours=services.settings.pointer_hours),
            people=tx.people,
            outbox=tx.outbox,
            now=tx.now,
        )
        return
    edited = message.edit_date
    await act_on(
        verdict=verdict,
        posted=Posted(
            group=heard.group,
            author=heard.author,
            message_id=message.message_id,
            edit_mark=int(edited.timestamp()) if edited else 0,
            text=heard.utterance.text,
            written_at=message.date,
            edited=edited is not None,
        ),
        cases=tx.cases,
        people=tx.people,
        outbox=tx.outbox,
        now=tx.now,
        code=services.code,
        policy_version=services.policy.version,
        engine=f"{services.engine.name} {services.engine.version}",
    )


def how_to_complain(services: Services) -> str:
    """Where the complaints procedure is and whom to write to, as the school has set it."""
    settings = services.settings
    given = " · ".join(part for part in (settings.complaints_url, settings.complaints_contact) if part)
    return given or services.texts.plain("pointer.ask_office")
