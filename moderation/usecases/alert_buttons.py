"""The buttons under an alert, as they follow from the case and from who has the alert."""

from collections.abc import Iterable

from moderation.effects import Press, Rows
from moderation.records import Case, CaseStatus, CaseStep
from moderation.vocabulary import Concern, Outcome, Role

#: A message longer than this, in UTF-16 units, is cut in its alert, with a button that shows the whole of it.
QUOTED_UNITS = 1600


def alert_rows(case: Case, *, role: str, decides_as: str, taken: bool) -> Rows:
    """The buttons of one person's alert.

    Args:
        role: the role in which the person has the alert.
        decides_as: the role by which the person may decide; empty if they may not.
        taken: whether somebody has said that they see to the concern.
    """
    here = {"case": case.id, "v": str(case.version), "role": role, "decides": decides_as}
    is_open = case.status is CaseStatus.OPEN
    rows: list[tuple[Press, ...]] = []
    if is_open and case.outcome is Outcome.FLAG and decides_as:
        rows = [
            (Press("decide.no_breach", "decide", {**here, "stage": "reasons", "outcome": "no_breach"}),),
            (Press("decide.private_advice", "decide", {**here, "stage": "reasons", "outcome": "private_advice"}),),
            (Press("decide.close_group", "decide", {**here, "stage": "confirm", "outcome": "close_group"}),),
        ]
    if not taken and case.status is not CaseStatus.CLOSED and sees_to_concern(case, role, decides_as):
        rows.append((Press("concern.take", "take", here),))
    if is_open and too_long(case.text):
        rows.append((Press("alert.show_whole", "whole", here),))
    return tuple(rows)


def sees_to_concern(case: Case, role: str, decides_as: str) -> bool:
    """Whether a person sees to the case's concern: the dsl, or who decides while no dsl can be reached."""
    if case.concern is Concern.NONE:
        return False
    return role == Role.DSL or (bool(decides_as) and not case.passed_to_dsl)


def is_taken(history: Iterable[CaseStep]) -> bool:
    """Whether somebody has said that they see to the concern."""
    return any(step.step == "taken" for step in history)


def too_long(text: str) -> bool:
    """Whether a message is cut in its alert."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 > QUOTED_UNITS
