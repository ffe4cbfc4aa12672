"""Whom a text names: people of the roster by name, misspelt or not, and people by their role at the school.

A name that merely looks rude (Cockburn, Dickinson) is a name. Nothing here judges what is said of anybody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from moderation.vocabulary import Role, Roster, RosterPerson, Target

_TITLES = {"mr": "he", "sir": "he", "mrs": "she", "miss": "she", "ms": "she", "dr": "", "mx": "", "rev": ""}
_TITLED = re.compile(r"\b(mr|mrs|miss|ms|dr|mx|sir|rev)\b\.?\s+([^\W\d_][\w'-]*)", re.IGNORECASE)
_WORD = re.compile(r"@?[^\W\d_](?:[\w-]*\w)?")
#: Names that are also everyday words: in lower case they are taken for the word.
_EVERYDAY_TEXT = (
    "angel april art autumn bill bob brown carol chance christian chuck clay cook daisy dawn dean don drew faith "
    "fox frank gay gene grace grant green guy harry heath hope hunter iris ivy jack jade jasmine jean joy jude "
    "king knight lane lee lily long lowe major mark mason may mercy miles moody nick norm olive page park pat "
    "pearl penny pope poppy price ray rich rob robin rock rose rowan ruby rusty sandy short skip sky stone sue "
    "summer sunny taylor trent violet wade ward warren west white will wood wren young"
)
_EVERYDAY = frozenset(_EVERYDAY_TEXT.split())
_ROLE_WORDS: tuple[tuple[Target, str], ...] = (
    (
        Target.STAFF,
        r"\b(?:deputy head(?:teacher)?|assistant head(?:teacher)?|head of (?:year|key stage|early years|eyfs)"
        r"|the deputy|office (?:staff|lady|ladies|lot)|(?:the|school) office(?! block)|receptionists?|caretakers?"
        r"|site manager|(?:class ?|form )?teachers?|teaching (?:assistants?|staff)|(?:the|his|her|our|a) tas?"
        r"|lunchtime supervisors?|(?:dinner|lunch) (?:lad(?:y|ies)|staff)|lollipop (?:lady|man)|(?:the|school) cook"
        r"|senco|governors?|the staff|school staff|staff (?:at|here|there|are|is|in))\b",
    ),
    (
        Target.HEADTEACHER,
        r"\b(?:head ?-?teacher|head ?-?mistress|head ?-?master|the ht"
        r"|(?<!in )(?<!on )(?<!over )(?<!round )(?<!back of )(?<!top of )(?<!side of )"
        r"(?:the|our|that|this|acting) head)\b(?! (?:of|lice|boy|girl|count|injury|cold|band|start)\b)(?!-|ache)",
    ),
    (Target.SCHOOL, r"\b(?:the|this|that|our) (?:whole )?(?:school|trust|academy)(?! (?:run|gate|bus|trip|play)\b)"),
    (
        Target.PUPIL,
        r"\b(?:that|this|the|those|these|your|ur|his|her|their|some) (?:[\w-]+ ){0,2}?"
        r"(?:kids?|child|children|boys?|girls?|son|daughter|lad|brats?)\b",
    ),
    (
        Target.PARENT,
        r"\b(?:that|this|those|these|some|other|certain|the|one|a) (?:[\w-]+ ){0,2}?"
        r"(?:parents?|mums?|mams?|mothers?|dads?|fathers?|nans?|carers?|class rep)\b|\bthe pta\b",
    ),
)
_ROLES = tuple((target, re.compile(words, re.IGNORECASE)) for target, words in _ROLE_WORDS)
_FAMILY = re.compile(
    r"['’]?s (?:mum|mam|mummy|mom|dad|daddy|mother|father|nan|parents?|step-?(?:mum|dad))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Named:
    """One place where a text names somebody: `text[start:end]`; `because` as in `Meant.because`.

    `gender` is "he", "she" or "" when the roster does not tell; `is_name` is false for a role or a family word.
    """

    start: int
    end: int
    target: Target
    because: str
    gender: str = ""
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    target: Target
    gender: str
    forename: str
    surname: str


def target_of(roles: frozenset[Role]) -> Target:
    """Return what a person with these roles is as a target."""
    if Role.HEADTEACHER in roles:
        return Target.HEADTEACHER
    return Target.STAFF if RosterPerson("", roles).is_staff else Target.PARENT


def named_in(text: str, roster: Roster) -> tuple[Named, ...]:
    """Return everybody whom `text` names, in order and without overlap; names win over roles."""
    book = _book(roster)
    names = list(_join(text, _without_overlap([*_titled(text, book.entries), *_plain(text, book)])))
    names = [_family(text, name) for name in names]
    roles = [
        Named(found.start(), found.end(), target, "role", is_name=False)
        for target, words in _ROLES
        for found in words.finditer(text)
    ]
    return tuple(sorted(_without_overlap([*names, *roles]), key=lambda named: named.start))


@dataclass(frozen=True, slots=True)
class _Book:
    """A roster as it is looked up: whose name a word is, and whose it might be with a slip of the pen."""

    entries: tuple[_Entry, ...]
    exact: dict[str, _Entry]
    alike: dict[str, tuple[tuple[str, _Entry], ...]]
    children: frozenset[str]

    def bearer(self, word: str) -> _Entry | None:
        """Who bears a name, written right or nearly; of several, whoever stands first on the roster."""
        if word in self.exact:
            return self.exact[word]
        return next((entry for name, entry in self.alike.get(word[:1], ()) if _same(word, name)), None)


@lru_cache(maxsize=32)
def _book(roster: Roster) -> _Book:
    entries = tuple(_entry(person) for person in roster.people if person.name.strip())
    exact: dict[str, _Entry] = {}
    alike: dict[str, list[tuple[str, _Entry]]] = {}
    for entry in entries:
        for name in filter(None, (entry.surname, entry.forename)):
            for spelt in (name, name + "s"):
                exact.setdefault(spelt, entry)
            alike.setdefault(name[0], []).append((name, entry))
    return _Book(
        entries,
        exact,
        {first: tuple(names) for first, names in alike.items()},
        frozenset(child.lower() for child in roster.children),
    )


def _entry(person: RosterPerson) -> _Entry:
    words = person.name.lower().replace(".", " ").split()
    gender = _TITLES.get(words[0], "")
    plain = [word for word in words if word not in _TITLES] or words
    titled = words[0] in _TITLES
    forename = "" if titled and len(plain) == 1 else plain[0]
    surname = plain[-1] if titled or len(plain) > 1 else ""
    return _Entry(target_of(person.roles), gender, forename, surname)


def _titled(text: str, entries: tuple[_Entry, ...]) -> Iterator[Named]:
    """`Mrs Dickinson`, `Mr Dickenson`, `Mr O`; an unknown `Mr Whoever` is taken for staff, not for a name."""
    for found in _TITLED.finditer(text):
        gender, name = _TITLES[found[1].lower()], _bare(found[2])
        for entry in entries:
            fits = not gender or not entry.gender or gender == entry.gender
            initial = len(name) == 1 and entry.surname.startswith(name)
            staff = entry.target is not Target.PARENT
            if (initial and fits and staff) or (len(name) > 1 and _same(name, entry.surname, titled=True)):
                end = found.start(2) + len(name)
                yield Named(found.start(), end, entry.target, "roster", entry.gender or gender)
                break
        else:
            if found[2][0].isupper() and found[1].lower() != "sir":
                yield Named(found.start(), found.end(), Target.STAFF, "role", gender, is_name=False)


def _plain(text: str, book: _Book) -> Iterator[Named]:
    for found in _WORD.finditer(text):
        mention = found[0].startswith("@")
        word = _bare(found[0].removeprefix("@"))
        end = found.start() + mention + len(word)
        because = "mention" if mention else "roster"
        if not mention and found[0].islower() and word in _EVERYDAY:
            continue
        bearer = book.bearer(word)
        if bearer is None and mention:
            bearer = next((entry for entry in book.entries if _handle(word, entry)), None)
        if bearer:
            yield Named(found.start(), end, bearer.target, because, bearer.gender)
        elif word in book.children:
            yield Named(found.start(), end, Target.PUPIL, because)
        elif mention:
            yield Named(found.start(), found.end(), Target.PARENT, because, is_name=False)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.lower())


def _same(word: str, name: str, *, titled: bool = False) -> bool:
    """Whether a word is this name, or a slip of the pen from it (one edit; two in a long name).

    Short names must be exact, or an insult that is one letter away would pass for the name.
    """
    if not name or word == name or word == name + "s":
        return bool(name)
    if len(name) < (5 if titled else 6) or word[:1] != name[:1] or word in _EVERYDAY:
        return False
    slips = 2 if len(name) > 8 else 1
    return OSA.distance(word, name, score_cutoff=slips) <= slips


def _handle(word: str, entry: _Entry) -> bool:
    joined = entry.forename + entry.surname
    return len(joined) > 4 and re.sub(r"[\W\d_]", "", word) == joined


def _without_overlap(found: list[Named]) -> list[Named]:
    """Names before roles; then the longest; then whoever stands first."""
    kept: list[Named] = []
    for named in sorted(found, key=lambda one: (not one.is_name, one.start - one.end, one.start)):
        if all(named.end <= other.start or named.start >= other.end for other in kept):
            kept.append(named)
    return sorted(kept, key=lambda named: named.start)


def _join(text: str, names: list[Named]) -> Iterator[Named]:
    """Forename and surname of one kind side by side are one name."""
    held: Named | None = None
    for named in names:
        beside = held and held.is_name and named.is_name and re.fullmatch(r"[ -]", text[held.end : named.start])
        if held and beside and held.target is named.target and named.because != "mention":
            held = Named(held.start, named.end, held.target, held.because, held.gender or named.gender)
            continue
        if held:
            yield held
        held = named
    if held:
        yield held


def _family(text: str, named: Named) -> Named:
    """`Alfie's mum` is a parent, whoever she is."""
    if named.target is Target.PUPIL and _FAMILY.match(text, named.end):
        return Named(named.start, named.end, Target.PARENT, named.because)
    return named
