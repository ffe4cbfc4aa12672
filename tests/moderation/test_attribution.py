"""Who is meant, from the reply, mentions, names, roles and pronouns."""

import pytest

from moderation.attribution import attribute
from moderation.vocabulary import Meant, ReplyContext, Roster, RosterPerson, Target, Utterance
from tests.support.word_engine import ROSTER, sender

HEAD, TEACHER, PARENT = "Mrs Karen Dickinson", "Mr James Okafor", "Rob Fairclough"


def meant(text: str, reply: tuple[str, str] | None = None, roster: Roster = ROSTER) -> Meant:
    context = ReplyContext(sender(reply[0]), reply[1]) if reply else None
    return attribute(Utterance(text, sender("Tom Wicks"), context), roster)


@pytest.mark.parametrize(
    ("text", "reply", "target", "because", "addressed"),
    [
        ("you clown", None, Target.GROUP, "pronoun", True),
        ("you lot are hopeless", (PARENT, "hi"), Target.GROUP, "pronoun", True),
        ("you clown", (PARENT, "hi"), Target.PARENT, "reply", True),
        ("you clown", (TEACHER, "PE on Monday"), Target.STAFF, "reply", True),
        ("what a clown", (PARENT, "hi"), Target.PARENT, "reply", True),
        ("Rob, you are a clown", None, Target.PARENT, "roster", True),
        ("grow up, you clown, Rob", None, Target.PARENT, "roster", True),
        ("@tomwicks you clown", None, Target.PARENT, "mention", True),
        ("@somebody grow up", None, Target.PARENT, "mention", True),
        ("Okafor is hopeless", None, Target.STAFF, "roster", False),
        ("you can't rely on Mr Okafor", None, Target.STAFF, "roster", False),
        ("the office lost it again", None, Target.STAFF, "role", False),
        ("the caretaker left the gate open", None, Target.STAFF, "role", False),
        ("the school is a shambles", None, Target.SCHOOL, "role", False),
        ("some of the mums are awful", None, Target.PARENT, "role", False),
        ("Maya is a menace", None, Target.PUPIL, "roster", False),
        ("your kid is a menace", (PARENT, "hi"), Target.PARENT, "reply", True),
        ("he is a clown", (PARENT, "Mr Okafor closed the gate"), Target.STAFF, "pronoun", False),
        ("he is a clown", None, Target.UNKNOWN, "pronoun", False),
        ("I'm such a clown, forgot the kit", None, Target.SELF, "pronoun", False),
        ("bloody rain again", None, Target.NOBODY, "none", False),
        ("thank you all the same, it rained", None, Target.NOBODY, "none", False),
    ],
)
def test_the_person_meant_is_found(
    text: str, reply: tuple[str, str] | None, target: Target, because: str, addressed: bool
) -> None:
    found = meant(text, reply)
    assert (found.target, found.because, found.addressed) == (target, because, addressed)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Dickinson is hopeless", None),
        ("the head is hopeless", None),
        ("well done Mrs Dickinson, another shambles", None),
        ("I told Mrs Dickinson and she did nothing", None),
        ("she is hopeless", (PARENT, "Mrs Dickinson closed the gate")),
        ("they want to get rid of her, hopeless", (PARENT, "the head closed the gate")),
    ],
)
def test_words_about_the_headteacher_are_known(text: str, reply: tuple[str, str] | None) -> None:
    found = meant(text, reply)
    assert found.about_headteacher
    assert not found.to_headteacher


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("I'll tell the head about Rob, he is a thief", None),
        ("I've told Mrs Dickinson, he was very late", None),
        ("hit on the head by a ball", None),
        ("he is hopeless", (PARENT, "Mrs Dickinson closed the gate")),
        ("she is hopeless", (PARENT, "the gate was shut")),
        ("the deputy head is hopeless", None),
    ],
)
def test_words_about_others_are_not_about_the_headteacher(text: str, reply: tuple[str, str] | None) -> None:
    assert not meant(text, reply).about_headteacher


@pytest.mark.parametrize(
    ("text", "reply"), [("you should go", (HEAD, "gate closed")), ("Mrs Dickinson you are a bully", None)]
)
def test_words_to_the_headteacher_are_known(text: str, reply: tuple[str, str] | None) -> None:
    found = meant(text, reply)
    assert found.to_headteacher
    assert not found.about_headteacher


def test_without_a_title_any_pronoun_may_mean_the_headteacher() -> None:
    untitled = Roster((RosterPerson("Sam Head", sender(HEAD).roles), RosterPerson("  ", frozenset())))
    assert meant("I told the head and he did nothing", roster=untitled).about_headteacher
    assert meant("I told the head and she did nothing", roster=Roster()).about_headteacher
    assert (
        meant("Mr B is late", roster=Roster((RosterPerson("Mr Bell", sender(TEACHER).roles),))).target is Target.STAFF
    )
