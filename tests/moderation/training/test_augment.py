"""Disguises and other names change how a message is written, never how much of it there is."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.engine import Prepared
from moderation.normalise import normalise
from moderation.training.augment import chance_of, disguised, renamed

TEXT = "what a horrible muddle they have made of everything again"
KEYS = [str(number) for number in range(400)]


def test_most_messages_stay_as_they_are() -> None:
    same = sum(disguised(TEXT, chance_of(key)) == TEXT for key in KEYS)
    assert 0.7 < same / len(KEYS) < 0.9


def test_a_key_always_gives_the_same() -> None:
    assert [disguised(TEXT, chance_of(key), 1.0) for key in KEYS] == [
        disguised(TEXT, chance_of(key), 1.0) for key in KEYS
    ]


def test_many_disguises_are_undone_by_reading_and_many_are_not() -> None:
    read = [normalise(disguised(TEXT, chance_of(key), 1.0)).text for key in KEYS]
    undone = sum(one == TEXT for one in read)
    assert 0.15 < undone / len(KEYS) < 0.7


@given(st.text(max_size=120), st.text(max_size=10))
def test_no_text_breaks_a_disguise(text: str, key: str) -> None:
    assert isinstance(disguised(text, chance_of(key), 1.0), str)


def test_masked_names_are_written_out_in_some_messages() -> None:
    one = Prepared("othername told childname that staffname came", "", True, "who is othername")
    found = [renamed(one, chance_of(key), ("Ngozi", "Piotr")) for key in KEYS]
    written = [new for new in found if new != one]
    assert 0.05 < len(written) / len(KEYS) < 0.3
    assert all("othername" not in new.text + new.reply_text and "childname" not in new.text for new in written)
    assert any("staffname" in new.text for new in written)
    assert any("ngozi" in new.text for new in written)
