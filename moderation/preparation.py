"""From utterances to one batch for an engine and back: normalise, mask names, cut into windows, take the worst.

A message longer than a window is scored piece by piece, and its score is the highest of its pieces. Beyond
`LONGEST_TEXT` code points nothing is read: Telegram itself allows 4,096 UTF-16 units.
"""

from collections.abc import Iterator, Sequence

from moderation.attribution import mask_names
from moderation.engine import Engine, EngineFailed, Prepared
from moderation.names import target_of
from moderation.normalise import normalise
from moderation.vocabulary import Clause, Concern, Roster, Scores, Utterance

#: Code points of a message that are read at all.
LONGEST_TEXT = 16_384
#: Code points that an engine gets at once, and how far one window overlaps the next. So much English is about as
#: many tokens as the built-in encoders read: what lay behind them would never be seen.
WINDOW = 640
OVERLAP = 120


def prepare(utterance: Utterance, roster: Roster) -> list[Prepared]:
    """Return the windows of one utterance, in order; at least one."""
    reply = utterance.reply_to
    reply_text = mask_names(normalise(reply.text[:WINDOW]).text, roster) if reply else ""
    replies_to = target_of(reply.sender.roles) if reply else None
    return [
        Prepared(mask_names(normalise(piece).text, roster), piece, reply is not None, reply_text, replies_to)
        for piece in windows(utterance.text)
    ]


def windows(text: str) -> Iterator[str]:
    """Yield overlapping pieces of at most `WINDOW` code points, cut between words where there are any."""
    text = text[:LONGEST_TEXT]
    start = 0
    while len(text) - start > WINDOW:
        gap = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
        end = gap if gap > 0 else start + WINDOW
        yield text[start:end]
        back = text.find(" ", end - OVERLAP, end)
        start = back + 1 if back > 0 else end - OVERLAP
    yield text[start:]


def score_all(engine: Engine, batch: Sequence[Sequence[Prepared]]) -> list[Scores]:
    """Score messages, each a list of windows, in one call of the engine.

    Raises:
        EngineFailed: the engine failed, or did not answer with one score a window.
    """
    flat = [window for windows_of_one in batch for window in windows_of_one]
    scored = engine.score(flat)
    if len(scored) != len(flat):
        raise EngineFailed(f"{engine.name}: {len(scored)} scores for {len(flat)} texts")
    found, at = [], 0
    for windows_of_one in batch:
        found.append(worst(scored[at : at + len(windows_of_one)]))
        at += len(windows_of_one)
    return found


def worst(pieces: Sequence[Scores]) -> Scores:
    """Return the highest of each score over the windows of one message."""
    if len(pieces) == 1:
        return pieces[0]
    return Scores(
        toxicity=max(piece.toxicity for piece in pieces),
        redirect=max(piece.redirect for piece in pieces),
        flag=max(piece.flag for piece in pieces),
        concern=max(piece.concern for piece in pieces),
        clauses={clause: max(piece.clauses.get(clause, 0.0) for piece in pieces) for clause in Clause},
        concerns={
            kind: max(piece.concerns.get(kind, 0.0) for piece in pieces)
            for kind in Concern
            if any(kind in piece.concerns for piece in pieces)
        },
        severities=max(pieces, key=lambda piece: piece.flag).severities,
    )
