"""The findings as people read them, and as machines do."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from bot.doctor.findings import Finding, State

_MARKS = {State.FINE: "[green]✓[/green]", State.NOTE: "[yellow]![/yellow]", State.WRONG: "[red]✗[/red]"}


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is wrong."""
    return all(finding.state is not State.WRONG for finding in findings)


def as_table(findings: Sequence[Finding]) -> Table:
    """A row for each finding, with what to do under it."""
    table = Table("", "Check", "What was found", show_lines=False)
    for finding in findings:
        words = escape(finding.text)
        if finding.remedy:
            words += f"\n[bold]To do:[/bold] {escape(finding.remedy)}"
        table.add_row(_MARKS[finding.state], escape(finding.check), words)
    return table


def as_json(findings: Sequence[Finding]) -> str:
    """One JSON object: `well`, and `findings` with check, state, text and remedy."""
    listed = [asdict(finding) for finding in findings]
    return json.dumps({"well": is_well(findings), "findings": listed}, ensure_ascii=False, indent=2)


def summary(findings: Sequence[Finding]) -> str:
    """The last line: how it stands."""
    wrong = sum(finding.state is State.WRONG for finding in findings)
    if wrong:
        return f"{wrong} to put right." if wrong > 1 else "One thing to put right."
    return "All is in place."
