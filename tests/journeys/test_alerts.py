"""Journey 5, end to end: who hears of a flagged message, what the alert says, and what its author hears."""

from pathlib import Path

from config.policy import load_policy
from moderation.engines import load_engine
from moderation.screening import screen
from moderation.vocabulary import Roster, Sender, Utterance, Verdict
from tests.support.alerts import ABUSE, OF_HEAD, THREAT, TO_HEAD, WORRY, alerts, labels, only_alert, weighed
from tests.support.classroom import classroom
from tests.support.journey import CHAIR, DSL, HEAD, OFFICE, PARENT, TEXTS


async def test_an_alert_arrives_once_and_says_what_who_which_clause_how_sure_and_why(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(DSL, CHAIR, OFFICE)
        await day.say(PARENT, ABUSE)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert alert["protected"]
        first, *rest = alert["text"].splitlines()
        assert PARENT not in first
        assert not set(ABUSE.lower().split()) & (set(first.lower().rstrip(".").split()) - {"a"})
        shown = "\n".join(rest)
        assert all(words in shown for words in (day.school.title, PARENT, ABUSE, "4.1 Abusive or offensive", "2 of 3"))
        assert labels(alert) == [TEXTS.plain(f"decide.{one}") for one in ("no_breach", "private_advice", "close_group")]
        for name in (DSL, CHAIR, OFFICE):
            assert await alerts(day, name) == []


async def test_the_words_that_weighed_most_are_the_messages_own_and_weigh(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.say(PARENT, ABUSE)
        await day.settled()
        words = weighed(await only_alert(day, HEAD))
    assert words
    engine, policy = load_engine("builtin"), load_policy()

    def flag(text: str) -> float:
        (found,) = screen([Utterance(text, Sender(PARENT))], engine=engine, policy=policy, roster=Roster())
        assert isinstance(found, Verdict)
        assert found.scores is not None
        return found.scores.flag

    for word in words:
        assert word in ABUSE
        assert flag(ABUSE.replace(word, "", 1)) < flag(ABUSE)


async def test_the_author_hears_neutrally_and_can_say_that_it_is_a_mistake(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.say(PARENT, ABUSE)
        told = await day.told(PARENT, "author.passed_to_head")
        assert "could be hurtful to another parent" in told["text"]
        assert ABUSE not in told["text"]
        answer = await day.tap(PARENT, "author.mistake_button")
        assert answer["text"] == TEXTS.plain("author.mistake_toast")
        await day.told(PARENT, "author.mistake_noted")
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert "The author says that this is a mistake." in alert["text"]
        assert labels(alert)[0] == TEXTS.plain("decide.no_breach")


async def test_the_author_of_a_threat_hears_nothing(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        before = len(await day.letters(PARENT))
        await day.say(PARENT, THREAT)
        await day.settled()
        assert "3 of 3" in (await only_alert(day, HEAD))["text"]
        assert len(await day.letters(PARENT)) == before


async def test_a_worry_reaches_the_dsl_at_once_and_is_marked_so(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(DSL)
        before = len(await day.letters(PARENT))
        await day.say(PARENT, WORRY)
        await day.settled()
        for name in (DSL, HEAD):
            text = (await only_alert(day, name))["text"]
            assert "Passed to DSL" in text
            assert "999" in text
        assert len(await day.letters(PARENT)) == before
        answer = await day.tap(DSL, "concern.take")
        assert answer["text"] == TEXTS.plain("concern.taken_toast")
        await day.settled()
        for name in (DSL, HEAD):
            alert = await only_alert(day, name)
            assert f"{DSL} sees to it" in alert["text"]
            assert labels(alert) == []


async def test_a_message_about_the_headteacher_goes_to_the_chair_only(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(CHAIR, DSL)
        await day.settled()
        before = len(await day.letters(HEAD))
        await day.say(PARENT, OF_HEAD)
        await day.told(PARENT, "author.passed_to_school")
        await day.settled()
        assert OF_HEAD in (await only_alert(day, CHAIR))["text"]
        assert len(await day.letters(HEAD)) == before
        assert await alerts(day, DSL) == []


async def test_abuse_said_to_the_headteacher_reaches_both_and_the_chair_decides(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(CHAIR)
        await day.say(PARENT, TO_HEAD)
        await day.settled()
        assert labels(await only_alert(day, HEAD)) == []
        assert labels(await only_alert(day, CHAIR))


async def test_an_alert_goes_to_the_next_fit_person_when_the_headteacher_blocks_the_bot(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(DSL)
        await day.settled()
        await day.act(HEAD, "block_bot")
        await day.say(PARENT, ABUSE)
        await day.told(DSL, "alert.first_line")
        await day.settled()
        assert TEXTS.plain("decide.no_breach") in labels(await only_alert(day, DSL))


async def test_with_nobody_to_tell_the_office_hears_without_content_and_the_case_waits(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrol(OFFICE)
        await day.act(HEAD, "block_bot")
        await day.settled()
        await day.say(PARENT, ABUSE)
        told = await day.told(OFFICE, "alert.unreached_head")
        assert ABUSE not in told["text"]
        assert PARENT not in told["text"]
        assert await alerts(day, HEAD) == []
        await day.act(HEAD, "unblock_bot")
        await day.told(HEAD, "alert.first_line")
        await day.settled()
        assert ABUSE in (await only_alert(day, HEAD))["text"]


async def test_the_longest_message_still_fits_in_its_alert_and_can_be_read_whole(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        text = (ABUSE + " <&> 👨‍👩‍👧 \u200f\u05d0 " + "you are pathetic & stupid 🙂 " * 200)[:3900]
        await day.say(PARENT, text)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert text[:1000] in alert["text"]
        answer = await day.tap(HEAD, "alert.show_whole")
        assert answer["text"] == TEXTS.plain("alert.whole_sent")
        await day.settled()
        whole = (await day.letters(HEAD))[-1]
        assert whole["text"].strip() == text.strip()
        assert whole["protected"]
