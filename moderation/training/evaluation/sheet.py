"""The sheet that a run fills, section after section, and what is written of it in the end."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from moderation.training.evaluation import sections, trials
from moderation.training.evaluation.columns import OURS
from moderation.training.evaluation.cost import cost_section
from moderation.training.evaluation.errors import table_of_errors, worst_errors
from moderation.training.evaluation.pictures import draw
from moderation.training.evaluation.report import Report, Section, as_json, as_markdown, table_of
from moderation.training.evaluation.run import Run


class Sheet:
    """Collects sections and prints each as it comes."""

    def __init__(self, run: Run, missing: dict[str, str], console: Console) -> None:
        """Start empty, and say which columns there are."""
        self.run, self._missing, self._console = run, missing, console
        self._sections: list[Section] = []
        self._pictures: list[str] = []
        self.parts: dict[str, float] = {}
        self.facts: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        for column in run.columns:
            console.print(f"{column.name}: {column.version}", markup=False, highlight=False)
        for name, why in missing.items():
            console.print(f"{name}: {why}", markup=False, highlight=False)

    @property
    def measured(self) -> bool:
        """Whether anything was."""
        return any(not section.skipped for section in self._sections) or bool(self.facts)

    def add(self, *found: Section) -> None:
        """Keep sections and print them."""
        columns = [column.name for column in self.run.columns]
        for section in found:
            self._sections.append(section)
            extra = [name for row in section.rows for name in row.values if name not in columns]
            self._console.print(table_of(section, [*columns, *dict.fromkeys(extra)]))

    def skip(self, key: str, why: str) -> None:
        """Say why a section is not there."""
        self._sections.append(Section(key, key, skipped=why.splitlines()[0]))
        self._console.print(f"{key}: skipped: {why}", markup=False, highlight=False)

    def draw(self) -> None:
        """Write the pictures, where there is a folder for them."""
        out = self.run.options.out
        if out is None:
            return
        out.mkdir(parents=True, exist_ok=True)
        self._pictures, errors = draw(self.run, self.parts, out)
        self.facts["calibration_error"] = errors
        self._console.print(f"Pictures: {', '.join(str(out / name) for name in self._pictures)}", markup=False)

    def errors(self) -> None:
        """Print our worst errors; their ids alone are kept."""
        options = self.run.options
        if not options.errors:
            return
        cases = self.run.cases(self.run.part)
        ours = next(column for column in self.run.columns if column.name == OURS)
        found = worst_errors(cases, self.run.of(ours), options.errors)
        self.facts["worst_errors"] = [asdict(one) for one in found]
        self._console.print(table_of_errors(found, cases, show_texts=options.show_texts))

    def write(self, out: Path) -> None:
        """Write the report into a folder, which is made where it is not there."""
        out.mkdir(parents=True, exist_ok=True)
        names = [column.name for column in self.run.columns]
        extra = [name for one in self._sections for row in one.rows for name in row.values if name not in names]
        report = Report(
            columns=(*names, *dict.fromkeys(extra)),
            versions={column.name: column.version for column in self.run.columns},
            missing=self._missing,
            sections=tuple(self._sections),
            pictures=tuple(self._pictures),
            facts={**self.facts, "seconds": self.seconds},
        )
        (out / "evaluation.json").write_text(as_json(report), encoding="utf-8")
        (out / "evaluation.md").write_text(as_markdown(report), encoding="utf-8")
        self._console.print(f"Written: {out / 'evaluation.json'}, {out / 'evaluation.md'}", markup=False)


def _parts(sheet: Sheet) -> None:
    for part in sheet.run.options.parts:
        sheet.add(sections.part_section(sheet.run, part))


def _cost(sheet: Sheet) -> None:
    section, sheet.parts = cost_section(sheet.run)
    sheet.add(section)


#: Every section in the order of the report, by the name that `--only` knows it by.
SECTIONS: dict[str, Callable[[Sheet], None]] = {
    "dev": lambda sheet: sheet.add(sections.dev_section(sheet.run)),
    "part": _parts,
    "pairs": lambda sheet: sheet.add(sections.pairs_section(sheet.run)),
    "slices": lambda sheet: sheet.add(sections.slices_section(sheet.run)),
    "hatecheck": lambda sheet: sheet.add(sections.hatecheck_section(sheet.run)),
    "surge": lambda sheet: sheet.add(sections.surge_section(sheet.run)),
    "evasions": lambda sheet: sheet.add(*trials.evasions_sections(sheet.run)),
    "renaming": lambda sheet: sheet.add(trials.renaming_section(sheet.run)),
    "cost": _cost,
    "pictures": Sheet.draw,
    "errors": Sheet.errors,
}
