"""Three days in steps, which between them come to every commit and every call of journeys 2 to 7."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from tests.support.alerts import ABUSE, WORRY
from tests.support.crashing import Script, Step
from tests.support.journey import (
    BOT_RIGHTS,
    DSL,
    HEAD,
    OFFICE,
    OTHER,
    PARENT,
    REP,
    STRANGER,
    Day,
)

Act = Callable[[Day], Awaitable[Any]]
NEWCOMER = "Ewa Kowalska"
GRIEVANCE = "£40 for a trip is a joke, what do they do with our money?"
LONG = (ABUSE + " <&> you are pathetic & stupid 🙂 " + "you are pathetic & stupid 🙂 " * 200)[:3900]


def enrols(name: str) -> Act:
    return lambda day: day.enrol(name)


def presses(name: str, label: str) -> Act:
    return lambda day: day.press(name, label)


def writes(name: str, text: str) -> Act:
    return lambda day: day.write_privately(name, text)


def says(name: str, text: str) -> Act:
    return lambda day: day.say(name, text)


def step(words: str, do: Act, *at: str, calls: tuple[str, ...] = (), hears: tuple[str, str] | None = None) -> Step:
    """A step, with the transactions at which it is killed."""
    return Step(words, do, at, calls, hears)


async def adds_bot(day: Day) -> None:
    await day.act(REP, "add_bot", chat=day.group)


async def promotes_bot(day: Day) -> None:
    rights = dict.fromkeys(BOT_RIGHTS, True)
    await day.act(REP, "promote", chat=day.group, user=day.rehearsal.world.bot.id, rights=rights)


async def types_code(day: Day) -> None:
    """The office types the code of its letter instead of opening the link."""
    await day.act(OFFICE, "start")
    await day.write_privately(OFFICE, day.links[OFFICE].partition("start=")[2])


def asks_to_join(name: str) -> Act:
    async def do(day: Day) -> None:
        letters = " ".join(letter["text"] or "" for letter in await day.letters(HEAD))
        link = re.search(r"https?://t\.me/\+\S+", letters)
        assert link, letters
        await day.act(name, "open", link=link.group())

    return do


async def makes_link(day: Day) -> None:
    """The class rep makes a link of her own, by which people ask to join."""
    await day.act(REP, "create_link", chat=day.group, requests=True)


async def finds_link(day: Day) -> None:
    """A stranger has the class rep's link."""
    links = [link for link in day.rehearsal.world.chats[day.group].links if link.creator == day.id_of(REP)]
    await day.act(STRANGER, "open", link=links[-1].url)


async def sends_photo(day: Day) -> None:
    await day.act(PARENT, "photo", chat=day.id_of(PARENT))


def lifts(**changed: bool) -> Act:
    """An admin gives some permissions back, and a minute or two pass."""

    async def do(day: Day) -> None:
        await day.act(REP, "set_permissions", chat=day.group, permissions=changed)
        await day.rehearsal.advance(3600)

    return do


def later(seconds: float) -> Act:
    return lambda day: day.rehearsal.advance(seconds)


JOINING = Script(
    (
        step("the headteacher opens her letter", enrols(HEAD), "start", calls=("sendMessage",)),
        step("the class rep adds the bot", adds_bot, "bot moved", calls=("sendMessage",)),
        step("she makes it an admin", promotes_bot, "receive"),
        step(
            "the gate is kept", presses(HEAD, "group.gated_button"), "press sanction", calls=("createChatInviteLink",)
        ),
        step("a parent opens a letter", enrols(PARENT), "receive", calls=("sendMessage",)),
        step("agrees to the code", presses(PARENT, "code.agree"), "press code.agree", calls=("editMessageText",)),
        step("consents", presses(PARENT, "consent.yes"), "press consent.answer", calls=("answerCallbackQuery",)),
        step("reads the code", writes(PARENT, "/code"), "command code"),
        step("looks at the consent", writes(PARENT, "/consent"), "command consent"),
        step("reads the notice", presses(PARENT, "consent.read"), "press consent.read"),
        step("withdraws", writes(PARENT, "/withdraw"), "command withdraw", calls=("sendMessage",)),
        step("looks again", writes(PARENT, "/consent")),
        step("asks for help", writes(PARENT, "/help"), "carried"),
        step("sends a photo in private", sends_photo, "lost"),
        step(
            "asks for help in the group",
            says(PARENT, "/help"),
            "command show_help in a group",
            calls=("deleteMessage",),
        ),
        step("the office types its code", types_code, "code"),
        step("a newcomer asks to join", asks_to_join(NEWCOMER), "join request", calls=("sendMessage",)),
        step("opens the letter", enrols(NEWCOMER), "carried"),
        step("agrees, and is let in", presses(NEWCOMER, "code.agree"), "came in", calls=("approveChatJoinRequest",)),
        step("declines to be read", presses(NEWCOMER, "consent.no"), "press consent.answer"),
        step("a stranger asks to join", asks_to_join(STRANGER), "join request"),
        step(
            "has no letter", presses(STRANGER, "join.no_link"), "press join.no_link", calls=("declineChatJoinRequest",)
        ),
        step("the headteacher counts", writes(HEAD, "/groups"), "groups", calls=("sendMessage",)),
    )
)

