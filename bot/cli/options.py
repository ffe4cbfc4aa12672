"""What commands share on the command line: where the settings are, and the log set up by them."""

from pathlib import Path
from typing import Annotated

import typer

from bot.log import set_up_logging
from config.settings import Settings
from config.sources import load_settings

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="The settings file; schoolgate.toml in this folder if not given."),
]


def configured(config: Path | None = None) -> Settings:
    """The settings, with the log set up as they say.

    Raises:
        ConfigError: a setting is unknown or cannot be used.
    """
    settings = load_settings(config)
    set_up_logging(settings.log_level, settings.log_format, secrets=settings.secrets)
    return settings
