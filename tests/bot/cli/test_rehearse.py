"""`schoolgate rehearse` as typed: each option reaches the rehearsal."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import rehearse as module
from bot.cli.main import app
from bot.rehearsal.command import Options


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    seen: list[Options] = []
    monkeypatch.setattr(module, "run_rehearsal", seen.append)
    return seen


def test_it_can_be_typed_without_anything(asked: list[Options]) -> None:
    assert CliRunner().invoke(app, ["rehearse"]).exit_code == 0
    assert asked == [Options(port=None, folder=None, open_page=True, fresh=False)]


def test_each_option_is_passed_on(asked: list[Options], tmp_path: Path) -> None:
    words = ["rehearse", "--port", "8000", "--folder", str(tmp_path), "--no-open", "--fresh"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert asked == [Options(port=8000, folder=tmp_path, open_page=False, fresh=True)]


def test_a_port_that_cannot_be_is_refused(asked: list[Options]) -> None:
    assert CliRunner().invoke(app, ["rehearse", "--port", "70000"]).exit_code == 2
    assert asked == []
