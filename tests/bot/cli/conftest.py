"""A folder with a key and the settings that commands need; the environment is the test's own."""

import os
from pathlib import Path

import pytest

from storage.crypto import MasterKey


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in an empty folder, which is the current one."""
    for name in [name for name in os.environ if name.startswith("SCHOOLGATE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    MasterKey.generate_file(tmp_path / "schoolgate.key")
    monkeypatch.setenv("SCHOOLGATE_LOG_LEVEL", "WARNING")
    return tmp_path
