"""The sections that judge messages as they were written: labelled cases, near pairs, slices, public test sets."""

import re
from collections.abc import Sequence
from random import Random

import numpy as np

from moderation.training.evaluation.cases import HATECHECK, NO_ROSTER, SURGE, Labelled, PublicText, read_public
from moderation.training.evaluation.column import Column, Knows
from moderation.training.evaluation.intervals import Bools, Draws, Estimate, Floats, ratio
from moderation.training.evaluation.lexicon import PAIRED
from moderation.training.evaluation.measures import measured
from moderation.training.evaluation.report import Row, Section
from moderation.training.evaluation.run import DEV, Run
from moderation.training.evaluation.slices import SLICES
from moderation.training.split import Part
from moderation.vocabulary import Clause, Outcome, Verdict

_MOST_PAIRS = 25
_PAIR_ROWS = ("the one to flag is flagged", "the ok one is not", "both right")


def dev_section(run: Run) -> Section:
    """A school's labelled sample that nothing was trained or tuned on."""
    cases = run.cases(DEV)
    rows = measured(cases, run.judged(DEV), run.draws(cases))
    return Section("dev", f"A school's sample (dev.jsonl): {len(cases)} messages", rows)


def part_section(run: Run, part: Part) -> Section:
    """One part of our own corpus, in schools that no training saw."""
    cases = run.cases(part)
    conversations = len({case.conversation for case in cases})
    notes = (
        "Ordinary chat: ok, no concern, tagged everyday. Beside a threat (a concern): ok messages (those without "
        "concern) of the conversations that hold one; they were written to look alike.",
    )
    rows = measured(cases, run.judged(part), run.draws(cases))
    title = f"Our {part} part: {len(cases)} messages in {conversations} conversations"
    return Section(str(part), title, rows, notes)


def pairs_section(run: Run) -> Section:
    """Near pairs: one word, said once to be flagged and once to be let be."""
    cases = run.cases(run.part)
    pairs = near_pairs(cases, run.options.seed)
    draws = run.draws_of([cases[flagged].conversation for flagged, _ in pairs])
    caught, spared, right = (Row(label, "share", {}) for label in _PAIR_ROWS)
    every = np.ones(len(pairs), bool)
    for column, verdicts in run.judged(run.part):
        flags = _flags(verdicts)
        hit = np.array([flags[flagged] for flagged, _ in pairs], bool)
        let = np.array([not flags[harmless] for _, harmless in pairs], bool)
        for row, holds in ((caught, hit), (spared, let), (right, hit & let)):
            row.values[column.name] = draws.share(every, holds)
    notes = ("A pair shares a rude or telling word of a fixed list; each message is in at most one pair a word.",)
    return Section(
        "pairs", f"Near pairs of our {run.part} part: same word, opposite labels", (right, caught, spared), notes
    )


def near_pairs(cases: Sequence[Labelled], seed: int) -> list[tuple[int, int]]:
    """Places of a message to flag and of an ok one that share a word, drawn by seed; at most 25 a word."""
    rng = Random(seed)  # noqa: S311 - a draw, not a secret
    found: list[tuple[int, int]] = []
    for word in PAIRED:
        holds = re.compile(rf"\b{word}\b", re.IGNORECASE)
        having = [at for at, case in enumerate(cases) if holds.search(case.utterance.text)]
        flagged = [at for at in having if cases[at].labels.outcome is Outcome.FLAG]
        harmless = [at for at in having if cases[at].is_ok]
        rng.shuffle(flagged)
        rng.shuffle(harmless)
        found += list(zip(flagged, harmless, strict=False))[:_MOST_PAIRS]
    return found


def slices_section(run: Run) -> Section:
    """False flags on ok messages by what they mention and how they are written."""
    cases = run.cases(run.part)
    draws, judged = run.draws(cases), run.judged(run.part)
    rows = []
    ok = np.array([case.is_ok for case in cases], bool)
    for one in SLICES:
        among = ok & np.array([one.holds(case) for case in cases], bool)
        found = {column.name: draws.share(among, _flags(verdicts), scale=1_000.0) for column, verdicts in judged}
        rows.append(Row(one.name, "per 1,000", found))
    kept = tuple(row for row in rows if any(row.values.values()))
    empty = [row.label for row in rows if row not in kept]
    notes: tuple[str, ...] = ("Told by tags and by short lists of words; a message can be in several.",)
    if empty:
        notes += (f"No ok message in this part: {', '.join(empty)}.",)
    return Section("slices", f"False flags per 1,000 ok messages of our {run.part} part", kept, notes)


