import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.engine import Prepared
from moderation.engines.features import BUCKETS, CONTEXT, WINDOW, bag_of, context_of, tokens_of, windows_of


def test_words_keep_their_apostrophes_and_signs_stand_alone() -> None:
    assert tokens_of("Don’t shout!! 😩 f**k") == ["don't", "shout", "!", "!", "😩", "f", "*", "*", "k"]


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_has_features_within_the_buckets(text: str, reply: str) -> None:
    bag = bag_of(tokens_of(text), tokens_of(reply))
    assert len(bag.buckets) == len(bag.values)
    assert all(0 <= bucket < BUCKETS for bucket in bag.buckets)
    assert np.isfinite(bag.values).all()


def test_another_process_hashes_alike() -> None:
    code = (
        "from moderation.engines.features import bag_of, tokens_of;"
        "print(int(bag_of(tokens_of('see you at the gate'), []).buckets.sum()))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(elsewhere.stdout) == bag_of(tokens_of("see you at the gate"), []).buckets.sum()


def test_a_name_token_is_a_word_and_has_no_letters() -> None:
    assert len(bag_of(["staffname"], []).buckets) < len(bag_of(["stafforda"], []).buckets)


def test_a_word_soon_after_you_or_not_is_told_from_the_word_elsewhere() -> None:
    turned, plain = ["not", "a", "b", "c", "kind"], ["a", "b", "c", "kind", "not"]
    assert len(bag_of(turned, []).buckets) > len(bag_of(plain, []).buckets)


def test_the_words_replied_to_are_told_from_the_words_themselves() -> None:
    assert set(bag_of(["hello"], ["rude"]).buckets) != set(bag_of(["hello", "rude"], []).buckets)


def test_a_short_message_is_one_window() -> None:
    assert windows_of(["word"] * WINDOW) == [["word"] * WINDOW]


def test_the_windows_of_a_long_message_cover_every_word() -> None:
    tokens = [str(number) for number in range(237)]
    whole, *parts = windows_of(tokens)
    assert whole == tokens
    assert {token for part in parts for token in part} == set(tokens)
    assert all(len(part) <= WINDOW for part in parts)


@pytest.mark.parametrize(
    ("prepared", "key", "value"),
    [
        (Prepared("x", "THIS IS SHOUTING"), "capitals", 1.0),
        (Prepared("x", "OK"), "capitals", 0.0),
        (Prepared("x", "no!!!!!"), "exclamations", 1.0),
        (Prepared("x", "why?"), "questions", 1 / 3),
        (Prepared("x", "x", is_reply=True), "is_reply", 1.0),
    ],
)
def test_plain_numbers_tell_what_words_do_not(prepared: Prepared, key: str, value: float) -> None:
    assert context_of(prepared, 1)[CONTEXT.index(key)] == pytest.approx(value)
