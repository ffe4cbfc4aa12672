"""Where settings come from: SCHOOLGATE_ variables over schoolgate.toml, with nothing unknown let through."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from config.errors import SettingsError
from config.settings import PREFIX, Settings
from config.toml import nearest, read_toml

DEFAULT_FILE = Path("schoolgate.toml")

#: The variable that names the settings file; not a setting itself.
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


def load_settings(config: Path | None = None) -> Settings:
    """The settings from the environment over a file.

    The file is `config`, else the one that SCHOOLGATE_CONFIG names, else ./schoolgate.toml if there is one.

    Raises:
        MalformedFile: the file that was named is missing, or not TOML.
        SettingsError: a key or variable is unknown, or a value cannot be used; all of them are named at once.
    """
    path = settings_file(config)
    table = read_toml(path) if path else {}
    problems = [*_unknown_keys(path, table), *_unknown_variables(os.environ)]
    if problems:
        raise SettingsError(*problems)
    given = EnvSettingsSource(Settings)()
    try:
        return Settings(**{**table, **given})
    except ValidationError as error:
        raise SettingsError(*_explained(error, path, given)) from None


def settings_file(config: Path | None = None) -> Path | None:
    """The settings file that `load_settings` would read; None if there is none."""
    if config is not None:
        return config
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def _unknown_keys(path: Path | None, table: Mapping[str, Any]) -> list[str]:
    known = Settings.model_fields
    return [f"{path}: {key!r} is not a setting.{nearest(key, known)}" for key in table if key not in known]


def _unknown_variables(environ: Mapping[str, str]) -> list[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return [
        f"The variable {name} is not a setting.{nearest(name, known)}"
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known
    ]


def _explained(error: ValidationError, path: Path | None, given: Mapping[str, Any]) -> list[str]:
    """One line a problem: where the value stands and what is wrong with it, never the value."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        message = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            lines.append(f"{message}.")
            continue
        key = str(problem["loc"][0])
        where = f"{PREFIX}{key.upper()}" if key in given else f"{path}: {key}"
        lines.append(f"{where}: {message}.")
    return lines
