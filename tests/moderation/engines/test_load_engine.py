"""Engines are loaded by name, and only by name."""

import re
from pathlib import Path

import pytest

from moderation.engine import EngineFailed
from moderation.engines import ENGINES, UnknownEngine, load_engine


def test_the_builtin_engine_loads_by_its_name() -> None:
    engine = load_engine("builtin")
    assert engine.name == "builtin"
    assert len(engine.version) == 12


def test_detoxify_gets_the_checkpoint_and_its_hash(tmp_path: Path) -> None:
    (tmp_path / "weights.ckpt").write_bytes(b"x")
    with pytest.raises(EngineFailed, match="differs"):
        load_engine("detoxify", checkpoint=tmp_path / "weights.ckpt", checkpoint_sha256="0" * 64)


def test_an_unknown_engine_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownEngine, match=re.escape(", ".join(ENGINES))):
        load_engine("oracle")


def test_a_folder_and_a_checkpoint_are_not_both_taken(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="not both"):
        load_engine("detoxify", folder=tmp_path, checkpoint=tmp_path / "weights.ckpt", checkpoint_sha256="0" * 64)


@pytest.mark.parametrize("name", ["detoxify", "builtin+detoxify"])
def test_a_folder_is_looked_for_where_it_was_said_to_be(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"gone.about\.json cannot be read"):
        load_engine(name, folder=tmp_path / "gone")
