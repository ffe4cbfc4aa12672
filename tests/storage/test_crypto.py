"""Encryption at rest: what goes in comes out in its own place, and nothing else does."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import DataKey, MasterKey, Sealed, canonical_code, digest, new_code
from storage.errors import KeyRefused, SealBroken

#: Any text that JSON can carry, lone surrogates included.
any_text = st.text(st.characters())
places = st.text(st.characters(codec="utf-8"), max_size=40)
KEY = DataKey(bytes(range(32)))


@given(any_text, places)
def test_a_sealed_text_opens_in_its_place(text: str, where: str) -> None:
    sealed = Sealed(KEY)
    assert sealed.open(sealed.seal(text, where=where), where=where) == text


@given(any_text, places, places)
def test_a_sealed_text_does_not_open_in_another_place(text: str, here: str, there: str) -> None:
    if here == there:
        return
    ciphertext = Sealed(KEY).seal(text, where=here)
    with pytest.raises(SealBroken):
        Sealed(KEY).open(ciphertext, where=there)


@given(st.text(max_size=20), st.data())
def test_any_altered_bit_is_noticed(text: str, data: st.DataObject) -> None:
    ciphertext = bytearray(Sealed(KEY).seal(text, where="t/1/c"))
    at = data.draw(st.integers(0, len(ciphertext) - 1))
    ciphertext[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, KeyRefused)):
        Sealed(KEY).open(bytes(ciphertext), where="t/1/c")


@given(st.integers(0, 40))
def test_a_ciphertext_cut_short_is_noticed(length: int) -> None:
    ciphertext = Sealed(KEY).seal("some words", where="t/1/c")[:length]
    with pytest.raises(SealBroken):
        Sealed(KEY).open(ciphertext, where="t/1/c")


def test_the_same_text_is_never_sealed_alike_twice() -> None:
    sealed = Sealed(KEY)
    assert sealed.seal("hello", where="t/1/c") != sealed.seal("hello", where="t/1/c")


def test_a_ciphertext_starts_with_its_version_and_key_id_and_shows_no_words() -> None:
    ciphertext = Sealed(KEY).seal("hello there", where="t/1/c")
    assert ciphertext[0] == 1
    assert ciphertext[1:9] == KEY.key_id
    assert b"hello" not in ciphertext
    assert len(ciphertext) == 1 + 8 + 12 + len("hello there") + 16


def test_another_key_is_refused_by_its_id() -> None:
    ciphertext = Sealed(KEY).seal("hello", where="t/1/c")
    with pytest.raises(KeyRefused, match=r"t/1/c.*sealed by key [0-9a-f]{16}"):
        Sealed(DataKey.generate()).open(ciphertext, where="t/1/c")


def test_a_broken_seal_says_where_and_never_what() -> None:
    with pytest.raises(SealBroken, match="case/7/words") as caught:
        Sealed(KEY).open(Sealed(KEY).seal("secret words", where="x"), where="case/7/words")
    assert caught.value.where == "case/7/words"
    assert "secret" not in str(caught.value)


def test_a_case_key_is_reached_through_the_school_key_and_the_master() -> None:
    master, school, case = MasterKey(DataKey.generate()), DataKey.generate(), DataKey.generate()
    wrapped_school = master.wrap(school, where="school/1/key")
    wrapped_case = school.wrap(case, where="case/9/key")
    words = Sealed(case).seal("words", where="case/9/words")

    found_school = master.unwrap(wrapped_school, where="school/1/key")
    found_case = found_school.unwrap(wrapped_case, where="case/9/key")
    assert Sealed(found_case).open(words, where="case/9/words") == "words"
    with pytest.raises(SealBroken):
        found_school.unwrap(wrapped_case, where="case/8/key")
    with pytest.raises(KeyRefused):
        MasterKey(DataKey.generate()).unwrap(wrapped_school, where="school/1/key")


def test_no_key_shows_its_secret() -> None:
    key = DataKey.generate()
    for shown in (repr(key), repr(MasterKey(key)), repr(Sealed(key)), str(key)):
        assert repr(key.secret) not in shown
        assert key.secret.hex() not in shown


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(KeyRefused, match="32 bytes; this one has 16"):
        DataKey(bytes(16))


def test_the_key_check_knows_the_right_key_from_a_wrong_one() -> None:
    master = MasterKey(DataKey.generate())
    kept = master.key_check()
    MasterKey.from_base64(master.to_base64()).verify(kept)
    assert master.key.secret not in kept
    with pytest.raises(KeyRefused, match="not the key that this database was made with"):
        MasterKey(DataKey.generate()).verify(kept)


def test_a_derived_secret_is_the_same_each_time_and_its_own_for_each_purpose() -> None:
    master = MasterKey(DataKey.generate())
    assert master.derive(b"a") == master.derive(b"a")
    assert len({master.derive(b"a"), master.derive(b"b"), master.key_check(), master.key.secret}) == 4


@pytest.mark.parametrize(("text", "reason"), [("no key!", "not base64"), ("YWJj", "3 bytes instead of 32")])
def test_what_is_no_key_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(KeyRefused, match=reason):
        MasterKey.from_base64(text)


def test_a_key_file_is_made_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "schoolgate.key"
    made = MasterKey.generate_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert MasterKey.from_file(path) == made


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "schoolgate.key"
    MasterKey.generate_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyRefused, match="never overwritten"):
        MasterKey.generate_file(path)
    assert path.read_bytes() == before


def test_a_key_file_in_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="cannot be written: No such file"):
        MasterKey.generate_file(tmp_path / "nowhere" / "schoolgate.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_file_that_others_can_read_is_refused_with_what_to_type(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "schoolgate.key"
    MasterKey.generate_file(path)
    os.chmod(path, mode)
    with pytest.raises(KeyRefused, match=re.escape(f"chmod 600 {path}")):
        MasterKey.from_file(path)


def test_a_missing_key_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="There is no key file"):
        MasterKey.from_file(tmp_path / "schoolgate.key")


def test_a_folder_instead_of_a_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="cannot be read: Is a directory"):
        MasterKey.from_file(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfe", "not plain text"), (b"YWJj\n", "3 bytes"), (b"", "0 bytes")]
)
def test_a_file_that_holds_no_key_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "schoolgate.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyRefused, match=f"schoolgate.key.*{reason}"):
        MasterKey.from_file(path)


def test_a_code_fits_a_deep_link_and_is_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{26,64}", code) for code in codes)
    assert not any(set(code) & set("ilou") for code in codes)


def test_a_code_survives_being_read_aloud_and_typed() -> None:
    code = new_code()
    typed = code.upper().replace("-", " ").replace("0", "O").replace("1", "I")
    assert canonical_code(typed) == code
    assert canonical_code(code) == code


@pytest.mark.parametrize("typed", ["", "hello", "U" * 28, "k7mq" * 8])
def test_what_is_no_code_comes_back_unchanged(typed: str) -> None:
    assert canonical_code(typed) == typed


def test_a_digest_is_the_same_for_the_same_secret_only() -> None:
    assert digest("a") == digest("a") != digest("b")
    assert len(digest("a")) == 32