def hatecheck_section(run: Run) -> Section:
    """HateCheck: hateful or not, against clause 3.4d."""
    texts = read_public(run.options.data, HATECHECK, "hateful", "functionality")
    judged = run.ask("HateCheck", [(one.utterance, NO_ROSTER) for one in texts])
    draws = run.draws_of([str(at) for at in range(len(texts))])
    truth = np.array([one.is_positive for one in texts], bool)
    found = {column.name: _hits(column, verdicts) for column, verdicts in judged}
    balanced = {name: draws.estimate(_four(hit, truth), _balanced) for name, hit in found.items()}
    plain = {name: draws.estimate(_four(hit, truth), _accuracy) for name, hit in found.items()}
    worst = {name: _worst_kind(texts, hit == truth, draws) for name, hit in found.items()}
    ranked = {
        column.name: draws.auc(np.array([_discriminatory(one) for one in verdicts]), truth)
        for column, verdicts in judged
        if Knows.DISCRIMINATION in column.knows
    }
    rows = (
        Row("balanced accuracy", "share", balanced),
        Row("accuracy (always hateful: 0.69)", "share", plain),
        Row("ROC-AUC of the 3.4d score", "auc", ranked),
        Row("worst functionality: accuracy", "share", worst),
        *_by_kind(texts, {name: hit == truth for name, hit in found.items()}, draws),
    )
    notes = ("Hateful is what the verdict holds under 3.4d; of a column that knows no clauses, whatever it flags.",)
    return Section("hatecheck", f"HateCheck: {len(texts)} texts, hateful or not", rows, notes)


def _hits(column: Column, verdicts: Sequence[Verdict]) -> Bools:
    if Knows.DISCRIMINATION in column.knows:
        return np.array([Clause.DISCRIMINATORY in verdict.clauses for verdict in verdicts], bool)
    return np.array([verdict.outcome is Outcome.FLAG for verdict in verdicts], bool)


def _discriminatory(verdict: Verdict) -> float:
    return verdict.scores.clauses[Clause.DISCRIMINATORY] if verdict.scores else 0.0


def _four(hit: Bools, truth: Bools) -> Floats:
    """By texts: rightly found, all to be found, rightly let be, all to be let be."""
    return np.column_stack([hit & truth, truth, ~hit & ~truth, ~truth]).astype(np.float64)


def _balanced(sums: Floats) -> Floats:
    return (ratio(sums[:, 0], sums[:, 1]) + ratio(sums[:, 2], sums[:, 3])) / 2


def _accuracy(sums: Floats) -> Floats:
    return ratio(sums[:, 0] + sums[:, 2], sums[:, 1] + sums[:, 3])


def _kinds(texts: Sequence[PublicText]) -> list[str]:
    return sorted({one.kind for one in texts})


def _kind_estimate(texts: Sequence[PublicText], right: Bools, kind: str, draws: Draws, note: str) -> Estimate | None:
    own = np.array([one.kind == kind for one in texts], bool)
    return draws.share(own, right, note=note)


def _worst_kind(texts: Sequence[PublicText], right: Bools, draws: Draws) -> Estimate | None:
    kinds = np.array([one.kind for one in texts])
    worst = min(_kinds(texts), key=lambda kind: (float(right[kinds == kind].mean()), kind))
    return _kind_estimate(texts, right, worst, draws, f"[{worst}]")


def _by_kind(texts: Sequence[PublicText], right: dict[str, Bools], draws: Draws) -> list[Row]:
    return [
        Row(f"  {kind}", "share", {name: _kind_estimate(texts, one, kind, draws, "") for name, one in right.items()})
        for kind in _kinds(texts)
    ]


def surge_section(run: Run) -> Section:
    """Social media comments: toxic or not, against the toxicity score."""
    texts = read_public(run.options.data, SURGE, "toxic")
    judged = run.ask("social media comments", [(one.utterance, NO_ROSTER) for one in texts])
    draws = run.draws_of([str(at) for at in range(len(texts))])
    truth = np.array([one.is_positive for one in texts], bool)
    ranked: dict[str, Estimate | None] = {}
    for column, verdicts in judged:
        if Knows.RANKS in column.knows:
            scores = np.array([verdict.scores.toxicity if verdict.scores else 0.0 for verdict in verdicts])
            ranked[column.name] = draws.auc(scores, truth)
    flagged = {column.name: draws.estimate(_four(_flags(verdicts), truth), _balanced) for column, verdicts in judged}
    rows = (Row("ROC-AUC of the toxicity score", "auc", ranked), Row("balanced accuracy of flags", "share", flagged))
    notes = ("Talk of another kind than a class group's: told to know the limits, never tuned on.",)
    title = f"Social media comments: {len(texts)} texts, toxic or not"
    return Section("surge", title, rows, notes)


def _flags(verdicts: Sequence[Verdict]) -> Bools:
    return np.array([verdict.outcome is Outcome.FLAG for verdict in verdicts], bool)