READING = Script(
    (
        step("the headteacher opens her letter", enrols(HEAD)),
        step("the safeguarding lead opens hers", enrols(DSL)),
        step("the class rep adds the bot", adds_bot),
        step("she makes it an admin", promotes_bot),
        step("the group is open", presses(HEAD, "group.open_button"), "press sanction", calls=("pinChatMessage",)),
        *(
            one
            for name in (PARENT, OTHER)
            for one in (
                step(f"{name} opens a letter", enrols(name)),
                step(f"{name} agrees", presses(name, "code.agree")),
                step(f"{name} consents", presses(name, "consent.yes")),
            )
        ),
        step("somebody chats", says(PARENT, "Does anyone have a spare PE top in size 7-8?"), "settle"),
        step("somebody complains", says(PARENT, GRIEVANCE), "read", calls=("sendMessage",)),
        step("somebody is abusive", says(PARENT, ABUSE), "read", calls=("sendMessage",)),
        step("it is a mistake, they say", presses(PARENT, "author.mistake_button"), "press mistake"),
        step("no breach, it is", presses(HEAD, "decide.no_breach"), "press decide", calls=("editMessageText",)),
        step(
            "because it was banter",
            presses(HEAD, "reasons.no_breach.banter.label"),
            "press decide_reason",
            calls=("sendMessage",),
        ),
        step("another is abusive", says(OTHER, ABUSE.replace("Tom", "Priya")), "carried", calls=("sendMessage",)),
        step("advice, it is", presses(HEAD, "decide.private_advice")),
        step("in her own words", presses(HEAD, "decide.type_own"), "press decide_type"),
        step(
            "she types them", writes(HEAD, "I rang; all is well."), "answer decide_reason", calls=("editMessageText",)
        ),
        step("somebody worries", says(PARENT, WORRY), "receive", calls=("sendMessage",)),
        step("the safeguarding lead sees to it", presses(DSL, "concern.take"), "press take"),
        step("somebody writes at length", says(PARENT, LONG), "read"),
        step("she reads it all", presses(HEAD, "alert.show_whole"), "press whole", calls=("sendMessage",)),
        step("the group is to close", presses(HEAD, "decide.close_group"), "press decide"),
        step("she is sure", presses(HEAD, "decide.confirm")),
        step(
            "to calm things down",
            presses(HEAD, "reasons.close_group.calm.label"),
            "press decide_reason",
            calls=("setChatPermissions",),
        ),
    )
)

CLOSING = Script(
    (
        step("the headteacher opens her letter", enrols(HEAD)),
        step("the class rep opens hers", enrols(REP)),
        step("she adds the bot", adds_bot),
        step("she makes it an admin", promotes_bot),
        step("the gate is kept", presses(HEAD, "group.gated_button"), "carried"),
        step("the class rep makes a link of her own", makes_link),
        step("the headteacher may close", writes(HEAD, "/close"), "close"),
        step("this group", presses(HEAD, "closing.group_button"), "press close_choose", calls=("editMessageText",)),
        step("in her own words", presses(HEAD, "closing.type_button"), "press close_type"),
        step("she types them", writes(HEAD, "Two parents were named."), "answer close_reason"),
        step("she thinks again", presses(HEAD, "closing.cancel_button"), "press close_cancel"),
        step("she does want to close", writes(HEAD, "/close")),
        step("this group, then", presses(HEAD, "closing.group_button")),
        step("since it goes on", presses(HEAD, "closing.reason_continuing"), "press close_reason"),
        step(
            "she confirms",
            presses(HEAD, "closing.confirm_button"),
            "press close_confirm",
            calls=("revokeChatInviteLink",),
        ),
        step("somebody asks to join", finds_link, "note a join request", calls=("declineChatJoinRequest",)),
        step("an admin writes on", says(REP, "Still here"), "note a group message"),
        step("she lets that be", presses(HEAD, "watch.keep_button"), "press watch_keep"),
        step(
            "an admin lifts it",
            lifts(can_send_messages=True),
            "watch a closure",
            calls=("sendMessage",),
            hears=(HEAD, "watch.lifted"),
        ),
        step(
            "she closes again", presses(HEAD, "watch.again_button"), "press close_again", calls=("setChatPermissions",)
        ),
        step("she opens", writes(HEAD, "/reopen"), "reopen"),
        step(
            "this group", presses(HEAD, "reopening.group_button"), "press reopen_group", calls=("setChatPermissions",)
        ),
        step("the class rep closes", says(REP, "/close"), "close in group", calls=("deleteMessage",)),
        step("she says why", writes(REP, "Somebody posts numbers."), "answer rep_reason"),
        step("it is confirmed", presses(HEAD, "closing.confirm_rep_button"), "press rep_confirm"),
        step("an admin lifts that", lifts(can_send_messages=True), hears=(HEAD, "watch.lifted")),
        step("and it stays open", presses(HEAD, "watch.open_button"), "press watch_open", calls=("unpinChatMessage",)),
        step("the class rep closes again", says(REP, "/close"), "carried", calls=("setChatPermissions",)),
        step("and opens", says(REP, "/reopen"), "reopen in group", calls=("createChatInviteLink",)),
        step("and closes once more", says(REP, "/close")),
        step("which is lifted", presses(HEAD, "closing.lift_rep_button"), "press rep_lift", calls=("sendMessage",)),
    )
)

DAYS = {"joining": JOINING, "reading": READING, "closing": CLOSING}

#: The shortest day that comes to each kind of point once.
SHORT = Script(
    tuple(
        Step(one.words, one.do, one.at if number >= 10 else (), one.calls if number >= 10 else ())
        for number, one in enumerate(READING.steps[:18])
    )
)
