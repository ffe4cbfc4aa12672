"""Who is meant: from the reply, mentions, roster names, roles and pronouns, in that order of trust.

The answer decides which clause abuse falls under (to a parent, to staff, about somebody) and who is told. It
says nothing about whether a message is abusive: that is the trained model's part.
"""

import re
from dataclasses import dataclass

from moderation.known_names import is_given_name, is_name_after_title
from moderation.names import Named, named_in, target_of
from moderation.normalise import normalise
from moderation.vocabulary import Meant, Roster, Target, Utterance

#: What stands in for a name, so that no engine ever sees or learns a surname.
TOKENS = {
    Target.HEADTEACHER: "headname",
    Target.STAFF: "staffname",
    Target.PARENT: "parentname",
    Target.PUPIL: "childname",
}
#: What stands in for the name of somebody whom the roster does not know.
UNKNOWN_NAME = "othername"

_SECOND = re.compile(r"\b(?:you|u|ur|your|yours|youre|yourself|yourselves|ya|yer|yous|youse|yas|thou)\b", re.I)
#: "You" that means nobody in particular.
_GENERIC = re.compile(
    r"\b(?:thank (?:you|u)|(?:as |do |did |don'?t )?(?:you|u|ya) (?:know|see)\b(?! (?:what|nothing))|see (?:you|u|ya)"
    r"|if you ask me|(?:you|u) never know|(?:would|can) you believe|mind you|let (?:you|u) know|bless (?:you|u)"
    r"|(?:what|when|where|how|whatever) (?:do|can|are|could) (?:you|u)|(?:are|is) (?:any|some) of (?:you|u))\b",
    re.I,
)
_DIRECT = re.compile(
    r"(?:you|u|ya)(?:'re| are| r|'ve been| were)\b|youre\b|ur\b|your\b"
    r"|(?:you|u|ya) (?!ca|could|w|might|may|have|had|need|should|sh|get|got|do|did|know|want|think|never|just)\w",
    re.I,
)
_GROUP = re.compile(
    r"\b(?:(?:you|u) (?:lot|all|guys|people)|all of (?:you|u|yous)|every(?:one|body) here|this group)\b", re.I
)
_HE = re.compile(r"\b(?:he|him|his|himself|he's|hes)\b", re.I)
_SHE = re.compile(r"\b(?:she|her|hers|herself|she's|shes)\b", re.I)
_THEY = re.compile(
    r"\b(?:they|them|their|theirs|they're|theyre|(?:those|these|that) (?:people|lot|family|one|man|woman))\b", re.I
)
_SELF = re.compile(r"\b(?:i'?m|i am|i feel|i was|i'?ve been|silly me|me being|my own)\b", re.I)
_TELLING = re.compile(
    r"(?:tell|told|telling|report(?:ed|ing)?|ask(?:ed|ing)?|(?:sp(?:eak|oke|oken|eaking)|talk(?:ed|ing)?) (?:to|with)"
    r"|email(?:ed|ing)?|messag(?:e|ed|ing)|see|seen|contact(?:ed)?|complain(?:ed)? to|inform(?:ed)?|let"
    r"|(?:go|going|went|(?:take|taking|took) (?:it|this|that)) to|letter (?:to|from)|thanks to|thank)"
    r"(?: (?:you|u|it|this|that))?(?: to)?\s*$",
    re.I,
)
_OPENING = re.compile(r"^\W*(?:(?:oi|hey|hi|hello|dear|sorry|no|yes|ok|well|but|and|so)\W+)?$", re.I)
_GRAMMAR = {"he": _HE, "she": _SHE}
_AFTER_TITLE = re.compile(r"\b((?:mr|mrs|miss|ms|dr|mx|sir|rev)\.? )([^\W\d_][\w'-]*[^\W_])", re.I)
_NAME_WORD = re.compile(r"(?<![\w@'-])([^\W\d_][^\W\d_-]*(?:-[^\W\d_]+)?)((?:['’]s)?)(?![\w@-])")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message as attribution reads it: its words, whom it names, and whom it calls by name."""

    text: str
    called: tuple[Named, ...]
    spoken_of: tuple[Named, ...]
    second: bool
    third: bool


def attribute(utterance: Utterance, roster: Roster) -> Meant:
    """Return who is meant by an utterance, and whether the headteacher is spoken to or spoken of."""
    reading = _read(utterance, roster)
    target, because, addressed = _decide(reading, utterance, roster)
    return Meant(
        target,
        because,
        about_headteacher=_about_head(reading, utterance, roster),
        to_headteacher=addressed and target is Target.HEADTEACHER,
        addressed=addressed,
    )


def mask_names(text: str, roster: Roster) -> str:
    """Return `text` with each name of the roster replaced by a plain word for the role (see `TOKENS`).

    A given name that the roster does not know, and the name after a title, become `UNKNOWN_NAME`. Role words
    ("the office") stay: they name nobody. The text should be normalised first.
    """
    out, end = [], 0
    for named in named_in(text, roster):
        if named.is_name:
            out += [_mask_unknown(text[end : named.start]), TOKENS.get(named.target, "parentname")]
            end = named.end
    return "".join(out) + _mask_unknown(text[end:])


def _mask_unknown(text: str) -> str:
    def after_title(found: re.Match[str]) -> str:
        return found[1] + UNKNOWN_NAME if is_name_after_title(found[2]) else found[0]

    def by_itself(found: re.Match[str]) -> str:
        return UNKNOWN_NAME + found[2] if is_given_name(found[1]) else found[0]

    return _NAME_WORD.sub(by_itself, _AFTER_TITLE.sub(after_title, text))


def _read(utterance: Utterance, roster: Roster) -> _Reading:
    text = normalise(utterance.text).text
    plain = _GENERIC.sub(lambda found: " " * len(found[0]), text)
    named = named_in(text, roster)
    second = bool(_SECOND.search(plain))
    called = tuple(one for one in named if _is_called(text, one, second=second))
    spoken_of = tuple(one for one in named if one not in called)
    third = any(words.search(text) for words in (_HE, _SHE, _THEY))
    return _Reading(plain, called, spoken_of, second, third)


def _is_called(text: str, named: Named, *, second: bool) -> bool:
    """Whether a name is called out to its bearer: "Tom, you ...", "@tom ...", "..., Tom"."""
    if not named.is_name:
        return named.because == "mention" and (second or bool(_OPENING.match(text[: named.start])))
    before, after = text[: named.start], text[named.end :]
    opens = bool(_OPENING.match(before))
    if opens and (re.match(r"\s*,?\s*(?:you|u|your|ur|youre)\b", after, re.I) or re.match(r"\s*[,!:]", after)):
        return True
    if named.because == "mention":
        return second or opens
    return second and bool(re.search(r"(?:,|\byou|\bu)\s*$", before)) and bool(re.match(r"\s*(?:[.,!?]|$)", after))


def _decide(reading: _Reading, utterance: Utterance, roster: Roster) -> tuple[Target, str, bool]:
    reply = utterance.reply_to
    of_people = [one for one in reading.spoken_of if one.target is not Target.SCHOOL]
    if reading.called:
        return reading.called[0].target, reading.called[0].because, True
    if _GROUP.search(reading.text):
        return Target.GROUP, "pronoun", True
    if reading.second and reply is not None:
        return target_of(reply.sender.roles), "reply", True
    if reading.second and (not of_people or _DIRECT.match(reading.text.lstrip())):
        return Target.GROUP, "pronoun", True
    spoken_of = [one for one in reading.spoken_of if not _merely_told(reading, one)] or list(reading.spoken_of)
    if spoken_of:
        first = min(spoken_of, key=_trust)
        return first.target, first.because, False
    if reading.third:
        referred = _referred(utterance, roster)
        return (referred[0].target if referred else Target.UNKNOWN), "pronoun", False
    if reply is not None:
        return target_of(reply.sender.roles), "reply", True
    return (Target.SELF, "pronoun", False) if _SELF.search(reading.text) else (Target.NOBODY, "none", False)


def _trust(named: Named) -> tuple[bool, bool, bool]:
    """The headteacher first (it decides who is told), then names before roles, then people before the school."""
    return (named.target is not Target.HEADTEACHER, not named.is_name, named.target is Target.SCHOOL)


def _merely_told(reading: _Reading, named: Named) -> bool:
    """Whether somebody is only whom one tells ("I'll tell the head about Tom")."""
    return bool(_TELLING.search(reading.text[: named.start]))


def _about_head(reading: _Reading, utterance: Utterance, roster: Roster) -> bool:
    heads = [one for one in reading.spoken_of if one.target is Target.HEADTEACHER]
    if any(not _merely_told(reading, head) for head in heads):
        return True
    gender = _head_gender(roster)
    pronouns = _GRAMMAR.get(gender)
    others = [one for one in reading.spoken_of if one.target in {Target.STAFF, Target.PARENT, Target.PUPIL}]
    if heads and not others:
        after = reading.text[heads[-1].end :]
        return bool(pronouns.search(after) if pronouns else _HE.search(after) or _SHE.search(after))
    if reading.third and not reading.spoken_of:
        fits = pronouns is None or bool(pronouns.search(reading.text) or _THEY.search(reading.text))
        return fits and any(one.target is Target.HEADTEACHER for one in _referred(utterance, roster))
    return False


def _referred(utterance: Utterance, roster: Roster) -> list[Named]:
    """Whom "he", "she" or "they" can stand for: those named in the message replied to, head first."""
    if utterance.reply_to is None:
        return []
    named = named_in(normalise(utterance.reply_to.text).text, roster)
    return sorted((one for one in named if one.target is not Target.SCHOOL), key=_trust)


def _head_gender(roster: Roster) -> str:
    for person in roster.people:
        if target_of(person.roles) is Target.HEADTEACHER:
            title = person.name.lower().split(".")[0].split(" ")[0]
            return {"mr": "he", "sir": "he", "mrs": "she", "miss": "she", "ms": "she"}.get(title, "")
    return ""
