"""The bot as a process of its own: started, watched and stopped, with nothing between it and the server but HTTP."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

#: How long the bot gets to end by itself, in seconds, before it is killed.
PATIENCE = 10.0


class BotProcess:
    """One program, started at most once at a time.

    ``environment`` is all that it gets of one; its output goes to the file ``log``. ``changed`` is called
    whenever it starts or ends, by itself or not.
    """

    def __init__(
        self, command: Sequence[str], *, folder: Path, log: Path, changed: Callable[[], None] = lambda: None
    ) -> None:
        self.environment: Mapping[str, str] = {}
        self._command, self._folder, self._log, self._changed = tuple(command), folder, log, changed
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._exit_status: int | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_status(self) -> int | None:
        """How it ended last (negative: by that signal); None if it never did, or runs now."""
        return None if self.running else self._exit_status

    async def start(self) -> None:
        """Start it, if it is not running. OSError if the program cannot be started."""
        if self.running:
            return
        with self._log.open("ab") as output:
            # A session of its own: Ctrl-C in the terminal reaches the rehearsal alone, which then ends the bot.
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._watch = asyncio.create_task(self._until_end(self._process))
        self._changed()

    async def stop(self) -> None:
        """Ask it to end, if it is running; kill it if it does not within ``PATIENCE`` seconds."""
        process = self._process
        if process is None or self._watch is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(self._watch), PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await self._watch

    async def ended(self) -> int | None:
        """Wait until it ends; its exit status, or None if it was never started."""
        if self._watch is not None:
            await asyncio.shield(self._watch)
        return self._exit_status

    async def _until_end(self, process: asyncio.subprocess.Process) -> None:
        self._exit_status = await process.wait()
        self._changed()
