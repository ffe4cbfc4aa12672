"""The sections that write the same messages again: under a disguise, and with other names."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.column import Asked
from moderation.training.evaluation.evasions import (
    DISGUISES,
    Disguise,
    Place,
    content_places,
    disguised,
    telling_places,
)
from moderation.training.evaluation.intervals import Bools, Estimate
from moderation.training.evaluation.origins import ORIGINS, Origin
from moderation.training.evaluation.renaming import holds_a_name, rename, rename_roster
from moderation.training.evaluation.report import Row, Section
from moderation.training.evaluation.run import Run, asked
from moderation.vocabulary import Outcome, Utterance, Verdict

#: So many messages are disguised, of those to flag and of the harmless: each comes back once a disguise.
MOST_FLAGGED, MOST_HARMLESS = 240, 160
#: So many messages that name somebody are written with other names, unless the run is to be thorough.
MOST_NAMING = 600


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A message to disguise: its place among the cases, and the words."""

    at: int
    places: tuple[Place, ...]


def evasions_sections(run: Run) -> list[Section]:
    """What disguises hide, and what they make of harmless messages."""
    cases = run.cases(run.part)
    rng = Random(run.options.seed)  # noqa: S311 - a draw, not a secret
    flagged = _chosen(cases, [at for at, one in enumerate(cases) if one.labels.outcome is Outcome.FLAG], rng)
    harmless = _chosen(cases, [at for at, one in enumerate(cases) if one.is_quiet], rng, harmless=True)
    return [_hidden(run, flagged), _odd(run, harmless)]


def _chosen(cases: Sequence[Labelled], places: list[int], rng: Random, *, harmless: bool = False) -> list[_Chosen]:
    rng.shuffle(places)
    found = []
    for at in places:
        text, roster = cases[at].utterance.text, cases[at].roster
        words = content_places(text, roster, rng) if harmless else telling_places(text, roster)
        if words and "obfuscated" not in cases[at].tags:
            found.append(_Chosen(at, tuple(words)))
    return sorted(found[: MOST_HARMLESS if harmless else MOST_FLAGGED], key=lambda one: one.at)


def _spelt(run: Run, chosen: Sequence[_Chosen], disguise: Disguise) -> list[tuple[int, Asked]]:
    """The disguised messages with their places; those on which the disguise finds nothing to do are left out."""
    cases = run.cases(run.part)
    found = []
    for one in chosen:
        case = cases[one.at]
        rng = Random(f"{run.options.seed} {disguise.name} {case.case.id}")  # noqa: S311
        said = case.utterance
        text = disguised(said.text, one.places, disguise, rng)
        if text != said.text:
            found.append((one.at, (Utterance(text, said.sender, said.reply_to), case.roster)))
    return found


def _hidden(run: Run, chosen: Sequence[_Chosen]) -> Section:
    """Of what a column flags when it is plain: how much it no longer flags."""
    rows, whole = [], _Tally(run)
    for disguise in DISGUISES:
        spelt = _spelt(run, chosen, disguise)
        rows.append(whole.row(disguise.name, spelt, lost=True))
    rows.append(whole.total("all disguises", lost=True))
    notes = (
        f"Of {len(chosen)} messages to flag, those that the column flags when they are plain; their rude words (else "
        "telling ones, else the longest) are disguised. Points of recall lost: 0 is best.",
    )
    return Section("evasions", "Disguises: recall lost, in points", tuple(rows), notes)


def _odd(run: Run, chosen: Sequence[_Chosen]) -> Section:
    """Of harmless messages with a disguised word: how many are flagged."""
    whole = _Tally(run)
    cases = run.cases(run.part)
    plain = [(one.at, (cases[one.at].utterance, cases[one.at].roster)) for one in chosen]
    rows = [whole.row("as written", plain, lost=False, add=False)]
    rows += [whole.row(disguise.name, _spelt(run, chosen, disguise), lost=False) for disguise in DISGUISES]
    rows.append(whole.total("all disguises", lost=False))
    notes = (f"{len(chosen)} messages on which nothing should follow, with one or two words at random disguised.",)
    return Section("evasions-harmless", "Disguises on harmless messages: false flags per 1,000", tuple(rows), notes)


