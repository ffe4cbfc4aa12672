"""`schoolgate version`: which Schoolgate this is, and by which code, notice and policy it works."""

import platform
from importlib.metadata import version as installed_version

import typer

from bot.cli.options import ConfigOption
from config.conduct import load_code_of_conduct, load_privacy_notice
from config.policy import load_policy
from config.sources import load_settings

app = typer.Typer(add_completion=False)


@app.command()
def version(config: ConfigOption = None) -> None:
    """Show the version, and those of the code of conduct, the privacy notice and the policy."""
    settings = load_settings(config)
    code, notice = load_code_of_conduct(settings.code_file), load_privacy_notice(settings.notice_file)
    typer.echo(f"schoolgate {installed_version('schoolgate')}, Python {platform.python_version()}")
    typer.echo(f"code of conduct: {code.document} version {code.version} ({code.hash[:12]})")
    typer.echo(f"privacy notice: version {notice.version} ({notice.hash[:12]})")
    typer.echo(f"policy: version {load_policy(settings.policy_file).version}")
