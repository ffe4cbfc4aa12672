"""Runs the real command line in a process that ends as by a power cut, at a point that is named while it runs.

`python -m tests.crash.killing run`: the file that KILL_ORDER names may hold one point, such as
"before-commit:read" or "after-commit:press decide"; the first transaction of that name that gets there kills
the process (SIGKILL), and the order is used up.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.cli.main import main

ORDER = "KILL_ORDER"


def obey(order: Path) -> None:
    """Die when a transaction gets to the point that the order names."""
    for moment in ("before-commit", "after-commit"):
        event.listen(Session, moment.replace("-", "_"), _listener(moment, order))


def _listener(moment: str, order: Path) -> Callable[[Session], None]:
    def look(session: Session) -> None:
        try:
            wanted = order.read_text("utf-8")
        except FileNotFoundError:
            return
        if wanted == f"{moment}:{session.info.get('name', '')}":
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    return look


if __name__ == "__main__":
    obey(Path(os.environ[ORDER]))
    main()
