"""One run: what is asked for, the columns, the cases read once, and verdicts judged once for every section."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.training.evaluation.cases import CORPUS, Absent, Labelled, read_dev, read_part
from moderation.training.evaluation.column import Asked, Column
from moderation.training.evaluation.columns import Opening
from moderation.training.evaluation.intervals import DRAWS, SEED, Draws
from moderation.training.split import Part
from moderation.vocabulary import Verdict

Judged = list[tuple[Column, list[Verdict]]]
#: Told of what is under way (a title), of how many messages, and of how many columns.
Watch = Callable[[str, int], Callable[[int], None]]

DEV = "dev"


def _unwatched(title: str, total: int) -> Callable[[int], None]:
    return lambda done: None


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for. `only` names sections; empty means all of them."""

    data: Path
    out: Path | None = None
    corpus: Path = CORPUS
    parts: tuple[Part, ...] = (Part.TEST,)
    only: frozenset[str] = frozenset()
    opening: Opening = field(default_factory=Opening)
    thorough: bool = False
    draws: int = DRAWS
    seed: int = SEED
    errors: int = 0
    show_texts: bool = False
    untrained: bool = False
    torch_python: Path | None = None


class Run:
    """Holds what sections share. Reads and judges on first use."""

    def __init__(self, options: Options, columns: Sequence[Column], watch: Watch = _unwatched) -> None:
        """Measure `columns` as `options` say."""
        self.options, self.columns = options, tuple(columns)
        self._watch = watch
        self._cases: dict[str, list[Labelled]] = {}
        self._judged: dict[tuple[str, str], list[Verdict]] = {}

    @property
    def part(self) -> Part:
        """The part of our corpus that trials are made with: the first that was asked for."""
        return self.options.parts[0]

    @property
    def tried(self) -> tuple[Column, ...]:
        """The columns for sections that write each message many times over: stages only if asked for."""
        return tuple(one for one in self.columns if self.options.thorough or not one.is_stage)

    def cases(self, name: str) -> list[Labelled]:
        """The cases of a part of our corpus, or of the school's sample (`dev`).

        Raises:
            Absent: they are not there.
            BadInput, RosterRefused: a line cannot be used.
        """
        if name not in self._cases:
            options = self.options
            self._cases[name] = read_dev(options.data) if name == DEV else read_part(Part(name), options.corpus)
        return self._cases[name]

    def draws(self, cases: Sequence[Labelled]) -> Draws:
        """The draws of these cases, by conversation."""
        return self.draws_of([case.conversation for case in cases])

    def draws_of(self, groups: Sequence[str]) -> Draws:
        """The draws of messages in these groups."""
        return Draws(groups, draws=self.options.draws, seed=self.options.seed)

    def judged(self, name: str) -> Judged:
        """The verdicts of every column on the cases of this name."""
        cases = self.cases(name)
        wanted = [one for one in self.columns if (name, one.name) not in self._judged]
        tell = self._watch(f"judging {name}", len(wanted) * len(cases))
        for column in wanted:
            self._judged[name, column.name] = column.verdicts(asked(cases), tell)
        return [(column, self._judged[name, column.name]) for column in self.columns]

    def ask(self, title: str, questions: Sequence[Asked], columns: Sequence[Column] | None = None) -> Judged:
        """The verdicts of the columns (all if not given) on any messages, judged once and not kept."""
        chosen = self.columns if columns is None else columns
        tell = self._watch(title, len(chosen) * len(questions))
        return [(column, column.verdicts(questions, tell)) for column in chosen]

    def of(self, column: Column) -> list[Verdict]:
        """The verdicts of one column on the part that trials are made with."""
        return dict(zip([one.name for one in self.columns], self.judged(self.part), strict=True))[column.name][1]


def asked(cases: Sequence[Labelled]) -> list[Asked]:
    """The cases as columns are asked about them."""
    return [(case.utterance, case.roster) for case in cases]


__all__ = ["DEV", "Absent", "Judged", "Options", "Run", "asked"]
