"""The buttons under an alert while somebody decides: to confirm, to tick clauses, to pick a reason. Pure."""

from collections.abc import Mapping

from config.texts import Texts
from moderation.effects import Press, Rows
from moderation.records import DecisionOutcome
from moderation.vocabulary import Clause

#: The stages of deciding, beside the alert's own buttons ("start").
CONFIRM, REASONS, START = "confirm", "reasons", "start"


def templates(outcome: str, texts: Texts) -> list[str]:
    """The names of the ready-made reasons for an outcome."""
    prefix, suffix = f"reasons.{outcome}.", ".label"
    keys = texts.keys()
    return [key[len(prefix) : -len(suffix)] for key in keys if key.startswith(prefix) and key.endswith(suffix)]


def reason_words(outcome: str, template: str, texts: Texts) -> str:
    """A ready-made reason in full."""
    return texts.plain(f"reasons.{outcome}.{template}.words")


def confirm_rows(here: Mapping[str, str]) -> Rows:
    """To go on to the reason, or back."""
    return ((Press("decide.confirm", "decide", {**here, "stage": REASONS}),), (_back(here),))


def reason_rows(here: Mapping[str, str], clauses: tuple[Clause, ...], texts: Texts) -> Rows:
    """Clauses to tick (unless there is no breach), reasons to pick, a reason to type, and the way back."""
    outcome = here["outcome"]
    chosen = {**here, "clauses": joined(clauses)}
    rows: list[tuple[Press, ...]] = []
    if outcome != DecisionOutcome.NO_BREACH:
        rows += [(_toggle(clause, clauses, here, texts),) for clause in Clause]
    rows += [
        (Press(f"reasons.{outcome}.{one}.label", "decide_reason", {**chosen, "reason": one}),)
        for one in templates(outcome, texts)
    ]
    rows.append((Press("decide.type_own", "decide_type", chosen), _back(here)))
    return tuple(rows)


def joined(clauses: tuple[Clause, ...]) -> str:
    """Clauses as a button's argument."""
    return ",".join(clauses)


def parted(argument: str) -> tuple[Clause, ...]:
    """Clauses from a button's argument."""
    return tuple(Clause(one) for one in argument.split(",") if one)


def _toggle(clause: Clause, chosen: tuple[Clause, ...], here: Mapping[str, str], texts: Texts) -> Press:
    ticked = clause in chosen
    after = tuple(one for one in Clause if (one in chosen) != (one is clause))
    shown = texts.plain(f"decide.clause.{clause.name.lower()}")
    args = {**here, "stage": REASONS, "clauses": joined(after)}
    return Press("decide.clause_on" if ticked else "decide.clause_off", "decide", args, {"clause": shown})


def _back(here: Mapping[str, str]) -> Press:
    return Press("decide.back", "decide", {**here, "stage": START})
