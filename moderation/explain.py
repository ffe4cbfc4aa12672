"""Which words weighed most: take each out, score again, see how far the score falls (occlusion).

True by construction: each span is a substring of the message as it was written, and the score without it is
lower. Long messages are searched in two steps, pieces first, so that few texts are scored.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from moderation.engine import Engine
from moderation.names import named_in
from moderation.normalise import normalise
from moderation.preparation import LONGEST_TEXT, prepare, score_all, windows
from moderation.vocabulary import Clause, Concern, Outcome, Roster, Scores, Span, Utterance, Verdict

#: What a score can be asked for.
Finding = Outcome | Clause | Concern

MOST_SPANS = 5
#: So many pieces are tried at once; a message with more words is first cut into this many.
MOST_PIECES = 20
#: A word that weighs less than this part of the heaviest is left out.
_LEAST_SHARE = 0.25

#: Articles, pronouns, auxiliaries, conjunctions: alone they tell a reader nothing. A closed class of English, not
#: words that are judged by.
_FUNCTION_WORD_TEXT = (
    "a an the this that these those i me my mine myself we us our ours you u your yours yourself he him "
    "his himself she her hers herself it its itself they them their theirs themselves who whom whose "
    "which what is am are was were be been being do does did have has had having can could will would "
    "shall should may might must and or but nor so yet if because as than while although though i'm im "
    "you're youre ur he's hes she's shes it's we're they're theyre i've you've we've they've i'll you'll "
    "he'll she'll we'll they'll i'd you'd he'd she'd we'd they'd"
)
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_TEXT.split())

_Place = tuple[int, int]


def explain(utterance: Utterance, engine: Engine, roster: Roster, scores: Scores, finding: Finding) -> tuple[Span, ...]:
    """Return the words that weighed most for `finding`, heaviest first; weight is the part of the score lost.

    Names, words for people's roles, and bare function words are shown only where nothing else weighs.

    Raises:
        EngineFailed: the engine failed.
    """
    score_of = _reader(finding)
    parts = list(windows(utterance.text))
    if len(parts) > 1:
        # A long message is what its worst part is; to try words everywhere else would take a minute.
        each = score_all(engine, [[one] for one in prepare(utterance, roster)])
        worst = max(range(len(parts)), key=lambda at: score_of(each[at]))
        start = utterance.text.index(parts[worst])
        found_there = explain(replace(utterance, text=parts[worst]), engine, roster, each[worst], finding)
        return tuple(replace(one, start=one.start + start, end=one.end + start) for one in found_there)
    whole = score_of(scores)

    def losses(places: Sequence[_Place]) -> dict[_Place, float]:
        without = [replace(utterance, text=_without(utterance.text, place)) for place in places]
        scored = score_all(engine, [prepare(one, roster) for one in without]) if without else []
        return {
            place: whole - score_of(one) for place, one in zip(places, scored, strict=True) if whole - score_of(one) > 0
        }

    def weighed(words: list[_Place]) -> dict[_Place, float]:
        return losses(_narrow(words, losses) if len(words) > MOST_PIECES else words)

    words = _words(utterance.text)
    telling = [place for place in words if not _is_bare(utterance.text[slice(*place)])]
    found = weighed(_outside_names(telling, utterance.text, roster)) or weighed(words)
    if not found:
        # Said twice, a word is not missed when it goes once: look at stretches of words instead.
        found = losses(_pieces(words, max(2, len(words) // 3)))
    return _heaviest(utterance.text, found, whole)


def finding_of(verdict: Verdict) -> Finding | None:
    """Return what there is to explain about a verdict: a flag, else a concern, else a redirect."""
    if verdict.outcome is Outcome.FLAG:
        return Outcome.FLAG
    if verdict.concern is not Concern.NONE:
        return verdict.concern
    return Outcome.REDIRECT if verdict.outcome is Outcome.REDIRECT else None


def _reader(finding: Finding) -> Callable[[Scores], float]:
    if isinstance(finding, Clause):
        return lambda scores: scores.clauses[finding]
    if isinstance(finding, Concern):
        return lambda scores: scores.concern
    if finding is Outcome.REDIRECT:
        return lambda scores: scores.redirect
    return lambda scores: scores.flag


def _words(text: str) -> list[_Place]:
    """Places of the words as they read, in the original: a word spelt with gaps is one word."""
    read = normalise(text[:LONGEST_TEXT])
    places = [
        read.span(*word.span()) for word in re.finditer(r"[\w*@#$'’-]*\w[\w*@#$'’-]*|[^\w\s,.;:!?()\"]+", read.text)
    ]
    return list(dict.fromkeys(places))


def _is_bare(word: str) -> bool:
    """Whether a word tells nothing by itself, however much the model made of it."""
    return normalise(word).text.lower().replace("’", "'").strip("'") in _FUNCTION_WORDS


def _outside_names(places: Sequence[_Place], text: str, roster: Roster) -> list[_Place]:
    """The places that do not lie within a name or a word for somebody's role."""
    read = normalise(text[:LONGEST_TEXT])
    named = [read.span(one.start, one.end) for one in named_in(read.text, roster)]
    return [place for place in places if not any(start <= place[0] and place[1] <= end for start, end in named)]


def _without(text: str, place: _Place) -> str:
    return text[: place[0]] + text[place[1] :]


def _pieces(words: Sequence[_Place], size: int) -> list[_Place]:
    groups = [words[at : at + size] for at in range(0, len(words), size)]
    return [(min(start for start, _ in group), max(end for _, end in group)) for group in groups]


def _narrow(words: list[_Place], losses: Callable[[Sequence[_Place]], dict[_Place, float]]) -> list[_Place]:
    """Words of the pieces that weigh most, as many as are tried at once."""
    found = losses(_pieces(words, -(-len(words) // MOST_PIECES)))
    kept: list[_Place] = []
    for start, end in sorted(found, key=lambda place: -found[place]):
        inside = [word for word in words if start <= word[0] and word[1] <= end]
        if len(kept) + len(inside) <= MOST_PIECES:
            kept += inside
    return kept


def _heaviest(text: str, found: dict[_Place, float], whole: float) -> tuple[Span, ...]:
    least = max(found.values(), default=0.0) * _LEAST_SHARE
    ranked = sorted((place for place in found if found[place] >= least), key=lambda place: (-found[place], place))
    return tuple(
        Span(start, end, text[start:end], min(1.0, found[start, end] / whole)) for start, end in ranked[:MOST_SPANS]
    )
