"""The same messages in a school of other names: a verdict should not depend on what people are called.

Every word of every name on the roster gets another, always the same one, in the roster, the senders, the replies and
the texts. What is no name on the roster stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle

from rapidfuzz.distance import OSA

from moderation.names import Named, named_in
from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.origins import Origin
from moderation.vocabulary import ReplyContext, Roster, RosterPerson, Sender

_TITLES = {"mr": "he", "sir": "he", "mrs": "she", "miss": "she", "ms": "she", "dr": "", "mx": "", "rev": ""}
_WORD = re.compile(r"[^\W\d_](?:[\w-]*[^\W_])?")
#: A misspelt name is at most so far from the name that it stands for (as `moderation.names` has it).
_MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Renamed:
    """A roster under other names, and what each word of the old ones (in lower case) became."""

    roster: Roster
    words: dict[str, str]


def rename_roster(roster: Roster, origin: Origin) -> Renamed:
    """Give everybody another name of this origin; a word that was shared by two names still is."""
    words: dict[str, str] = {}
    pools = {"she": _fresh(origin.she), "he": _fresh(origin.he), "family": _fresh(origin.family)}
    either = cycle(("she", "he"))
    for person in roster.people:
        given, family, gender = _parts(person.name)
        for word in given:
            words.setdefault(word.lower(), next(pools[gender or next(either)]))
        if family:
            words.setdefault(family.lower(), next(pools["family"]))
    for child in sorted(roster.children):
        for word in child.split():
            words.setdefault(word.lower(), next(pools[next(either)]))
    people = tuple(_person(person, words) for person in roster.people)
    return Renamed(Roster(people, roster.school_name), words)


def _fresh(names: tuple[str, ...]) -> Iterator[str]:
    """The names in order; a school of more people than there are names starts again."""
    return cycle(names)


def _parts(name: str) -> tuple[list[str], str, str]:
    """Given names, family name, and "she" or "he" where a title tells."""
    words = name.replace(".", " ").split()
    gender = _TITLES.get(words[0].lower(), "") if words else ""
    plain = [word for word in words if word.lower() not in _TITLES]
    titled = len(plain) < len(words)
    if len(plain) > 1 or (titled and plain):
        return plain[:-1], plain[-1], gender
    return plain, "", gender


def _person(person: RosterPerson, words: dict[str, str]) -> RosterPerson:
    children = tuple(_name(child, words) for child in person.children)
    return replace(person, name=_name(person.name, words), children=children)


def _name(name: str, words: dict[str, str]) -> str:
    return " ".join(words.get(word.lower(), word) for word in name.replace(".", " ").split())


def rename(case: Labelled, renamed: Renamed) -> Labelled:
    """The same message in the renamed school."""
    said, reply = case.utterance, case.utterance.reply_to
    utterance = replace(
        said,
        text=rename_text(said.text, case.roster, renamed),
        sender=_sender(said.sender, renamed),
        reply_to=reply and ReplyContext(_sender(reply.sender, renamed), rename_text(reply.text, case.roster, renamed)),
    )
    return replace(case, case=replace(case.case, utterance=utterance), roster=renamed.roster)


def _sender(sender: Sender, renamed: Renamed) -> Sender:
    return replace(sender, name=_name(sender.name, renamed.words))


def rename_text(text: str, roster: Roster, renamed: Renamed) -> str:
    """The text with each name of the roster that it holds, misspelt or not, replaced in the writer's case."""
    out, end = [], 0
    for named in named_in(text, roster):
        if named.is_name:
            out += [text[end : named.start], _span(text[named.start : named.end], named, renamed.words)]
            end = named.end
    return _leftover("".join([*out, text[end:]]), renamed.words)


def _span(written: str, named: Named, words: dict[str, str]) -> str:
    """The words of one name; a title stays, and a handle that joins two names is made of the new ones."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word.lower() in _TITLES:
            return word
        if len(word) == 1:
            initials = [new for old, new in words.items() if old[0] == word.lower()]
            return initials[0][0] if initials else word
        return _in_case_of(word, _known(word.lower(), words))

    return _WORD.sub(other, written)


def _known(word: str, words: dict[str, str]) -> str:
    bare = word.removesuffix("'s").removesuffix("’s")
    if bare in words:
        return words[bare]
    if bare.endswith("s") and bare[:-1] in words:
        return words[bare[:-1]] + "s"
    for first, new in words.items():
        rest = bare[len(first) :].strip("_-.")
        if bare.startswith(first) and rest in words:
            return new + words[rest]
    nearest = min(words, key=lambda old: (OSA.distance(bare, old), old))
    return words[nearest] if OSA.distance(bare, nearest) <= _MOST_SLIPS else word


def _in_case_of(written: str, name: str) -> str:
    if written.islower():
        return name.lower()
    return name.upper() if written.isupper() and len(written) > 1 else name


def _leftover(text: str, words: dict[str, str]) -> str:
    """Names written as names that nobody was found by, such as a middle name."""

    def other(found: re.Match[str]) -> str:
        word = found[0].lower()
        known = words.get(word)
        if not known and word.endswith("s") and word[:-1] in words:
            known = words[word[:-1]] + "s"
        return _in_case_of(found[0], known) if known and found[0][0].isupper() else found[0]

    done = set(map(str.lower, words.values()))
    return _WORD.sub(lambda found: found[0] if found[0].lower() in done else other(found), text)


def holds_a_name(case: Labelled) -> bool:
    """Whether the message, or what it replies to, names anybody on the roster."""
    texts = [case.utterance.text, case.utterance.reply_to.text if case.utterance.reply_to else ""]
    return any(one.is_name for text in texts for one in named_in(text, case.roster))