class _Tally:
    """Counts by column what becomes of disguised messages, each alone and all together."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain = {one.name: verdicts for one, verdicts in run.judged(run.part) if one in run.tried}
        self._parts: dict[str, list[Bools]] = {name: [] for name in self._plain}
        self._groups: list[str] = []

    def row(self, label: str, spelt: Sequence[tuple[int, Asked]], *, lost: bool, add: bool = True) -> Row:
        """The figure of one disguise; `lost` counts what is no longer flagged, else what is."""
        judged = self._run.ask(f"disguise: {label}", [one for _, one in spelt], self._run.tried)
        cases = self._run.cases(self._run.part)
        groups = [cases[at].conversation for at, _ in spelt]
        found: dict[str, Estimate | None] = {}
        for column, verdicts in judged:
            plain = self._plain[column.name]
            among = np.array([not lost or _is_flag(plain[at]) for at, _ in spelt], bool)
            parts = np.column_stack([among, _flags(verdicts) != lost])
            found[column.name] = self._share(groups, parts, lost=lost)
            if add:
                self._parts[column.name].append(parts)
        self._groups += groups if add else []
        return Row(label, "points" if lost else "per 1,000", found)

    def total(self, label: str, *, lost: bool) -> Row:
        """The figure over all disguises so far."""
        found = {
            name: self._share(self._groups, np.concatenate(parts), lost=lost) for name, parts in self._parts.items()
        }
        return Row(label, "points" if lost else "per 1,000", found)

    def _share(self, groups: Sequence[str], parts: Bools, *, lost: bool) -> Estimate | None:
        return self._run.draws_of(groups).share(parts[:, 0], parts[:, 1], scale=100.0 if lost else 1_000.0)


def _flags(verdicts: Sequence[Verdict]) -> Bools:
    return np.array([_is_flag(one) for one in verdicts], bool)


def _is_flag(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.FLAG


def renaming_section(run: Run) -> Section:
    """Whether a verdict depends on what people are called."""
    everything = run.cases(run.part)
    naming = [at for at, case in enumerate(everything) if holds_a_name(case)]
    places = naming if run.options.thorough else _some(everything, naming, run.options.seed)
    cases = [everything[at] for at in places]
    draws = run.draws(cases)
    plain = {one.name: verdicts for one, verdicts in run.judged(run.part)}
    old = {name: [verdicts[at] for at in places] for name, verdicts in plain.items()}
    ok, every = np.array([case.is_ok for case in cases], bool), np.ones(len(cases), bool)
    same: list[Row] = []
    false: list[Row] = [Row("false flags: as written", "per 1,000", {})]
    for column in run.tried:
        false[0].values[column.name] = draws.share(ok, _flags(old[column.name]), scale=1_000.0)
    for origin in ORIGINS:
        answers = run.ask(f"names: {origin.name}", asked(_renamed(cases, origin)), run.tried)
        kept = {one.name: draws.share(every, _kept(old[one.name], verdicts)) for one, verdicts in answers}
        wrong = {one.name: draws.share(ok, _flags(verdicts), scale=1_000.0) for one, verdicts in answers}
        same.append(Row(f"unchanged: {origin.name}", "share", kept))
        false.append(Row(f"false flags: {origin.name}", "per 1,000", wrong))
    rows = [*same, *false, _spread(false[1:])]
    notes = (
        f"{len(cases)} of the {len(naming)} messages that name somebody, or answer one that does, in each of "
        f"{len(ORIGINS)} schools. Unchanged: same decision, clauses and concern. Other messages are the same anyway.",
    )
    return Section("renaming", f"Other names, our {run.part} part", tuple(rows), notes)


def _some(cases: Sequence[Labelled], places: Sequence[int], seed: int) -> list[int]:
    """Whole conversations at random, until they hold enough of these places."""
    by_conversation: dict[str, list[int]] = {}
    for at in places:
        by_conversation.setdefault(cases[at].conversation, []).append(at)
    names = sorted(by_conversation)
    Random(seed).shuffle(names)  # noqa: S311 - a draw, not a secret
    found: list[int] = []
    for name in names:
        if len(found) < MOST_NAMING:
            found += by_conversation[name]
    return sorted(found)


def _renamed(cases: Sequence[Labelled], origin: Origin) -> list[Labelled]:
    schools = {id(case.roster): rename_roster(case.roster, origin) for case in cases}
    return [rename(case, schools[id(case.roster)]) for case in cases]


def _kept(old: Sequence[Verdict], new: Sequence[Verdict]) -> Bools:
    pairs = zip(old, new, strict=True)
    return np.array([(a.outcome, a.clauses, a.concern) == (b.outcome, b.clauses, b.concern) for a, b in pairs], bool)


def _spread(rows: Sequence[Row]) -> Row:
    """The worst origin's false flags by the best one's, without the names that were chosen to look rude."""
    rude = {f"false flags: {origin.name}" for origin in ORIGINS if origin.looks_rude}
    found: dict[str, Estimate | None] = {}
    for name in rows[0].values:
        values = {row.label: one for row in rows if row.label not in rude and (one := row.values[name])}
        if values and min(one.value for one in values.values()) > 0:
            worst = max(values, key=lambda label: values[label].value)
            best = min(values, key=lambda label: values[label].value)
            times = values[worst].value / values[best].value
            note = f"[{worst.split(': ')[1]}/{best.split(': ')[1]}]"
            found[name] = Estimate(times, times, times, values[worst].count, note)
    return Row("false flags: worst origin by best", "times", found)
