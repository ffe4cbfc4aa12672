"""A tiny built-in model whose every number is known, and the one that is shipped."""

from pathlib import Path

import pytest

from moderation.engines.builtin import BuiltinEngine
from tests.support.tiny_builtin import write_model


@pytest.fixture
def tiny(tmp_path: Path) -> BuiltinEngine:
    """The engine on a model made by hand."""
    return BuiltinEngine.from_folder(write_model(tmp_path / "model"))


@pytest.fixture(scope="session")
def shipped() -> BuiltinEngine:
    """The engine that comes with Schoolgate."""
    return BuiltinEngine.from_folder()
