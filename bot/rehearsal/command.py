"""What `schoolgate rehearse` does: a sample school in a scratch folder, the server, the page, and the real bot."""

import asyncio
import os
import secrets
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.founding import RehearsalFailed, found_school
from bot.rehearsal.process import BotProcess
from bot.rehearsal.school import School, build_world, load_school
from bot.rehearsal.scratch import Scratch
from bot.rehearsal.server import Serving, serve
from bot.rehearsal.snapshot import restore_world, save_world
from bot.rehearsal.world import World

PAGE = Path(__file__).with_name("page")
#: Where the page is if nobody asks for another port and this one is free.
USUAL_PORT = 8425
#: How long the bot gets until it listens, in seconds.
START_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. ``port`` None: the usual one, or any that is free."""

    port: int | None = None
    folder: Path | None = None
    open_page: bool = True
    fresh: bool = False


def rehearse(options: Options, console: Console | None = None) -> None:
    """Rehearse until Ctrl-C. RehearsalFailed if it cannot begin."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_until_interrupted(options, console or Console()))


async def _until_interrupted(options: Options, console: Console) -> None:
    with _ended_by_signals(), suppress(asyncio.CancelledError):
        async with beginning(options, console) as rehearsal:
            await _told_and_watched(rehearsal, options, console)
    console.print("The rehearsal has ended.")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Cancel this task at the first Ctrl-C, SIGTERM or SIGHUP, and ignore more: the tidying up is not broken off."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(one, signal.getsignal(one)) for one in signals]
    ended = False

    def end() -> None:
        nonlocal ended
        if task is not None and not ended:
            ended = True
            task.cancel()

    try:
        # Windows has no signal handlers here; Ctrl-C cancels the task by itself.
        with suppress(NotImplementedError):
            for one in signals:
                loop.add_signal_handler(one, end)
        yield
    finally:
        for one, handler in before:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(one)
            signal.signal(one, handler)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that is under way."""

    url: str
    world: World
    process: BotProcess
    scratch: Scratch


@asynccontextmanager
async def beginning(options: Options, console: Console) -> AsyncIterator[Rehearsal]:
    """Set everything up, and take it down in order: the bot, the server, the world's file, a temporary folder."""
    async with AsyncExitStack() as ending:
        school, scratch = load_school(), _scratch(options)
        ending.callback(scratch.discard)
        world = _world(school, scratch, fresh=options.fresh, console=console)
        process = BotProcess(scratch.command("run"), folder=scratch.folder, log=scratch.log, changed=world.changes.bump)
        token = f"{world.bot.id}:{secrets.token_urlsafe(26)}"
        serving = await _serve(world, options.port, token, process)
        ending.push_async_callback(serving.close)
        console.print("[green]✓[/] The rehearsal's own Telegram is running, on this computer alone")
        process.environment = scratch.environment(school, base_url=serving.base_url, token=token)
        if not scratch.database.exists():
            with console.status(f"Setting up {school.name} …"):
                await found_school(school, scratch, process.environment, world)
            console.print(f"[green]✓[/] {school.name} is registered, and the letters are written")
        try:
            await _start(process, world, console)
            yield Rehearsal(serving.url, world, process, scratch)
        finally:
            await process.stop()
            if not scratch.temporary:
                save_world(world, scratch.world)


async def _start(process: BotProcess, world: World, console: Console) -> None:
    with console.status("Starting the bot …"):
        await process.start()
        listening = await _listening(world, process)
    if listening:
        console.print("[green]✓[/] The bot is running, as a process of its own")


async def _told_and_watched(rehearsal: Rehearsal, options: Options, console: Console) -> None:
    console.print(f"\n  Open [bold]{rehearsal.url}/[/] in a browser. Ctrl-C ends the rehearsal.\n", highlight=False)
    if options.open_page and sys.stdout.isatty() and _has_screen():
        webbrowser.open(f"{rehearsal.url}/")
    process, told = rehearsal.process, False
    while True:
        seq = rehearsal.world.changes.seq
        if process.running:
            told = False
        elif not told and process.exit_status is not None:
            console.print(f"The bot has stopped, exit status {process.exit_status}. The page can start it again.")
            if process.exit_status not in (0, -signal.SIGTERM):
                console.print(f"What it printed last is in {rehearsal.scratch.log}", highlight=False)
            told = True
        await rehearsal.world.changes.beyond(seq, 3600)


def _scratch(options: Options) -> Scratch:
    try:
        return Scratch.make(options.folder)
    except OSError as error:
        raise RehearsalFailed(f"The folder {options.folder} cannot be used: {error.strerror}.") from None


def _world(school: School, scratch: Scratch, *, fresh: bool, console: Console) -> World:
    """The world that was left in the folder, or the school on its first day."""
    if not fresh and scratch.world.exists() and scratch.database.exists():
        world = restore_world(scratch.world, RehearsalClock(scratch.clock))
        # It is written again at the end. Without it, after a crash, world and database would not fit together.
        scratch.world.unlink()
        if world is not None:
            console.print("[green]✓[/] Going on where the last rehearsal in this folder ended")
            return world
    scratch.clear()
    scratch.make_key()
    return build_world(school, RehearsalClock(scratch.clock))


async def _serve(world: World, port: int | None, token: str, process: BotProcess) -> Serving:
    for attempt in (USUAL_PORT, 0) if port is None else (port,):
        try:
            return await serve(world, port=attempt, clock=world.clock, token=token, process=process, page=PAGE)
        except OSError:
            continue
    raise RehearsalFailed(f"Port {port} is taken by another program. Choose another one with --port.")


async def _listening(world: World, process: BotProcess) -> bool:
    """Wait until the bot asks for updates; False if it ended, or took too long."""
    for _ in range(int(START_PATIENCE / 0.05)):
        if world.updates.running or not process.running:
            break
        await asyncio.sleep(0.05)
    return world.updates.running


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
