"""The single path from words to a verdict, and the words that weighed most."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.engine import EngineFailed, Prepared
from moderation.explain import MOST_PIECES, MOST_SPANS, explain
from moderation.policy import Policy
from moderation.preparation import LONGEST_TEXT, WINDOW, prepare, score_all, windows
from moderation.screening import ScreeningFailed, screen
from moderation.vocabulary import Clause, Concern, Outcome, ReplyContext, Roster, Scores, Utterance, Verdict
from tests.support.word_engine import ROSTER, WordEngine, scores, sender

POLICY = Policy.from_mapping(tomllib.loads(Path("config/policy.toml").read_text(encoding="utf-8")))


def say(text: str, reply: ReplyContext | None = None, name: str = "Tom Wicks") -> Utterance:
    return Utterance(text, sender(name), reply)


def screened(*utterances: Utterance) -> list[Verdict | ScreeningFailed]:
    return screen(utterances, engine=WordEngine(), policy=POLICY, roster=ROSTER)


def verdict(text: str, reply: ReplyContext | None = None) -> Verdict:
    (found,) = screened(say(text, reply))
    assert isinstance(found, Verdict)
    return found


def test_a_batch_keeps_its_order() -> None:
    found = screened(say("lovely day"), say("what a clown Rob is"), say("grumble"), say("he has bruises"))
    assert [one.outcome for one in found if isinstance(one, Verdict)] == [
        Outcome.OK,
        Outcome.FLAG,
        Outcome.REDIRECT,
        Outcome.OK,
    ]
    assert isinstance(found[3], Verdict)
    assert found[3].concern is Concern.CHILD
    assert [span.text for span in found[3].evidence] == ["bruises"]


def test_nothing_to_screen_is_nothing() -> None:
    assert screened() == []


def test_one_broken_message_does_not_sink_its_batch() -> None:
    fine, broken, rude = screened(say("lovely day"), say("poison"), say("what a clown"))
    assert isinstance(fine, Verdict)
    assert broken == ScreeningFailed("words: EngineFailed")
    assert isinstance(rude, Verdict)
    assert rude.outcome is Outcome.FLAG


def test_a_score_that_is_no_number_is_a_failure_not_an_ok() -> None:
    broken, fine = screened(say("nonsense"), say("lovely day"))
    assert broken == ScreeningFailed("words: a score is no probability")
    assert isinstance(fine, Verdict)


def test_a_fault_of_our_own_names_the_step_and_no_word_of_the_message() -> None:
    odd = Roster(people=(object(),))  # type: ignore[arg-type]  # what is wrong with it is the point
    (found,) = screen([say("what a clown")], engine=WordEngine(), policy=POLICY, roster=odd)
    assert found == ScreeningFailed("prepare: AttributeError")


class _FailsToExplain(WordEngine):
    def score(self, prepared: object) -> list[Scores]:
        found = super().score(prepared)  # type: ignore[arg-type]  # the test hands it what the port says
        if len(self.batches) > 1:
            raise EngineFailed("words: tired")
        return found


def test_a_message_whose_evidence_cannot_be_found_is_tried_again() -> None:
    (found,) = screen([say("what a clown")], engine=_FailsToExplain(), policy=POLICY, roster=ROSTER)
    assert found == ScreeningFailed("judge: EngineFailed")


@pytest.mark.parametrize("text", ["", "  ", "🎉🎉", "\x00\x01\x02"])
def test_what_has_no_words_is_not_scored(text: str) -> None:
    engine = WordEngine()
    (found,) = screen([say(text)], engine=engine, policy=POLICY, roster=ROSTER)
    assert isinstance(found, Verdict)
    assert found.is_silent
    assert found.low_confidence == bool(text.strip())
    assert engine.batches == []


def test_what_staff_write_is_not_scored() -> None:
    engine = WordEngine()
    screen([say("you clown", name="Mr James Okafor")], engine=engine, policy=POLICY, roster=ROSTER)
    assert engine.batches == []


def test_the_engine_never_sees_a_surname() -> None:
    engine = WordEngine()
    reply = ReplyContext(sender("Rob Fairclough"), "Slagg told Mrs Dickinson")
    screen([say("C0ckburn and Mr Cockburn, what a clown", reply)], engine=engine, policy=POLICY, roster=ROSTER)
    seen = " ".join(one.text + one.reply_text for batch in engine.batches for one in batch)
    assert "staffname" in seen
    assert "headname" in seen
    assert not any(name in seen.lower() for name in ("cockburn", "slagg", "dickinson"))


def test_a_disguised_word_is_shown_as_it_was_written() -> None:
    found = verdict("he is such a c.l.o.w.n today")
    assert [span.text for span in found.evidence] == ["c.l.o.w.n"]


def test_abuse_at_the_end_of_a_huge_message_is_found() -> None:
    text = "we went to the park and it was fine. " * 100 + "Rob is a clown"
    found = verdict(text)
    assert found.outcome is Outcome.FLAG
    assert [span.text for span in found.evidence] == ["clown"]
    assert text[found.evidence[0].start : found.evidence[0].end] == "clown"


def test_of_a_huge_message_only_the_worst_part_is_tried_word_by_word() -> None:
    utterance, engine = say("we went to the park and it was fine. " * 100 + "Rob is a clown"), WordEngine()
    (whole,) = score_all(engine, [prepare(utterance, ROSTER)])
    assert [span.text for span in explain(utterance, engine, ROSTER, whole, Outcome.FLAG)] == ["clown"]
    assert sum(map(len, engine.batches)) <= 2 * len(list(windows(utterance.text))) + 2 * MOST_PIECES


def test_beyond_the_limit_nothing_is_read() -> None:
    assert verdict("fine and dandy " * (LONGEST_TEXT // 15 + 1) + "clown").outcome is Outcome.OK


@settings(deadline=None)  # a shared machine is no stopwatch
@given(st.text(alphabet="ab \n", max_size=9000) | st.integers(0, 20000).map("x".__mul__))
def test_windows_cover_the_text_and_none_is_too_long(text: str) -> None:
    pieces = list(windows(text))
    assert all(len(piece) <= WINDOW for piece in pieces)
    assert text.startswith(pieces[0])
    assert text[:LONGEST_TEXT].endswith(pieces[-1])
    assert len("".join(pieces)) >= len(text[:LONGEST_TEXT])


@settings(deadline=None)  # a shared machine is no stopwatch
@given(st.lists(st.sampled_from(["clown", "muppet", "useless", "you", "Tom,", "lovely", "c.l.o.w.n"]), max_size=60))
def test_taking_evidence_out_lowers_the_score(words: list[str]) -> None:
    utterance, engine = say(" ".join(words)), WordEngine()
    (whole,) = score_all(engine, [prepare(utterance, ROSTER)])
    spans = explain(utterance, engine, ROSTER, whole, Outcome.FLAG)
    assert len(spans) <= MOST_SPANS
    assert all(len(batch) <= 2 * MOST_PIECES for batch in engine.batches)
    for span in spans:
        assert utterance.text[span.start : span.end] == span.text
        rest = say(utterance.text[: span.start] + utterance.text[span.end :])
        assert score_all(engine, [prepare(rest, ROSTER)])[0].flag < whole.flag
        assert 0 < span.weight <= 1


def test_a_word_said_twice_is_found_by_the_piece() -> None:
    assert [span.text for span in verdict("clown clown, Rob").evidence] == ["clown clown"]
    found = verdict("Rob is nice but clown clown it is he said")
    assert [span.text for span in found.evidence] == ["but clown clown"]


@pytest.mark.parametrize(("finding", "word"), [(Clause.ABUSE_ABOUT, "clown"), (Outcome.REDIRECT, "grumble")])
def test_each_finding_is_explained_by_its_own_score(finding: Clause | Outcome, word: str) -> None:
    utterance, engine = say("a clown and a grumble"), WordEngine()
    (whole,) = score_all(engine, [prepare(utterance, ROSTER)])
    assert [span.text for span in explain(utterance, engine, ROSTER, whole, finding)] == [word]


class _Everything(WordEngine):
    """Every word weighs; the longer the message, the likelier a flag."""

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        return [scores(min(0.99, len(one.original) / 100)) for one in prepared]


def _weighed(text: str) -> list[str]:
    utterance, engine = say(text), _Everything()
    (whole,) = score_all(engine, [prepare(utterance, ROSTER)])
    return [span.text for span in explain(utterance, engine, ROSTER, whole, Outcome.FLAG)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mrs Dickinson is the worst", ["worst"]),
        ("You are a grumpy clown Rob and you’re late", ["grumpy", "clown", "late"]),
        ("that teacher is rubbish", ["rubbish"]),
        ("You are THE one", ["one"]),
    ],
)
def test_names_roles_and_bare_function_words_are_no_evidence(text: str, words: list[str]) -> None:
    assert _weighed(text) == words


@pytest.mark.parametrize("text", ["Tom Wicks", "is it you"])
def test_where_nothing_else_weighs_a_name_or_a_bare_word_is_shown(text: str) -> None:
    assert _weighed(text)
    assert set(_weighed(text)) <= set(text.split())


class _Miscounts(WordEngine):
    def score(self, prepared: object) -> list[Scores]:
        return [scores(0.1)] * 3


def test_an_engine_that_miscounts_has_failed() -> None:
    with pytest.raises(EngineFailed, match="3 scores for 1 texts"):
        score_all(_Miscounts(), [[Prepared("a", "a")]])
