"""The command line: quick to help, each command imported when called, every error in plain words."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main as command_line
from bot.errors import TokenRefused
from config.errors import SettingsError
from storage.errors import KeyRefused

HOUSE = """
import typer
from bot.cli.options import ConfigOption
from bot.errors import TokenRefused
from config.errors import SettingsError
from storage.errors import KeyRefused

ERRORS = {"setting": SettingsError("one", "two"), "key": KeyRefused("no key"), "token": TokenRefused(),
          "fault": RuntimeError("private words"), "stop": KeyboardInterrupt()}
app = typer.Typer()

@app.command()
def doctor(kind: str) -> None:
    "Check."
    if kind in ERRORS:
        raise ERRORS[kind]
    typer.echo(f"checked {kind}")
"""


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of command modules to write into, used in place of the real ones."""
    package = tmp_path / "sample_commands"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "doctor.py").write_text(HOUSE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(command_line, "MODULES", "sample_commands")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in sys.modules if name.startswith("sample_commands")]:
        monkeypatch.delitem(sys.modules, name)
    return package


def status(*arguments: str) -> int:
    """The exit status of `schoolgate` with `arguments`."""
    with pytest.raises(SystemExit) as left:
        command_line.main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_help_lists_every_command_and_imports_none(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for module in commands.iterdir():
        module.write_text("raise SystemError")
    assert status("--help") == 0
    shown = capsys.readouterr().out
    assert [name for name in command_line.COMMANDS if not re.search(rf"\b{name} ", shown)] == []


@pytest.mark.parametrize("module", ["bot", "bot.cli.main"])
def test_it_starts_as_a_module_without_loading_the_heavy_parts(module: str, tmp_path: Path) -> None:
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['schoolgate', '--help']\n"
        f"try: runpy.run_module({module!r}, run_name='__main__', alter_sys=True)\n"
        "except SystemExit as left: status = left.code\n"
        "heavy = {'telegram', 'sqlalchemy', 'numpy', 'aiogram', 'aiohttp'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else status)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "rehearse" in done.stdout


def test_a_command_runs(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("doctor", "all") == 0
    assert capsys.readouterr().out == "checked all\n"


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        ("setting", 2, str(SettingsError("one", "two"))),
        ("key", 1, str(KeyRefused("no key"))),
        ("token", 1, str(TokenRefused())),
        ("stop", 130, ""),
    ],
)
def test_an_error_is_told_in_plain_words(
    commands: Path, capsys: pytest.CaptureFixture[str], kind: str, expected: int, words: str
) -> None:
    assert status("doctor", kind) == expected
    assert capsys.readouterr().err.strip() == words


def test_a_fault_is_told_by_its_place_and_not_by_its_words(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("doctor", "fault") == 1
    shown = capsys.readouterr().err
    assert "RuntimeError at " in shown
    assert "doctor.py:" in shown
    assert "private words" not in shown
    assert "Traceback" not in shown


def test_a_mistyped_command_is_suggested(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("docter") == 2
    assert "'doctor'" in capsys.readouterr().err


def test_a_missing_argument_is_bad_input(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("doctor") == 2
    assert "Missing argument" in capsys.readouterr().err


def test_a_missing_extra_says_what_to_type(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (commands / "rehearse.py").write_text("import a_library_that_is_not_there")
    assert status("rehearse") == 1
    shown = capsys.readouterr().err
    assert "needs a_library_that_is_not_there" in shown
    assert 'pip install "schoolgate[rehearsal]"' in shown


def test_a_missing_part_of_schoolgate_itself_says_what_to_type(
    commands: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("assess") == 1
    assert 'pip install "schoolgate"' in capsys.readouterr().err


def test_a_function_that_takes_settings_is_a_command_with_a_config_option(
    commands: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (commands / "run.py").write_text("def run(settings): print(settings.controller)")
    (commands.parent / "own.toml").write_text('controller = "Oakfield"\nlog_level = "ERROR"')
    assert status("run", "--config", "own.toml") == 0
    assert capsys.readouterr().out == "Oakfield\n"
    assert status("run", "--config", "nowhere.toml") == 2
    assert "nowhere.toml does not exist" in capsys.readouterr().err


def test_a_group_keeps_its_commands_even_when_it_has_only_one(
    commands: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (commands / "school.py").write_text(
        "import typer\napp = typer.Typer()\n@app.command()\ndef add(name: str): print('added', name)"
    )
    assert status("school", "add", "Oakfield") == 0
    assert capsys.readouterr().out == "added Oakfield\n"


def test_the_version_names_the_code_the_notice_and_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status("--version") == 0
    first = capsys.readouterr().out.strip()
    assert status("version") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(first)
    assert [line.partition(":")[0] for line in lines[1:]] == ["code of conduct", "privacy notice", "policy"]


@pytest.mark.parametrize("name", command_line.COMMANDS)
def test_each_command_has_its_own_help_and_nothing_of_the_shells(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(name, "--help") == 0
    shown = capsys.readouterr().out
    assert f"schoolgate {name}" in shown
    assert "completion" not in shown
