"""The one place that judges: probabilities and who is meant go in, a verdict comes out.

A policy is data with a version (`config/policy.toml`), so that a case a year old can say by which it was judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from moderation.legibility import Legibility, legibility
from moderation.normalise import normalise
from moderation.vocabulary import (
    Clause,
    Concern,
    Meant,
    Outcome,
    Scores,
    Severity,
    Target,
    Utterance,
    Verdict,
)

_ABUSE = (Clause.ABUSE_TO_PARENT, Clause.ABUSE_ABOUT, Clause.ABUSE_TO_STAFF)
_KEYS = (
    "flag",
    "flag_alone",
    "threat_alone",
    "flag_of_self",
    "redirect",
    "concern",
    "second_abuse",
    "trust_engine",
)
_SEVERITY_KEYS = ("abusive_toxicity", "grave_defamation")


class PolicyError(ValueError):
    """The policy data cannot be used. The message names the key at fault."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds, each a probability from 0 to 1; what each means is written beside it in `config/policy.toml`."""

    version: str
    flag: float
    flag_alone: float
    threat_alone: float
    flag_of_self: float
    redirect: float
    concern: float
    second_abuse: float
    trust_engine: float
    abusive_toxicity: float
    grave_defamation: float
    clauses: Mapping[Clause, float]

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> "Policy":
        """Build a policy from parsed TOML.

        Raises:
            PolicyError: a key is missing, unknown, or no probability; the message names it.
        """
        _only(data, {"version", "thresholds", "clauses", "severity"}, "")
        version = data.get("version")
        if not isinstance(version, str) or not version.strip():
            raise PolicyError("version: expected a text that is not empty")
        thresholds, severity = _table(data, "thresholds", _KEYS), _table(data, "severity", _SEVERITY_KEYS)
        clauses = _table(data, "clauses", tuple(clause.value for clause in Clause))
        return cls(
            version=version,
            **thresholds,
            **severity,
            clauses={clause: clauses[clause.value] for clause in Clause},
        )


def _table(data: Mapping[str, object], name: str, keys: tuple[str, ...]) -> dict[str, float]:
    table = data.get(name)
    if not isinstance(table, Mapping):
        raise PolicyError(f"{name}: expected a table")
    _only(table, set(keys), f"{name}.")
    found: dict[str, float] = {}
    for key in keys:
        value = table.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise PolicyError(f"{name}.{key}: expected a number from 0 to 1")
        found[key] = float(value)
    return found


def _only(table: Mapping[str, object], known: set[str], prefix: str) -> None:
    unknown = sorted(str(key) for key in table if key not in known)
    if unknown:
        raise PolicyError(f"{prefix}{unknown[0]}: unknown key")


def are_valid(scores: Scores) -> bool:
    """Whether every score is a probability and every clause has one."""
    values = [scores.toxicity, scores.redirect, scores.flag, scores.concern]
    values += [*scores.clauses.values(), *scores.concerns.values(), *scores.severities.values()]
    return all(isfinite(value) and 0 <= value <= 1 for value in values) and set(scores.clauses) == set(Clause)


def judge(scores: Scores | None, meant: Meant, utterance: Utterance, policy: Policy) -> Verdict:
    """Return what the policy makes of one utterance; `scores` is `None` where nothing was scored.

    Staff are under another policy (clause 1.3): always `ok`. A text that cannot be read as English is `ok`
    with `low_confidence`, whatever its scores. A concern stands beside any outcome.
    """
    if utterance.sender.is_staff:
        return Verdict(Outcome.OK, confidence=1.0, meant=meant)
    readable = legibility(normalise(utterance.text).text)
    if scores is None or readable is not Legibility.ENGLISH:
        unsure = readable is not Legibility.EMPTY
        return Verdict(Outcome.OK, confidence=0.0 if unsure else 1.0, low_confidence=unsure, meant=meant, scores=scores)
    concern = _concern(scores, meant, policy)
    clauses = _clauses(scores, meant, policy) if _is_flagged(scores, meant, policy) else ()
    if clauses:
        severity = _severity(scores, clauses, concern, policy)
        outcome, confidence = Outcome.FLAG, max(scores.flag, *(scores.clauses[clause] for clause in clauses))
    elif scores.redirect >= policy.redirect:
        severity, outcome, confidence = Severity.NONE, Outcome.REDIRECT, scores.redirect
    else:
        severity, outcome = Severity.NONE, Outcome.OK
        confidence = 1.0 - max(scores.flag, scores.redirect)
    return Verdict(outcome, clauses, severity, concern, confidence, meant=meant, scores=scores)


