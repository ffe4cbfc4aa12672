"""The report: sections of rows by columns, as tables for the terminal, as Markdown, and as JSON.

It holds figures and names of cases, never a text.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.table import Table

from moderation.training.evaluation.intervals import Estimate

#: How a figure is written, by its unit; intervals follow in the same form.
_FORMATS = {
    "share": "{:.2f}",
    "auc": "{:.3f}",
    "per 1,000": "{:.0f}",
    "points": "{:.1f}",
    "ms": "{:.2f}",
    "times": "{:.3f}",
    "ratio": "{:.1f}",
    "MB": "{:.1f}",
    "per s": "{:,.0f}",
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure for each column that has it, by the column's name. `unit` is one of `_FORMATS`."""

    label: str
    unit: str
    values: dict[str, Estimate | None]

    def cell(self, column: str) -> str:
        """The figure with its interval as a reader sees it."""
        found = self.values.get(column)
        if found is None:
            return NOTHING
        form = _FORMATS[self.unit]
        text = form.format(found.value)
        if found.low != found.high:
            text += f" ({form.format(found.low)}–{form.format(found.high)})"
        return f"{text} {found.note}" if found.note else text

    @property
    def count(self) -> str:
        """How many messages the figure rests on; empty for no message, or a number of its own for each column."""
        counts = {one.count for one in self.values.values() if one}
        return str(counts.pop() or "") if len(counts) == 1 else ""


@dataclass(frozen=True, slots=True)
class Section:
    """One table. `skipped` says in one line why there is none, and what to do."""

    key: str
    title: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured in one run. `missing` says of each column that is not there why it is not."""

    columns: tuple[str, ...]
    versions: dict[str, str]
    missing: dict[str, str]
    sections: tuple[Section, ...]
    pictures: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def table_of(section: Section, columns: Sequence[str]) -> Table:
    """A section for the terminal, with the columns that have something to say in it."""
    shown = _shown(section, columns)
    table = Table("", "n", *shown, title=section.title, title_justify="left", caption="\n".join(section.notes) or None)
    table.caption_justify = "left"
    for row in section.rows:
        cells = [f"[dim]{NOTHING}[/]" if cell == NOTHING else cell for cell in map(row.cell, shown)]
        table.add_row(row.label, row.count, *cells)
    return table


def _shown(section: Section, columns: Sequence[str]) -> list[str]:
    return [name for name in columns if any(row.values.get(name) for row in section.rows)]


def as_markdown(report: Report) -> str:
    """The whole report as one page."""
    lines = [
        "# Evaluation",
        "",
        "Figures with 95 % intervals. What a column cannot tell is –; n is empty where each column has its own.",
        "",
    ]
    lines += [f"- **{name}**: {version}" for name, version in report.versions.items()]
    lines += [f"- **{name}**: {why}" for name, why in report.missing.items()]
    for section in report.sections:
        lines += ["", f"## {section.title}", ""]
        if section.skipped:
            lines.append(f"Skipped: {section.skipped}")
            continue
        shown = _shown(section, report.columns)
        lines.append("| " + " | ".join(["", "n", *shown]) + " |")
        lines.append("|" + "---|" * (len(shown) + 2))
        for row in section.rows:
            lines.append("| " + " | ".join([row.label, row.count, *map(row.cell, shown)]) + " |")
        lines += ["", *section.notes] if section.notes else []
    for name in report.pictures:
        lines += ["", f"![{name}]({name})"]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """The whole report for other programs. A figure is its value, low, high, count and note; or null."""
    content = {
        **asdict(report),
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
