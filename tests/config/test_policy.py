"""The policy comes from a file, and a number that is none is refused by file and key."""

import re
from pathlib import Path

import pytest

from config.errors import PolicyError
from config.policy import load_policy
from config.toml import SHIPPED
from moderation.vocabulary import Clause

POLICY = (SHIPPED / "policy.toml").read_text(encoding="utf-8")


def test_the_shipped_policy_has_a_version_and_a_threshold_for_every_clause() -> None:
    policy = load_policy()
    assert policy.version
    assert set(policy.clauses) == set(Clause)


def test_a_school_judges_by_its_own_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(re.sub(r'\nversion = ".+"', '\nversion = "ours"', POLICY))
    assert load_policy(own).version == "ours"


def test_a_threshold_that_is_no_probability_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(re.sub(r"\nflag = [\d.]+", "\nflag = 50", POLICY))
    with pytest.raises(PolicyError, match=r"own\.toml: thresholds\.flag"):
        load_policy(own)
