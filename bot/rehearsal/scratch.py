"""The folder of one rehearsal, and the bot's settings there."""

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.rehearsal.school import School
from config.settings import PREFIX
from storage.crypto import MasterKey

#: Where Python finds this installation, which need not be installed as a package.
_HOME = Path(bot.__file__).parent.parent
_OURS = ("school.db", "school.db-wal", "school.db-shm", "school.key", "clock", "world.json", "bot.log")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder with a database, a key, a clock and the bot's log. ``temporary``: it goes when the rehearsal ends."""

    folder: Path
    temporary: bool

    @classmethod
    def make(cls, folder: Path | None) -> "Scratch":
        """``folder``, made if it is not there, or a temporary one. OSError if it cannot be made."""
        if folder is None:
            return cls(Path(tempfile.mkdtemp(prefix="schoolgate-rehearsal-")), temporary=True)
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder.resolve(), temporary=False)

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self.folder / "school.db"

    @property
    def key(self) -> Path:
        """The school's key."""
        return self.folder / "school.key"

    @property
    def clock(self) -> Path:
        """How far the clock has been moved."""
        return self.folder / "clock"

    @property
    def world(self) -> Path:
        """The rehearsal's world, from the end of one rehearsal to the beginning of the next."""
        return self.folder / "world.json"

    @property
    def log(self) -> Path:
        """What the bot printed."""
        return self.folder / "bot.log"

    def clear(self) -> None:
        """Remove what an earlier rehearsal left here, and nothing else."""
        for name in _OURS:
            (self.folder / name).unlink(missing_ok=True)

    def make_key(self) -> None:
        """Make the school's key. KeyRefused if there is one."""
        MasterKey.generate_file(self.key)

    def discard(self) -> None:
        """Remove a temporary folder."""
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, school: School, *, base_url: str, token: str) -> dict[str, str]:
        """The bot's environment: none of the settings around us, and its own for this rehearsal."""
        settings = {
            "telegram_token": token,
            "telegram_base_url": base_url,
            "database_url": f"sqlite+aiosqlite:///{self.database}",
            "key_file": str(self.key),
            "clock": f"file:{self.clock}",
            **school.settings,
        }
        paths = [str(_HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **_without_ours(os.environ),
            **{f"{PREFIX}{name.upper()}": value for name, value in settings.items()},
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUNBUFFERED": "1",
            # A proxy for the outside world must not get calls to this computer.
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def command(self, *arguments: str) -> tuple[str, ...]:
        """Schoolgate's own command line, by the Python that runs this."""
        return (sys.executable, "-m", "bot.cli.main", *arguments)


def _without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(PREFIX)}
