"""The world of the rehearsal: people, chats and what was written in them. Plain mutable state, no rules."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from bot.rehearsal.changes import Changes
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.permissions import ALL_PERMISSIONS
from bot.rehearsal.updates import Updates

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

#: Telegram's own accounts: automatic forwards of a linked channel, and the face of anonymous admins.
SERVICE_ID = 777000
ANONYMOUS_ID = 1087968824
#: The topic of a forum that is always there.
GENERAL_TOPIC = 1


@dataclass(slots=True)
class Person:
    """An account: a human, the bot, or one of Telegram's own."""

    id: int
    name: str
    username: str | None = None
    is_bot: bool = False
    role_label: str = ""
    note: str = ""
    letter: str | None = None
    letter_note: str = ""


@dataclass(slots=True)
class Member:
    """What one account is in one chat. ``rights`` are an admin's, ``permissions`` a restricted person's."""

    status: Status = "left"
    rights: dict[str, bool] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    until: int = 0
    anonymous: bool = False
    present: bool = True


@dataclass(slots=True)
class Link:
    """An invite link; ``url`` is whole. ``expires`` in Unix seconds, 0 for never."""

    url: str
    creator: int
    requests: bool = False
    primary: bool = False
    revoked: bool = False
    name: str | None = None
    expires: int = 0
    member_limit: int = 0
    joined: int = 0


@dataclass(slots=True)
class JoinRequest:
    """A request to join that nobody has decided yet."""

    user: int
    date: int
    link: Link | None


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the message that opened it."""

    id: int
    name: str
    closed: bool = False


@dataclass(slots=True)
class Post:
    """One message. ``content`` holds the fields that the Bot API gives a Message of its kind."""

    id: int
    chat: int
    date: int
    sender: int
    content: Json
    sender_chat: int | None = None
    reply_to: int | None = None
    quote: Json | None = None
    origin: Json | None = None
    markup: Json | None = None
    topic: int | None = None
    edited: int | None = None
    protected: bool = False
    automatic: bool = False
    service: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat with the bot (its id is the person's), a group, a supergroup or a channel."""

    id: int
    type: ChatType
    title: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=lambda: dict(ALL_PERMISSIONS))
    posts: dict[int, Post] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    forum: bool = False
    approve_new: bool = False
    migrated_to: int | None = None
    linked_channel: int | None = None
    read: dict[int, int] = field(default_factory=dict)
    #: Private chats only: the person has pressed Start; the person has blocked the bot.
    started: bool = False
    blocked: bool = False


@dataclass(slots=True)
class Query:
    """A press of an inline button, and the bot's answer once it came."""

    id: str
    user: int
    date: int
    answer: Json | None = None


@dataclass(slots=True)
class StoredFile:
    """A file that somebody sent; ``path`` is what getFile gives."""

    id: str
    unique_id: str
    path: str
    data: bytes
    mime: str


@dataclass(slots=True)
class Limits:
    """Sends that Telegram allows the bot, in messages; 0 switches a limit off."""

    group_per_minute: int = 20
    overall_per_second: int = 30


class World:
    """Everything that exists in one rehearsal."""

    def __init__(self, clock: RehearsalClock, *, bot_id: int = 7000000001, bot_name: str = "Schoolgate") -> None:
        self.clock = clock
        self.changes = Changes()
        self.updates = Updates()
        self.bot = Person(bot_id, bot_name, "schoolgate_rehearsal_bot", is_bot=True)
        self.privacy_mode = True
        self.commands: dict[str, list[Json]] = {}
        self.descriptions: dict[str, str] = {}
        self.people: dict[int, Person] = {
            bot_id: self.bot,
            SERVICE_ID: Person(SERVICE_ID, "Telegram"),
            ANONYMOUS_ID: Person(ANONYMOUS_ID, "Group", "GroupAnonymousBot", is_bot=True),
        }
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, StoredFile] = {}
        self.limits = Limits()
        self.sent: list[tuple[float, int]] = []
        self._counters: dict[int, count[int]] = {}
        self.serial = count(1)

    def add_person(self, person_id: int, name: str, username: str | None = None, **about: str) -> Person:
        """Add a human, or give an existing one another name; ``about``: role_label, note, letter, letter_note."""
        person = self.people.setdefault(person_id, Person(person_id, name))
        person.name, person.username = name, username
        for key, value in about.items():
            setattr(person, key, value)
        return person

    def humans(self) -> list[Person]:
        """Those whom one can play."""
        return [p for p in self.people.values() if not p.is_bot and p.id != SERVICE_ID]

    def private(self, user: int) -> Chat:
        """The person's private chat with the bot, which exists from the start, empty."""
        return self.chats.setdefault(user, Chat(user, "private"))

    def new_chat(self, kind: ChatType, title: str) -> Chat:
        """An empty chat with an id of the form that Telegram gives its kind."""
        number = next(self.serial)
        chat_id = -(4000000000 + number) if kind == "group" else -(1002000000000 + number)
        self.chats[chat_id] = Chat(chat_id, kind, title)
        return self.chats[chat_id]

    def member(self, chat: Chat, user: int) -> Member:
        """What ``user`` is in ``chat`` now: a restriction or a ban that has run out is gone."""
        member = chat.members.get(user)
        if member is None:
            return Member("left")
        if member.until and member.until <= self.clock.timestamp():
            back: Status = "member" if member.status == "restricted" and member.present else "left"
            chat.members[user] = member = Member(back)
        return member

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; private chats and basic groups share one counter."""
        key = chat.id if chat.type in ("supergroup", "channel") else 0
        return next(self._counters.setdefault(key, count(1)))
