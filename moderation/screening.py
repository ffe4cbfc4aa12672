"""The single path from what was written to a verdict, for the bot and for `schoolgate assess` alike.

normalise -> mask names -> score in one batch -> attribute -> judge -> explain. Stated outcomes: staff are not
scored (clause 1.3); an empty text is `ok`; emoji alone, binary-looking text and text that is not English are
`ok` with `low_confidence`; a huge text is read up to `preparation.LONGEST_TEXT` code points, in windows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderation.attribution import attribute
from moderation.engine import Engine, EngineFailed, Prepared
from moderation.explain import explain, finding_of
from moderation.legibility import Legibility, legibility
from moderation.normalise import normalise
from moderation.policy import Policy, are_valid, judge
from moderation.preparation import LONGEST_TEXT, prepare, score_all
from moderation.vocabulary import Roster, Scores, Utterance, Verdict

_SCORED = frozenset({Legibility.ENGLISH, Legibility.NOT_ENGLISH})


@dataclass(frozen=True, slots=True)
class ScreeningFailed:
    """One message could not be screened; it is to be tried again. `reason` holds no word of the message."""

    reason: str


def screen(
    utterances: Sequence[Utterance], *, engine: Engine, policy: Policy, roster: Roster
) -> list[Verdict | ScreeningFailed]:
    """Return one verdict or failure for each utterance, in order. Never raises for what a message holds."""
    cut = [replace(one, text=one.text[:LONGEST_TEXT]) for one in utterances]
    scores = _score_each(cut, engine, roster)
    return [_verdict(one, found, engine, policy, roster) for one, found in zip(cut, scores, strict=True)]


def _score_each(
    utterances: Sequence[Utterance], engine: Engine, roster: Roster
) -> list[Scores | ScreeningFailed | None]:
    prepared = [_prepared(one, roster) for one in utterances]
    found: list[Scores | ScreeningFailed | None] = [
        one if isinstance(one, ScreeningFailed) else None for one in prepared
    ]
    wanted = [(at, one) for at, one in enumerate(prepared) if isinstance(one, list) and one]
    together = _scored([one for _, one in wanted], engine)
    if isinstance(together, ScreeningFailed):
        # One message may have broken the batch: each gets a try of its own.
        apart = [_scored([one], engine) for _, one in wanted]
        for (at, _), alone in zip(wanted, apart, strict=True):
            found[at] = alone if isinstance(alone, ScreeningFailed) else alone[0]
    else:
        for (at, _), scores in zip(wanted, together, strict=True):
            found[at] = scores
    return found


def _prepared(utterance: Utterance, roster: Roster) -> list[Prepared] | ScreeningFailed:
    """The windows of an utterance; none where nothing is scored."""
    try:
        if utterance.sender.is_staff or legibility(normalise(utterance.text).text) not in _SCORED:
            return []
        return prepare(utterance, roster)
    except Exception as fault:  # noqa: BLE001 - one broken message must never sink its batch
        return _failed("prepare", fault)


def _scored(batch: list[list[Prepared]], engine: Engine) -> list[Scores] | ScreeningFailed:
    try:
        scores = score_all(engine, batch) if batch else []
    except EngineFailed as fault:
        return _failed(engine.name, fault)
    if not all(map(are_valid, scores)):
        return ScreeningFailed(f"{engine.name}: a score is no probability")
    return scores


def _verdict(
    utterance: Utterance,
    scores: Scores | ScreeningFailed | None,
    engine: Engine,
    policy: Policy,
    roster: Roster,
) -> Verdict | ScreeningFailed:
    if isinstance(scores, ScreeningFailed):
        return scores
    try:
        verdict = judge(scores, attribute(utterance, roster), utterance, policy)
        finding = finding_of(verdict)
        if scores is None or finding is None:
            return verdict
        return replace(verdict, evidence=explain(utterance, engine, roster, scores, finding))
    except Exception as fault:  # noqa: BLE001 - one broken message must never sink its batch
        return _failed("judge", fault)


def _failed(step: str, fault: Exception) -> ScreeningFailed:
    """Only the kind of fault is told: its text could quote the message."""
    return ScreeningFailed(f"{step}: {type(fault).__name__}")
