"""How the two encoders work together: how much each counts, their calibration, and what the small one may clear.

All of it is chosen on the validation part and on public texts that no training saw, from what the exported files give.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.cases import Labels
from moderation.engines.builtin import LARGE, SMALL, Bounds, LargeEncoder, Settings, mix
from moderation.engines.encoder import Encoder
from moderation.engines.encoding import Row
from moderation.engines.heads import Logits, scores_of
from moderation.training.calibration import calibrate
from moderation.vocabulary import Clause, Concern, Outcome, Scores

#: Of the messages of each kind that both encoders together find, the small one may clear so many by mistake. On the
#: validation part this costs nothing that shows (they are doubtful to both), and the large one reads half as much.
MISSED = 0.03
#: From here on both together may find something; the lowest thresholds of a policy are about here.
_FOUND = 0.15
#: So much more surprise than the least is as good: the large one takes an identity word for prejudice less often.
_NEARLY = 1.03
_SHARES = tuple(round(0.05 * step, 2) for step in range(8, 21))

Bools = NDArray[np.bool_]


def arrange(
    files: Mapping[str, bytes], rows: Sequence[Row], labels: Sequence[Labels], public: Sequence[Row], toxic: Bools
) -> Settings:
    """Choose the settings of a model by its files, labelled messages, and public texts."""
    small, large = both_logits(files, rows)
    small_public, large_public = both_logits(files, public)
    share = best_share(small, large, labels)
    alone = calibrate(small, labels, small_public, toxic)
    mixed = mix(small, large, share)
    both = calibrate(mixed, labels, mix(small_public, large_public, share), toxic)
    return Settings(
        bounds=bounds_of(scores_of(small, alone), scores_of(mixed, both), labels),
        small=alone,
        large=calibrate(large, labels, large_public, toxic),
        both=both,
        share=share,
    )


def both_logits(files: Mapping[str, bytes], rows: Sequence[Row]) -> tuple[Logits, Logits]:
    """What the exported small and large encoder give for rows."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-arranging-") as folder:
        for name in (SMALL, LARGE):
            (Path(folder) / name).write_bytes(files[name])
        small, large = Encoder(Path(folder) / SMALL, SMALL), LargeEncoder(Path(folder) / LARGE)
        return small.logits(rows), large.logits(rows)


def best_share(small: Logits, large: Logits, labels: Sequence[Labels]) -> float:
    """How much the large encoder should count: the most that leaves people's labels nearly as likely as can be."""
    found = {share: unlikely(mix(small, large, share), labels) for share in _SHARES}
    return max(share for share, surprise in found.items() if surprise <= _NEARLY * min(found.values()))


def unlikely(logits: Logits, labels: Sequence[Labels]) -> float:
    """Mean surprise at people's decisions, concerns and clauses; less is better."""
    nothing = np.zeros((2, logits.shape[1]), np.float32)
    found = scores_of(logits, calibrate(logits, labels, nothing, np.array([True, False])))
    return float(np.mean([_surprise(one, true) for one, true in zip(found, labels, strict=True)]))


def _surprise(scores: Scores, labels: Labels) -> float:
    chances = [_chance(scores, labels), scores.concerns.get(labels.concern, 1 - scores.concern)]
    chances += [scores.clauses[one] if one in labels.clauses else 1 - scores.clauses[one] for one in Clause]
    return float(-np.log(np.clip(chances, 1e-6, 1)).sum())


def _chance(scores: Scores, labels: Labels) -> float:
    by_outcome = {Outcome.FLAG: scores.flag, Outcome.REDIRECT: scores.redirect}
    return by_outcome.get(labels.outcome, 1 - scores.flag - scores.redirect)


def bounds_of(small: Sequence[Scores], both: Sequence[Scores], labels: Sequence[Labels]) -> Bounds:
    """The highest bounds under which hardly any message is cleared that both together would have found."""
    rows = list(zip(small, both, labels, strict=True))

    def low(holds: Callable[[Labels], bool], score: Callable[[Scores], float]) -> float:
        found = [score(one) for one, together, true in rows if holds(true) and score(together) >= _FOUND]
        return float(np.floor(np.quantile(found, MISSED, method="lower") * 1e5) / 1e5) if found else _FOUND

    return Bounds(
        flag=low(lambda true: true.outcome is Outcome.FLAG, lambda one: one.flag),
        redirect=low(lambda true: true.outcome is Outcome.REDIRECT, lambda one: one.redirect),
        concern=low(lambda true: true.concern is not Concern.NONE, lambda one: one.concern),
        threat=low(lambda true: Clause.THREAT in true.clauses, lambda one: one.clauses[Clause.THREAT]),
    )
