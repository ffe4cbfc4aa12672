"""The alert says what, who, which clause, how sure and why, and fits whatever somebody wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.alerts import LONGEST, Facts, alert_text
from bot.rendering.cutting import units
from config.conduct import load_code_of_conduct
from config.markup import markup_problem, without_markup
from config.texts import Texts
from moderation.effects import Alert
from moderation.records import Case, CaseStatus, CaseStep, Decision, DecisionOutcome, Group, GroupStatus
from moderation.usecases.alert_buttons import QUOTED_UNITS
from moderation.vocabulary import Clause, Concern, Outcome, Severity, Span, Target
from tests.support.casework import casework, verdict, worry

CODE, SHIPPED, LONDON = load_code_of_conduct(), Texts(), ZoneInfo("Europe/London")
GROUP = Group("g", "s", -1, "Willow (Year 3)", GroupStatus.SANCTIONED)
AT = datetime(2026, 6, 1, 13, 2, tzinfo=UTC)
CASE = Case(
    id="c",
    school_id="s",
    group_id="g",
    chat_id=-1,
    message_id=7,
    author_id="a",
    status=CaseStatus.OPEN,
    version=1,
    text="Tom, you <b>useless</b> & silly man",
    outcome=Outcome.FLAG,
    clauses=(Clause.ABUSE_TO_PARENT, Clause.DEFAMATORY),
    severity=Severity.ABUSIVE,
    concern=Concern.NONE,
    confidence=0.82,
    target=Target.PARENT,
    target_because="roster",
    about_headteacher=False,
    to_headteacher=False,
    evidence=(Span(12, 19, "useless", 0.7), Span(26, 31, "silly", 0.2)),
    written_at=AT,
    opened_at=AT,
)
DECISION = Decision(DecisionOutcome.PRIVATE_ADVICE, "h", AT, tuple(Clause), "I spoke with them.", "1")
NASTY = st.text(
    st.characters(exclude_categories=()) | st.sampled_from('<&>"🇬🇧👨‍👩‍👧🏽\u202e\u200b\u0301ערב\n'),
    min_size=1,
    max_size=600,
)


def shown(case: Case = CASE, *, role: str = "headteacher", steps: tuple[CaseStep, ...] = (), note: str = "") -> str:
    facts = Facts(case, GROUP, "Priya Nair", steps, {"h": "Mrs Karen Dickinson", "d": "Mr Paul Whitcombe"})
    return without_markup(alert_text(facts, role=role, texts=SHIPPED, code=CODE, zone=LONDON, note=note))


def test_the_first_line_says_nothing_that_a_lock_screen_should_not_show() -> None:
    for case in (CASE, replace(CASE, concern=Concern.CHILD)):
        first = shown(case).splitlines()[0]
        assert "Priya" not in first
        assert not any(word in first for word in CASE.text.replace("<", " ").replace(">", " ").split() if len(word) > 3)


def test_an_alert_says_everything_the_headteacher_needs() -> None:
    text = shown()
    for words in (
        "Willow (Year 3)",
        "Priya Nair, Mon 1 Jun, 14:02",
        CASE.text,
        "4.1 Abusive or offensive to a fellow parent",
        "3.1 Damaging claims",
        "abusive or damaging (2 of 3)",
        "fairly sure (82 %)",
        "another parent, since it has a name from the roster",
        "“useless”",
        "“silly”",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("confidence", "words"), [(1.0, "almost sure (99 %)"), (0.7, "rather sure (70 %)"), (0.5, "not sure (50 %)")]
)
def test_how_sure_is_told_in_words_and_per_cent(confidence: float, words: str) -> None:
    assert words in shown(replace(CASE, confidence=confidence))


@pytest.mark.parametrize("because", ["reply", "mention", "role", "pronoun", "none", "something new"])
@pytest.mark.parametrize("target", list(Target))
def test_every_target_and_reason_has_its_words(because: str, target: Target) -> None:
    text = shown(replace(CASE, target=target, target_because=because))
    assert ("Who seems meant" in text) == (target not in (Target.UNKNOWN, Target.NOBODY))


@pytest.mark.parametrize("severity", list(Severity))
def test_every_severity_has_its_words(severity: Severity) -> None:
    assert "How severe" in shown(replace(CASE, severity=severity))


@pytest.mark.parametrize("concern", [one for one in Concern if one is not Concern.NONE])
def test_a_concern_says_what_to_do_now_and_names_999(concern: Concern) -> None:
    passed = CaseStep("passed_to_dsl", AT)
    case = replace(CASE, concern=concern, passed_to_dsl=True, outcome=Outcome.OK, clauses=())
    for role, words in (("dsl", "child protection policy"), ("headteacher", "Speak with the designated")):
        text = shown(case, role=role, steps=(passed,))
        assert words in text
        assert "999" in text
        assert "Passed to DSL Mon 1 Jun, 14:02" in text
        assert "What it may break" not in text


def test_a_concern_that_reached_no_dsl_says_so() -> None:
    text = shown(replace(CASE, concern=Concern.CHILD))
    assert "cannot be reached" in text
    assert "999" in text


def test_a_concern_that_somebody_sees_to_names_them() -> None:
    steps = (CaseStep("passed_to_dsl", AT), CaseStep("taken", AT, "d"))
    text = shown(replace(CASE, concern=Concern.CHILD, passed_to_dsl=True), steps=steps)
    assert "Mr Paul Whitcombe sees to it" in text
    assert "What to do now" not in text


def test_a_decision_says_who_when_what_and_why() -> None:
    text = shown(replace(CASE, decision=DECISION, mistake_claimed=True, edited=True))
    for words in (
        "private advice",
        "Mrs Karen Dickinson, Mon 1 Jun, 14:02",
        "I spoke with them.",
        "version 1",
        "3.4 Threats",
        "The author says that this is a mistake",
        "(edited)",
    ):
        assert words in text
    no_breach = replace(DECISION, outcome=DecisionOutcome.NO_BREACH, clauses=())
    assert "no breach" in shown(replace(CASE, decision=no_breach))


def test_a_headteacher_to_whom_it_was_said_learns_that_another_decides() -> None:
    assert "somebody else decides" in shown(replace(CASE, to_headteacher=True))
    assert "somebody else decides" not in shown(replace(CASE, to_headteacher=True), role="chair")


def test_a_note_is_the_last_word() -> None:
    assert shown(note="decide.confirm_close").rstrip().endswith("/reopen.")


def test_an_erased_message_is_said_to_be_erased() -> None:
    assert "have been erased" in shown(replace(CASE, text="", evidence=()))


def test_a_message_is_quoted_whole_up_to_the_length_that_offers_a_button() -> None:
    assert "x" * QUOTED_UNITS in shown(replace(CASE, text="x" * QUOTED_UNITS))
    assert "x" * QUOTED_UNITS not in shown(replace(CASE, text="x" * (QUOTED_UNITS + 1)))


@settings(max_examples=150, deadline=None)  # a shared machine is no stopwatch
@given(NASTY, NASTY, NASTY, st.integers(1, 40), st.sampled_from(Concern), st.sampled_from(["dsl", "headteacher"]))
def test_an_alert_always_fits_and_is_well_formed(
    message: str, reason: str, name: str, times: int, concern: Concern, role: str
) -> None:
    text = message * times
    evidence = tuple(Span(0, len(text), text, 0.5) for _ in range(5))
    case = replace(
        CASE,
        text=text,
        evidence=evidence,
        clauses=tuple(Clause),
        concern=concern,
        mistake_claimed=True,
        edited=True,
        decision=replace(DECISION, reason=reason * times),
    )
    facts = Facts(case, replace(GROUP, title=name * times), name * times, (), {"h": name * times})
    for note in ("", "decide.confirm_close", "decide.choose_clauses_and_reason"):
        made = alert_text(facts, role=role, texts=SHIPPED, code=CODE, zone=LONDON, note=note)
        assert units(without_markup(made)) <= LONGEST
        assert markup_problem(made) is None
        made.encode("utf-8")


@pytest.mark.parametrize("sign", ["🙂", "<", "&", "\u202eא", "\u200b", "👨‍👩‍👧‍👦"])
async def test_the_longest_message_fits_in_its_alert_and_by_itself(tmp_path: Path, sign: str) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag(verdict(), text=sign * (LONGEST // units(sign)))
        for part in ("alert", "whole"):
            made = await work.rendered(Alert(101, case.id, "headteacher", part=part))
            assert made.protect
            assert 0 < units(without_markup(made.text)) <= LONGEST


async def test_an_alert_names_who_acted(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        await work.flag(worry())
        await work.deliver()
        await work.tap("dsl", "concern.take")
        assert "The dsl sees to it" in work.shown("dsl", "alert:")


async def test_an_erased_case_can_still_be_rendered(tmp_path: Path) -> None:
    async with casework(tmp_path) as work:
        case = await work.flag()
        await work.do(lambda tx: tx.cases.erase(case.id))
        for part in ("alert", "whole"):
            made = await work.rendered(Alert(101, case.id, "headteacher", part=part))
            assert "erased" in made.text
            assert "useless" not in made.text
