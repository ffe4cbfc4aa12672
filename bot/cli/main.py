"""`schoolgate`: the command line, one module a command.

A command `x` lives in `bot/cli/x.py`, which is imported only when the command is called, so that `schoolgate
--help` is quick and works when an extra is missing. The module has either `app`, a typer app, or a function of
the command's name that takes the settings alone.

Exit status: 0 done, 1 it failed, 2 what was given cannot be used, 130 interrupted.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.options import ConfigOption, configured
from bot.errors import BotError
from bot.log import describe
from config.errors import ConfigError
from config.settings import Settings
from moderation.cases import BadInput
from moderation.engine import EngineFailed
from moderation.rosters import RosterRefused
from storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class Command:
    """A command as `--help` lists it. `group`: it has commands of its own. `extra`: what it needs installed."""

    help: str
    group: bool = False
    extra: str = ""


COMMANDS = {
    "rehearse": Command("Try everything on this computer: no account, no internet.", extra="rehearsal"),
    "init": Command("Set Schoolgate up, question by question."),
    "doctor": Command("Check that everything is in place, and say how to put right what is not."),
    "run": Command("Run the bot."),
    "school": Command("Add a school.", group=True),
    "roster": Command("Import the people of a school, and make their one-time links.", group=True),
    "assess": Command("Score messages from a file, exactly as the bot would."),
    "engine": Command("Make Detoxify ready to run without torch.", group=True),
    "version": Command("Show the version."),
}

MODULES = "bot.cli"


class LazyCommands(TyperGroup):
    """The commands, each imported when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, command in COMMANDS.items():
            self.add_command(TyperCommand(name, help=command.help))

    # typer's own classes for these are private.
    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that was called, imported."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name else listed, rest


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"schoolgate {installed_version('schoolgate')}")
        raise typer.Exit


@app.callback()
def schoolgate(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A chat moderation bot for a school's class groups on Telegram."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status; every error in plain words, without a traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="schoolgate")
    except (ConfigError, BadInput, RosterRefused) as error:
        _refuse(str(error), 2)
    except (StorageError, BotError, EngineFailed) as error:
        _refuse(str(error), 1)
    except Exception as error:  # noqa: BLE001 - the edge of the program: nothing may show a traceback
        # The words of a foreign exception may be somebody's message; where it happened is enough for a report.
        _refuse(f"Schoolgate met something it did not expect. Please report this line:\n{describe(error)}", 1)


def _refuse(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(status)


def _load(name: str) -> Any:
    """The command `name` from its module."""
    command = COMMANDS[name]
    try:
        module = importlib.import_module(f"{MODULES}.{name}")
    except ModuleNotFoundError as error:
        _refuse_missing(name, command, error.name or "")
    own = getattr(module, "app", None) or _app_of(module, name)
    loaded = typer.main.get_group(own) if command.group else typer.main.get_command(own)
    loaded.name = name
    return loaded


def _app_of(module: ModuleType, name: str) -> typer.Typer:
    """A typer app around the module's function of that name, which takes the settings alone."""
    function: Callable[[Settings], None] = getattr(module, name)
    own = typer.Typer(add_completion=False)

    @own.command(name, help=COMMANDS[name].help)
    def command(config: ConfigOption = None) -> None:
        function(configured(config))

    return own


def _refuse_missing(name: str, command: Command, missing: str) -> NoReturn:
    package = f"schoolgate[{command.extra}]" if command.extra else "schoolgate"
    _refuse(f'`schoolgate {name}` needs {missing}, which is not installed. Type: pip install "{package}"', 1)


if __name__ == "__main__":
    main()
