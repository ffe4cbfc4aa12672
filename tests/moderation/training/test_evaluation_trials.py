"""Disguises that people still read, and schools of other names in which nobody keeps an old one."""

import re
import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.attribution import mask_names
from moderation.cases import Case, Labels
from moderation.names import named_in
from moderation.normalise import normalise
from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.evasions import DISGUISES, Disguise, content_places, disguised, telling_places
from moderation.training.evaluation.origins import ORIGINS, Origin
from moderation.training.evaluation.renaming import holds_a_name, rename, rename_roster, rename_text
from moderation.vocabulary import Outcome, ReplyContext, Role, Roster, RosterPerson, Sender, Utterance

BY_NAME = {one.name: one for one in DISGUISES}
#: These are undone to the very letters by anybody who reads, and by our normaliser.
UNDONE = ("spaced", "leet", "homoglyph", "zero-width", "full width", "dots", "upper case")
WORDS = ("stupid", "horrible", "disgrace", "pathetic", "ridiculous", "bastard", "arsehole", "incompetent")

PEOPLE = (
    RosterPerson("Mrs Karen Dickinson", frozenset({Role.HEADTEACHER})),
    RosterPerson("Mr James Okafor", frozenset({Role.TEACHER}), "Willow"),
    RosterPerson("Tom Wicks", frozenset({Role.PARENT}), "Willow", ("Alfie",)),
    RosterPerson("Mei Lin Zhou", frozenset({Role.PARENT}), "Willow", ("Kevin",)),
    RosterPerson("Agnieszka Nowak", frozenset({Role.PARENT}), "Willow", ("Zofia",)),
)
ROSTER = Roster(PEOPLE, "Oakfield")


def _spelt(word: str, name: str, seed: int = 1) -> str:
    return disguised(word, [(0, len(word))], BY_NAME[name], Random(seed))  # noqa: S311


@pytest.mark.parametrize("name", UNDONE)
@pytest.mark.parametrize("word", WORDS)
def test_a_disguise_changes_the_word_and_reads_as_it(name: str, word: str) -> None:
    spelt = _spelt(word, name)
    assert spelt != word
    assert normalise(f"so {spelt} again").text.lower() == f"so {word} again"


@given(st.sampled_from(WORDS), st.integers(0, 99))
def test_other_disguises_keep_what_people_read_by(word: str, seed: int) -> None:
    assert re.fullmatch(_spelt(word, "masked").replace("*", "."), word)
    assert re.sub(r"(.)\1{2,}", r"\1", _spelt(word, "stretched", seed)) == word
    assert sorted(set(_spelt(word, "misspelt", seed)) - set(word)) == []
    assert _spelt(word, "misspelt", seed) != word
    assert [sign for sign in word[1:] if sign not in "aeiou"] == list(_spelt(word, "vowels out"))[1:]
    plain = unicodedata.normalize("NFD", _spelt(word, "accents"))
    assert "".join(sign for sign in plain if not unicodedata.combining(sign)) == word


def test_joining_takes_the_gap_beside_the_word() -> None:
    join = BY_NAME["joined words"]
    rng = Random(1)  # noqa: S311
    assert disguised("what an idiot he is", [(8, 13)], join, rng) == "what an idiothe is"
    assert disguised("what an idiot", [(8, 13)], join, rng) == "what anidiot"
    assert disguised("idiot!", [(0, 5)], join, rng) == "idiot!"


def test_only_the_places_named_are_disguised() -> None:
    text = "you idiot, what an idiot"
    assert disguised(text, [(4, 9), (19, 24)], BY_NAME["upper case"], Random(1)) == "you IDIOT, what an IDIOT"  # noqa: S311


def test_rude_words_are_disguised_first_then_telling_ones_then_the_longest() -> None:
    assert _words("You useless idiots are pathetic") == ["useless", "idiots"]
    assert _words("I will batter him tomorrow evening") == ["batter"]
    assert _words("she should get her coat from reception") == ["reception"]


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in telling_places(text, ROSTER)]


