"""Which key seals what, and that destroying a case's key erases its words."""

from pathlib import Path

import pytest

from storage.crypto import MasterKey
from storage.errors import Erased, KeyRefused
from storage.vault import Vault


@pytest.fixture
def vault(master: MasterKey) -> Vault:
    made = Vault(master)
    made.new_school_key("s")
    return made


def test_a_case_opens_by_its_wrapped_key(vault: Vault) -> None:
    wrapped, sealed = vault.new_case_key("s", "c")
    words = sealed.seal("words", where="case/c/text_sealed")
    assert vault.case("s", "c", wrapped).open(words, where="case/c/text_sealed") == "words"


def test_a_destroyed_key_says_so(vault: Vault) -> None:
    with pytest.raises(Erased):
        vault.case("s", "c", None)


def test_a_wrapped_key_does_not_open_for_another_case(vault: Vault) -> None:
    wrapped, _ = vault.new_case_key("s", "c")
    with pytest.raises(Exception, match="does not open"):
        vault.case("s", "another", wrapped)


def test_another_master_key_learns_nothing(master: MasterKey, tmp_path: Path) -> None:
    wrapped = Vault(master).new_school_key("s")
    stranger = Vault(MasterKey.generate_file(tmp_path / "other"))
    with pytest.raises(KeyRefused):
        stranger.learn_school("s", wrapped)
    assert not stranger.knows("s")


def test_the_installations_seal_is_not_the_master_key(master: MasterKey) -> None:
    assert Vault(master).installation.key.key_id != master.key.key_id
