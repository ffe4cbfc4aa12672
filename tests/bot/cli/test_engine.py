"""`schoolgate engine export` tells how near the exported model is, and what to set."""

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from bot.cli import engine
from bot.cli.main import main
from bot.doctor.findings import State
from bot.doctor.screening import check_model
from config.settings import Settings
from moderation.engines import load_engine
from moderation.engines.detoxify_compare import Difference, Pace
from moderation.engines.detoxify_export import STEPS, TOLERANCE, Exported, NotFaithful, Wanted
from tests.support.tiny_onnx import write_folder

FAR = Difference(64, 0.1234, 0.0123)
NEAR = Exported("a" * 64, True, Difference(64, 0.0123, 0.0012), Pace(80.0, 20.0), 437_000_000, 110_000_000)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["engine", "export", *arguments])
    return int(left.value.code or 0)


def test_the_outcome_is_told_with_the_lines_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Wanted, Path]] = []

    def export(wanted: Wanted, out: Path, step: Callable[[str], None]) -> Exported:
        asked.append((wanted, out))
        for name in STEPS:
            step(name)
        return NEAR

    monkeypatch.setattr(engine, "export_model", export)
    assert run("--checkpoint", "x.ckpt", "--checkpoint-sha256", "b" * 64, "--out", "detoxify") == 0
    assert asked == [(Wanted(Path("x.ckpt"), "b" * 64, "original", TOLERANCE), Path("detoxify"))]
    shown = capsys.readouterr()
    for figure in ("64", "0.0123", "0.0012", "80.00", "20.00", "4.0", "437.0", "110.0", "for each channel"):
        assert figure in shown.out
    lines = shown.out.splitlines()[-2:]
    chosen = Settings(**tomllib.loads("\n".join(lines)))
    assert (chosen.detoxify_folder, chosen.detoxify_sha256) == (Path("detoxify"), "a" * 64)
    assert "Done" in shown.err


def test_a_model_that_is_too_far_off_is_told_by_how_much(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def export(wanted: Wanted, out: Path, step: Callable[[str], None]) -> Exported:
        raise NotFaithful(FAR, wanted.tolerance)

    monkeypatch.setattr(engine, "export_model", export)
    assert run("--out", "detoxify", "--tolerance", "0.1") == 1
    shown = capsys.readouterr()
    assert "0.1234" in shown.out
    assert "times as quick" not in shown.out
    assert "differs by up to 0.1234, more than 0.1; nothing was kept" in shown.err


def test_a_tolerance_that_is_no_difference_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", "detoxify", "--tolerance", "2") == 2


def test_a_folder_in_use_is_refused_before_anything_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run("--out", str(tmp_path)) == 1
    assert "is there already and is not an empty folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["detoxify", "builtin+detoxify"])
def test_doctor_tries_the_folder_that_the_settings_name(
    name: Literal["detoxify", "builtin+detoxify"], tmp_path: Path
) -> None:
    digest = write_folder(tmp_path / "detoxify")
    for sha256, state in ((digest, State.FINE), ("0" * 64, State.WRONG)):
        chosen = Settings(engine=name, detoxify_folder=tmp_path / "detoxify", detoxify_sha256=sha256)
        finding = check_model(partial(load_engine, chosen.engine, **chosen.detoxify))
        assert finding.state is state, finding