def test_names_are_never_disguised() -> None:
    text = "Agnieszka told Mrs Dickinson and Okafor about it"
    assert _words(text) == ["told"]
    assert [text[a:b] for a, b in content_places(text, ROSTER, Random(3))] == ["told"]  # noqa: S311


def test_the_same_seed_disguises_the_same_way() -> None:
    for disguise in DISGUISES:
        assert _once(disguise) == _once(disguise)


def _once(disguise: Disguise) -> str:
    return disguised("a horrible place", [(2, 10)], disguise, Random("seed"))  # noqa: S311


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda one: one.name)
def test_renaming_never_leaves_an_old_name(origin: Origin) -> None:
    text = (
        "Tom Wicks and Mrs Dickenson saw Alfie's mum. @tomwicks, ask Mr O or OKAFOR; Mei Lin said no, "
        "so did agnieszka, Nowak and Zofias dad"
    )
    reply = ReplyContext(Sender("Mr James Okafor", frozenset({Role.TEACHER})), "Alfie and Zofia, please")
    said = Utterance(text, Sender("Tom Wicks"), reply)
    case = Labelled(Case("a", said, None), Labels(Outcome.OK), ROSTER, "a", frozenset())
    renamed = rename_roster(ROSTER, origin)
    found = rename(case, renamed)
    other = found.utterance
    assert other.reply_to is not None
    told = " ".join([other.text, other.sender.name, other.reply_to.text, other.reply_to.sender.name]).lower()
    told += " ".join(one.name for one in found.roster.people).lower()
    old = {word.lower() for one in PEOPLE for word in [*one.name.split(), *one.children]} - {"mr", "mrs"}
    kept = {word.lower() for word in [*origin.she, *origin.he, *origin.family]}
    assert not [word for word in old - kept if re.search(rf"\b{word}s?\b", told)]
    assert "dickenson" not in told
    assert "tomwicks" not in told


@pytest.mark.parametrize("origin", [one for one in ORIGINS if not one.looks_rude], ids=lambda one: one.name)
def test_everybody_keeps_their_role_and_messages_their_reading(origin: Origin) -> None:
    renamed = rename_roster(ROSTER, origin)
    assert [one.roles for one in renamed.roster.people] == [one.roles for one in PEOPLE]
    assert renamed.roster.people[0].name.startswith("Mrs ")
    assert renamed.roster.people[0].name.split()[1] in origin.she
    assert renamed.roster.people[1].name.split()[1] in origin.he
    assert len(set(renamed.words.values())) == len(renamed.words)
    text = "Mrs Dickinson told Tom Wicks that Alfie is late, Agnieszka"
    other = rename_text(text, ROSTER, renamed)
    # Whose name it is taken for may change where two names of a cast are a letter apart.
    assert _masked(other, renamed.roster) == _masked(text, ROSTER)


def _masked(text: str, roster: Roster) -> str:
    return re.sub("(?:head|staff|parent|child)name", "NAME", mask_names(text, roster))


def test_words_that_are_no_names_stay() -> None:
    renamed = rename_roster(ROSTER, ORIGINS[1])
    text = "see you at the gate at 8.45, mr nobody"
    assert rename_text(text, ROSTER, renamed) == text
    case = Labelled(Case("a", Utterance(text), None), Labels(Outcome.OK), ROSTER, "a", frozenset())
    assert not holds_a_name(case)


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda one: one.name)
def test_a_cast_has_names_enough_and_none_twice(origin: Origin) -> None:
    names = [*origin.she, *origin.he, *origin.family]
    assert len({name.lower() for name in names}) == len(names)
    assert len(origin.she) + len(origin.he) >= 40
    assert len(origin.family) >= 24
    roster = Roster((RosterPerson(f"{origin.she[0]} {origin.family[0]}", frozenset({Role.PARENT})),))
    assert named_in(f"Thanks {origin.she[0]}", roster)
