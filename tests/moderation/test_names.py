"""Names are found, misspelt or not; everyday words and insults are not taken for names."""

import pytest

from moderation.attribution import mask_names
from tests.support.word_engine import ROSTER


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mrs Dickinson rang", "headname rang"),
        ("Karen Dickinson's car", "headname's car"),
        ("dickenson rang", "headname rang"),
        ("mr o said so", "staffname said so"),
        ("Mr. Cockburn fixed it", "staffname fixed it"),
        ("ask gill in the office", "ask staffname in the office"),
        ("Mr Okafors class", "staffname class"),
        ("Agnieska and Wicks", "parentname and parentname"),
        ("@tomwicks and @dawn", "parentname and parentname"),
        ("Slagg is on the rota", "parentname is on the rota"),
        ("Alfie lost a shoe", "childname lost a shoe"),
        ("Alfie's mum is kind", "parentname's mum is kind"),
        ("Tom Wicks, Becky Lowe", "parentname, parentname"),
        ("Mrs S rang", "Mrs S rang"),
        ("Mr Smith and Mr Whippy", "Mr othername and Mr Whippy"),
        ("what a slag", "what a slag"),
        ("rob a bank at dawn", "rob a bank at dawn"),
        ("Mr Dickhead", "Mr Dickhead"),
        ("mrs adeyemi rang", "mrs othername rang"),
        ("Ngozi's lift and piotr’s bike", "othername's lift and othername’s bike"),
        ("is Zofias jumper here", "is othername jumper here"),
        ("I will hope for grace, poppy seeds and a daisy", "I will hope for grace, poppy seeds and a daisy"),
        ("@ngozi hello", "@ngozi hello"),
        ("@stranger hello", "@stranger hello"),
        ("", ""),
    ],
)
def test_names_become_role_words_and_nothing_else_does(text: str, masked: str) -> None:
    assert mask_names(text, ROSTER) == masked


def test_masking_twice_is_masking_once() -> None:
    once = mask_names("Mrs Dickinson told Tom Wicks about Alfie", ROSTER)
    assert mask_names(once, ROSTER) == once
