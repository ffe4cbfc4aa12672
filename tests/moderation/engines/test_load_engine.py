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
    with pytest.raises(UnknownEngine, match=", ".join(ENGINES)):
        load_engine("oracle")