def _is_flagged(scores: Scores, meant: Meant, policy: Policy) -> bool:
    if scores.clauses[Clause.THREAT] >= policy.threat_alone:
        return True  # a threat is rare, and a missed one costs most; "I'm going to ..." looks like talk of oneself
    if meant.target is Target.SELF and scores.flag < policy.flag_of_self:
        return False  # people may be as rude about themselves as they like
    return scores.flag >= policy.flag or max(scores.clauses.values()) >= policy.flag_alone


def _clauses(scores: Scores, meant: Meant, policy: Policy) -> tuple[Clause, ...]:
    """The clauses over their thresholds (at least the likeliest), abuse under the one that fits who is meant."""
    over = {clause for clause in Clause if scores.clauses[clause] >= policy.clauses[clause]}
    over = over or {max(Clause, key=lambda clause: scores.clauses[clause])}
    if over & set(_ABUSE):
        fitting = _fitting_abuse(scores, meant, policy)
        second = {
            clause
            for clause in over & set(_ABUSE)
            if scores.clauses[clause] >= policy.second_abuse
            and Clause.ABUSE_ABOUT in {clause, fitting}
            and (clause is Clause.ABUSE_ABOUT or _may_be_addressed(meant))
        }
        over = (over - set(_ABUSE)) | {fitting} | second
    return tuple(clause for clause in Clause if clause in over)


def _fitting_abuse(scores: Scores, meant: Meant, policy: Policy) -> Clause:
    """The engine's own choice where it is clear, since it has read the roles in the text; else who is meant decides."""
    ranked = sorted(_ABUSE, key=lambda clause: scores.clauses[clause], reverse=True)
    if scores.clauses[ranked[0]] - scores.clauses[ranked[1]] >= policy.trust_engine:
        return ranked[0]
    if meant.because == "none":
        to = max(scores.clauses[Clause.ABUSE_TO_PARENT], scores.clauses[Clause.ABUSE_TO_STAFF])
        return Clause.ABUSE_ABOUT if scores.clauses[Clause.ABUSE_ABOUT] >= to else Clause.ABUSE_TO_PARENT
    if not meant.addressed:
        return Clause.ABUSE_ABOUT
    return Clause.ABUSE_TO_STAFF if meant.target in {Target.STAFF, Target.HEADTEACHER} else Clause.ABUSE_TO_PARENT


def _may_be_addressed(meant: Meant) -> bool:
    """Whether abuse can be said TO somebody: it is, or nothing but a pronoun says that it is not."""
    return meant.addressed or meant.because in {"pronoun", "none"}


def _severity(scores: Scores, clauses: tuple[Clause, ...], concern: Concern, policy: Policy) -> Severity:
    if scores.severities:
        likeliest = max(scores.severities, key=lambda severity: scores.severities[severity])
        return Severity.GRAVE if Clause.THREAT in clauses else likeliest
    if Clause.THREAT in clauses or Clause.DISCRIMINATORY in clauses:
        return Severity.GRAVE
    if Clause.DEFAMATORY in clauses:
        grave = concern is not Concern.NONE or scores.clauses[Clause.DEFAMATORY] >= policy.grave_defamation
        return Severity.GRAVE if grave else Severity.ABUSIVE
    return Severity.ABUSIVE if scores.toxicity >= policy.abusive_toxicity else Severity.RUDE


def _concern(scores: Scores, meant: Meant, policy: Policy) -> Concern:
    if scores.concern < policy.concern:
        return Concern.NONE
    kinds = {kind: score for kind, score in scores.concerns.items() if kind is not Concern.NONE}
    if kinds:
        return max(kinds, key=lambda kind: kinds[kind])
    return Concern.STAFF_CHILD if meant.target in {Target.STAFF, Target.HEADTEACHER} else Concern.CHILD
