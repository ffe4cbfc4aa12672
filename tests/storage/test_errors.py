"""Errors of storage carry a kind and an id, so that a log can name the row and never its words."""

import pytest

from storage.errors import AlreadyExists, AlreadyUsed, Erased, Expired, NotFound, Stale, StorageError


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NotFound("case", 7), "case 7 does not exist"),
        (AlreadyExists("person", 3), "person 3 exists already"),
        (AlreadyUsed("code"), "code was used already"),
        (Expired("button", 2), "button 2 has expired"),
        (Erased("case", 7), "case 7 was erased"),
        (Stale("case", 7, expected=1, found=2), "case 7 was changed by someone else"),
    ],
)
def test_an_error_about_a_row_names_its_kind_and_id(error: StorageError, message: str) -> None:
    assert str(error) == message


def test_a_stale_row_carries_both_versions() -> None:
    error = Stale("case", 7, expected=1, found=2)
    assert (error.kind, error.row_id, error.expected, error.found) == ("case", 7, 1, 2)
