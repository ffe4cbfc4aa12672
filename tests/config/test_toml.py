"""A configuration file that cannot be read is refused by name and line."""

from pathlib import Path

import pytest

from config.errors import MalformedFile
from config.toml import nearest, read_toml


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = 1\nb = = 2\n", "line 2, column 5"),
        (b"a = 1\nb =", r"at line 2, the last"),
        (b"a = 1\na = 2\n", "line 2"),
        (b'a = "caf\xe9"\n', "line 1: this is not UTF-8"),
        (b'a = 1\nb = "\x93hi\x94"\n', "line 2: this is not UTF-8"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(MalformedFile, match=rf"x\.toml.*{problem}"):
        read_toml(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_toml(path) == {"a": 1}


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match="does not exist"):
        read_toml(tmp_path / "x.toml")
    with pytest.raises(MalformedFile, match="cannot be read: Is a directory"):
        read_toml(tmp_path)


def test_only_a_near_name_is_suggested() -> None:
    assert nearest("controler", ["controller", "key"]) == " Did you mean 'controller'?"
    assert nearest("zzz", ["controller", "key"]) == ""
