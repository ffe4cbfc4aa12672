"""Who is told, who decides, who hears an appeal, and what the author hears."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.routing import author_notice, recipients
from moderation.vocabulary import Clause, Concern, Meant, Outcome, Role, Severity, Target, Verdict

HEAD, DEPUTY, DSL, CHAIR, GOVERNOR = Role.HEADTEACHER, Role.DEPUTY, Role.DSL, Role.CHAIR, Role.GOVERNOR
EVERYBODY = frozenset({HEAD, DEPUTY, DSL, CHAIR, GOVERNOR})
OF_HEAD = Meant(Target.HEADTEACHER, "roster", about_headteacher=True)
TO_HEAD = Meant(Target.HEADTEACHER, "reply", to_headteacher=True, addressed=True)
OTHER = Meant(Target.PARENT, "reply", addressed=True)


def case(
    meant: Meant = OTHER,
    concern: Concern = Concern.NONE,
    outcome: Outcome = Outcome.FLAG,
    severity: Severity = Severity.ABUSIVE,
    clause: Clause = Clause.ABUSE_ABOUT,
) -> Verdict:
    return Verdict(outcome, (clause,), severity, concern, 0.9, meant=meant)


@pytest.mark.parametrize(
    ("verdict", "available", "inform", "decide", "appeals"),
    [
        (case(), EVERYBODY, (HEAD,), (HEAD,), CHAIR),
        (case(), {DEPUTY, DSL}, (DEPUTY,), (DEPUTY,), DSL),
        (case(), {DSL, CHAIR}, (DSL,), (DSL,), CHAIR),
        (case(), {CHAIR}, (CHAIR,), (CHAIR,), None),
        (case(), frozenset(), (), (), None),
        (case(OF_HEAD), EVERYBODY, (CHAIR,), (CHAIR,), GOVERNOR),
        (case(OF_HEAD), {HEAD, DEPUTY, DSL}, (DSL,), (DSL,), None),
        (case(OF_HEAD), {HEAD, DEPUTY}, (), (), None),
        (case(TO_HEAD), EVERYBODY, (HEAD, CHAIR), (CHAIR,), GOVERNOR),
        (case(TO_HEAD), {HEAD, DSL}, (HEAD, DSL), (DSL,), None),
        (case(concern=Concern.CHILD), EVERYBODY, (DSL, HEAD), (HEAD,), CHAIR),
        (case(concern=Concern.CHILD, outcome=Outcome.OK), EVERYBODY, (DSL, HEAD), (HEAD,), CHAIR),
        (case(OF_HEAD, Concern.STAFF_CHILD), EVERYBODY, (DSL, CHAIR), (CHAIR,), GOVERNOR),
        (case(TO_HEAD, Concern.STAFF_CHILD), EVERYBODY, (DSL, CHAIR), (CHAIR,), GOVERNOR),
        (case(TO_HEAD, Concern.DANGER), EVERYBODY, (DSL, HEAD, CHAIR), (CHAIR,), GOVERNOR),
        (case(TO_HEAD, Concern.CHILD, Outcome.OK), EVERYBODY, (DSL, HEAD), (HEAD,), CHAIR),
        (case(outcome=Outcome.REDIRECT), EVERYBODY, (), (), None),
        (case(OF_HEAD, outcome=Outcome.OK), EVERYBODY, (), (), None),
    ],
)
def test_the_right_people_are_told(
    verdict: Verdict,
    available: frozenset[Role],
    inform: tuple[Role, ...],
    decide: tuple[Role, ...],
    appeals: Role | None,
) -> None:
    found = recipients(verdict, available_roles=frozenset(available))
    assert (found.inform, found.decide, found.appeals) == (inform, decide, appeals)


@settings(deadline=None)  # a shared machine is no stopwatch
@given(
    st.sampled_from([OF_HEAD, TO_HEAD, OTHER]),
    st.sampled_from(Concern),
    st.sampled_from(Outcome),
    st.frozensets(st.sampled_from(sorted(EVERYBODY))),
)
def test_nobody_hears_a_case_about_themselves_or_their_own_appeal(
    meant: Meant, concern: Concern, outcome: Outcome, available: frozenset[Role]
) -> None:
    found = recipients(case(meant, concern, outcome), available_roles=available)
    assert set(found.decide) <= set(found.inform) <= available
    assert found.appeals not in found.decide
    assert not found.never & {*found.inform, *found.decide}
    if meant.about_headteacher and (outcome is Outcome.FLAG or concern is not Concern.NONE):
        assert HEAD in found.never


def test_the_author_hears_only_of_milder_breaches() -> None:
    heard = {
        (outcome, severity, concern, clause)
        for outcome, severity, concern, clause in itertools.product(
            Outcome, Severity, Concern, (Clause.ABUSE_ABOUT, Clause.THREAT)
        )
        if author_notice(case(concern=concern, outcome=outcome, severity=severity, clause=clause))
    }
    assert heard == {
        (Outcome.FLAG, severity, Concern.NONE, Clause.ABUSE_ABOUT) for severity in (Severity.RUDE, Severity.ABUSIVE)
    }
