"""The documents name only commands, options, settings, targets and files that exist."""

import re
from pathlib import Path

import pytest
import typer.main

from bot.cli.main import COMMANDS, _load
from config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def snippets(page: Path) -> list[str]:
    """Everything set as code on a page."""
    return [block or inline for block, inline in CODE.findall(page.read_text("utf-8"))]


def commands(page: Path) -> list[list[str]]:
    """The words of each `schoolgate ...` on a page."""
    found = []
    for snippet in snippets(page):
        for line in snippet.splitlines():
            if match := re.search(r"(?:^|/|\s)schoolgate ([a-z][^#|]*)$", line.strip()):
                found.append(match[1].split())
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists_with_its_options(page: Path) -> None:
    for words in commands(page):
        assert words[0] in COMMANDS, f"schoolgate {words[0]}"
        command = _load(words[0])
        if COMMANDS[words[0]].group and len(words) > 1:
            command = command.get_command(typer.Context(command), words[1])
            assert command is not None, " ".join(words)
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options | {"--help"}, " ".join(words)


def test_the_readme_names_commands_at_all() -> None:
    named = {words[0] for words in commands(ROOT / "README.md")}
    assert named >= {"init", "run", "doctor", "school", "roster", "assess"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    named = {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", text)}
    assert named <= set(Settings.model_fields) | {"config"}
    for snippet in snippets(page):
        for key in re.findall(r"^([a-z_]+) = ", snippet, re.MULTILINE):
            assert key in Settings.model_fields, key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for snippet in snippets(page):
        named = set(re.findall(r"(?:^|\s)make ([a-z]+)(?:\s|$)", snippet))
        assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
