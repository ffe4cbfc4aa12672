"""What the encoders read of a message: its role word, its words, and what it replies to, each up to its length."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from moderation.engine import EngineFailed, Prepared
from moderation.engines.builtin import TOKENIZER
from moderation.engines.encoding import LONGEST_REPLY, LONGEST_TEXT, ROLE_WORDS, ROLE_WORDS_LIKE, Encoding, for_large
from moderation.vocabulary import Target
from tests.support.tiny_builtin import write_model


@pytest.fixture
def encoding(tmp_path: Path) -> Encoding:
    return Encoding.from_file(write_model(tmp_path / "model") / TOKENIZER)


def _words(row: list[int], tmp_path: Path) -> list[str]:
    tokenizer = Tokenizer.from_file(str(tmp_path / "model" / TOKENIZER))
    return [str(tokenizer.id_to_token(number)) for number in row]


@pytest.mark.parametrize(
    ("to", "word"),
    [
        (None, "noreply"),
        (Target.HEADTEACHER, "replytohead"),
        (Target.STAFF, "replytostaff"),
        (Target.PARENT, "replytoparent"),
    ],
)
def test_a_row_tells_what_is_replied_to(encoding: Encoding, tmp_path: Path, to: Target | None, word: str) -> None:
    [row] = encoding.rows([Prepared("idiot", "idiot", to is not None, "maybe" if to else "", to)])
    said = ["[CLS]", word, "idiot", "[SEP]"]
    assert _words(row, tmp_path) == (said if to is None else [*said, "maybe", "[SEP]"])


def test_an_unread_reply_leaves_its_role_alone(encoding: Encoding, tmp_path: Path) -> None:
    [row] = encoding.rows([Prepared("idiot", "idiot", True, "", Target.STAFF)])
    assert _words(row, tmp_path) == ["[CLS]", "replytostaff", "idiot", "[SEP]"]


def test_text_and_reply_are_cut_each_for_itself(encoding: Encoding) -> None:
    [row] = encoding.rows([Prepared("idiot " * 500, "", True, "maybe " * 500, Target.PARENT)])
    assert len(row) == 2 + LONGEST_TEXT + 1 + LONGEST_REPLY + 1


def test_the_larger_vocabulary_has_the_same_words_four_places_on() -> None:
    assert for_large([101, 1, 2000, 102]) == [0, 5, 2004, 2]


def test_every_role_word_starts_from_a_known_word() -> None:
    assert len(ROLE_WORDS) == len(ROLE_WORDS_LIKE) == len(set(ROLE_WORDS))


def test_another_tokeniser_is_refused(tmp_path: Path) -> None:
    Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]")).save(str(tmp_path / "other.json"))
    with pytest.raises(EngineFailed, match="not the one of this model"):
        Encoding.from_file(tmp_path / "other.json")
