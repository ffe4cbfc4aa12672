"""Checks of the key and the database, and of whether the bot runs."""

import os
from datetime import datetime

from bot.app import master_key
from bot.doctor.findings import Finding, fine, note, wrong
from config.settings import Settings
from storage.errors import KeyRefused
from storage.inspecting import Inspection, Tables
from storage.lock import SILENCE


def check_key(settings: Settings) -> Finding:
    """Whether there is a key that only its owner can read."""
    try:
        master_key(settings)
    except KeyRefused as error:
        return wrong("key", str(error), "Put the key back from your safe copy. Never make a new one for old data.")
    if settings.key is not None:
        return fine("key", "The key comes from the variable SCHOOLGATE_KEY.")
    kept = "only its owner can read it (mode 600)" if os.name == "posix" else "it can be read"
    return fine("key", f"{settings.key_file}: {kept}.")


def check_database(inspection: Inspection) -> Finding:
    """Whether the database can be reached."""
    if inspection.problem:
        return wrong(
            "database",
            inspection.problem[:1].upper() + inspection.problem[1:] + ".",
            "Check database_url, that the folder exists, and that this account may write there.",
        )
    if inspection.tables is Tables.MISSING:
        return wrong("database", "There is no database yet.", 'Type: schoolgate school add "YOUR SCHOOL"')
    return fine("database", "The database can be reached.")


def check_migrations(inspection: Inspection) -> Finding:
    """Whether the tables are those of this version."""
    if inspection.tables is Tables.CURRENT:
        return fine("tables", "The tables are those of this version.")
    if inspection.tables is Tables.NEWER:
        return wrong(
            "tables",
            "A newer version of Schoolgate made this database.",
            "Install that version again, or restore a backup from before it.",
        )
    if inspection.tables is Tables.OLDER:
        return wrong(
            "tables",
            "The tables are those of an older version.",
            "Make a backup, then start the bot: schoolgate run brings them up to date.",
        )
    return wrong("tables", "There are no tables yet.", 'Type: schoolgate school add "YOUR SCHOOL"')


def check_key_fits(inspection: Inspection) -> Finding:
    """Whether the key is the one that this database was made with."""
    if inspection.key_problem:
        return wrong("key fits", inspection.key_problem, "Put the right key back from your safe copy.")
    return fine("key fits", "The key opens this database.")


def check_running(last_beat: datetime | None, now: datetime) -> Finding:
    """Whether the bot runs, by its heartbeat in the database."""
    if last_beat is None:
        return note("running", "The bot is not running.", "Start it: schoolgate run")
    silent = abs(now - last_beat)
    if silent >= SILENCE:
        return note(
            "running",
            f"The bot stopped without saying so, {int(silent.total_seconds())} s ago.",
            "Start it: schoolgate run",
        )
    return fine("running", "The bot is running.")
