"""`schoolgate init`: writes schoolgate.toml and makes the key, with the school's office answering in the terminal."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from bot.cli.questions import QUESTIONS, Question, problem_with, tidy
from config.errors import SettingsError
from config.settings import Settings, ready_for_real_telegram
from config.sources import DEFAULT_FILE
from storage.crypto import MasterKey

app = typer.Typer(add_completion=False)

_HEAD = """\
# Settings of Schoolgate, written by `schoolgate init`. schoolgate.sample.toml explains every setting there is.
# Keep this file to yourself.
"""


@app.command()
def init(  # noqa: PLR0913 - one parameter for each flag
    *,
    telegram_token: Annotated[str, typer.Option(help="The bot's token from BotFather.")] = "",
    controller: Annotated[str, typer.Option(help="The data controller: the school or the trust.")] = "",
    data_protection_contact: Annotated[str, typer.Option(help="How to reach the data protection officer.")] = "",
    privacy_notice_url: Annotated[str, typer.Option(help="The school's privacy notice.")] = "",
    complaints_url: Annotated[str, typer.Option(help="The Complaints Policy.")] = "",
    complaints_contact: Annotated[str, typer.Option(help="Whom to talk to first about a complaint.")] = "",
    office_contact: Annotated[str, typer.Option(help="How parents reach the school office.")] = "",
    timezone: Annotated[str, typer.Option(help="The time zone; Europe/London if not given.")] = "",
    key_file: Annotated[Path, typer.Option(help="Where the key is kept.")] = Path("schoolgate.key"),
    config: Annotated[Path, typer.Option(help="The settings file to write.")] = DEFAULT_FILE,
    non_interactive: Annotated[bool, typer.Option("--non-interactive", help="Ask nothing: flags alone.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the settings file if there is one.")] = False,
) -> None:
    """Set Schoolgate up, question by question. A key that exists is kept, whatever the flags."""
    console = Console()
    if config.exists() and not force:
        raise SettingsError(f"{config} exists already. Change it by hand, or add --force to replace it.")
    given = {
        "telegram_token": telegram_token,
        "controller": controller,
        "data_protection_contact": data_protection_contact,
        "privacy_notice_url": privacy_notice_url,
        "complaints_url": complaints_url,
        "complaints_contact": complaints_contact,
        "office_contact": office_contact,
        "timezone": timezone,
    }
    answers = _checked(given) if non_interactive else _asked(console, given)
    answers["key_file"] = str(key_file)
    settings = Settings.model_validate(answers)
    # The key comes first: settings that name a key that could not be made would be of no use.
    made = _keep_or_make_key(key_file)
    _write(config, answers)
    _say_what_is_next(console, config, key_file, made=made, missing=ready_for_real_telegram(settings))


def _checked(given: Mapping[str, str]) -> dict[str, str]:
    """The answers that were given by flags.

    Raises:
        SettingsError: some cannot be used; all of them are named, without their values.
    """
    answers = {setting: tidy(answer) for setting, answer in given.items()}
    found = {setting: problem_with(setting, answer) for setting, answer in answers.items()}
    problems = [f"--{setting.replace('_', '-')}: {problem}" for setting, problem in found.items() if problem]
    if problems:
        raise SettingsError(*problems)
    return {setting: answer for setting, answer in answers.items() if answer}


def _asked(console: Console, given: Mapping[str, str]) -> dict[str, str]:
    """The answers given in the terminal; a flag's value is offered as the one to keep."""
    console.print("[bold]Setting up Schoolgate[/bold]\nPress Enter to leave an answer empty for now.\n")
    answers = {}
    for number, question in enumerate(QUESTIONS, 1):
        console.print(f"[bold]{number} of {len(QUESTIONS)}.[/bold] {escape(question.why)}")
        answer = _ask(console, question, tidy(given[question.setting]))
        if answer:
            answers[question.setting] = answer
        console.print()
    return answers


def _ask(console: Console, question: Question, offered: str) -> str:
    words = f"{escape(question.words)} [dim](for example {escape(question.example)})[/dim]"
    while True:
        answer = tidy(Prompt.ask(words, console=console, default=offered, show_default=bool(offered)))
        problem = problem_with(question.setting, answer)
        if not problem:
            return answer
        console.print(f"[red]{escape(problem)}[/red]")


def _keep_or_make_key(path: Path) -> bool:
    """Whether a key was made; one that is there is checked and kept.

    Raises:
        KeyRefused: the key that is there cannot be used, or none can be written.
    """
    if path.exists():
        MasterKey.from_file(path)
        return False
    MasterKey.generate_file(path)
    return True


def _write(path: Path, answers: Mapping[str, str]) -> None:
    # A JSON string without control characters is a TOML string as well.
    lines = [f"{setting} = {json.dumps(answer, ensure_ascii=False)}" for setting, answer in answers.items()]
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([_HEAD, *lines, ""]))
        beside.replace(path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None


def _say_what_is_next(console: Console, config: Path, key_file: Path, *, made: bool, missing: list[str]) -> None:
    console.print(f"[green]Written:[/green] {escape(str(config))}", soft_wrap=True)
    if made:
        console.print(f"[green]Made:[/green] {escape(str(key_file))}", soft_wrap=True)
        console.print(
            "Keep a copy of the key in a safe place, apart from this computer. Without it nothing can be read."
        )
    else:
        console.print(f"[green]Kept:[/green] {escape(str(key_file))}, the key that was there", soft_wrap=True)
    if missing:
        console.print("\nStill needed before the bot meets real people:")
        for line in missing:
            console.print(f"  - {escape(line)}", soft_wrap=True)
    console.print(
        "\nNext:\n"
        "  schoolgate rehearse                  try everything first, with no account\n"
        '  schoolgate school add "YOUR SCHOOL"  register the school\n'
        "  schoolgate roster import roster.csv  register people, and get their links\n"
        "  schoolgate doctor                    check that all is in place\n"
        "  schoolgate run                       run the bot",
        highlight=False,
        soft_wrap=True,
    )
