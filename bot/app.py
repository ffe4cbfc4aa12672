"""The composition root: the one place that builds concrete things, and runs them until told to stop."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from telegram import User
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.clock import clock_from_setting
from bot.errors import NoToken, TokenRefused
from bot.handlers import register
from bot.runtime.backoff import Backoff
from bot.runtime.carrying import Carrier
from bot.runtime.conflict import conflict
from bot.runtime.dispatch import Dispatcher, PerChatProcessor
from bot.runtime.instance import Instance
from bot.runtime.polling import poll
from bot.runtime.scheduling import scheduler
from bot.runtime.starting import at_start
from bot.services import Services
from bot.sweeps import SWEEPS
from config.conduct import load_code_of_conduct, load_privacy_notice
from config.policy import load_policy
from config.settings import Settings
from config.texts import Texts
from moderation.engines import load_engine
from storage.crypto import MasterKey
from storage.store import Store

_log = logging.getLogger(__name__)

_CONNECTIONS = 16


class Stopped(Exception):
    """The bot was told to stop before it had begun."""


def master_key(settings: Settings) -> MasterKey:
    """The key from the variable if it is set, else from its file.

    Raises:
        KeyRefused: it is missing, badly kept, or no key.
    """
    if settings.key is not None:
        return MasterKey.from_base64(settings.key.get_secret_value())
    return MasterKey.from_file(Path(settings.key_file))


def build_application(settings: Settings) -> "Application[Any, Any, Any, Any, Any, Any]":
    """python-telegram-bot's application, without its updater: the poll loop is ours."""
    if settings.telegram_token is None:
        raise NoToken
    request = HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=30)
    builder = Application.builder().token(settings.telegram_token.get_secret_value())
    return (
        builder.base_url(settings.telegram_base_url)
        .updater(None)
        .request(request)
        .concurrent_updates(PerChatProcessor())
        .build()
    )


@asynccontextmanager
async def build(
    settings: Settings, stop: asyncio.Event
) -> AsyncIterator[tuple[Services, "Application[Any, Any, Any, Any, Any, Any]"]]:
    """Everything the bot needs, built and taken down in order.

    Raises:
        ConfigError, StorageError: something is missing or does not fit; the message says what to do.
        TokenRefused: Telegram does not know the token.
        Stopped: `stop` was set while Telegram could not be reached.
    """
    engine = load_engine(settings.engine, **settings.detoxify)
    texts = Texts(own=settings.texts_file)
    code, notice = load_code_of_conduct(settings.code_file), load_privacy_notice(settings.notice_file)
    policy = load_policy(settings.policy_file)
    store = await Store.open(settings.database_url, master_key(settings))
    application = build_application(settings)
    try:
        me = await _introduce(application, stop)
        services = Services(
            settings=settings,
            clock=clock_from_setting(settings.clock),
            store=store,
            texts=texts,
            code=code,
            notice=notice,
            policy=policy,
            engine=engine,
            bot=application.bot,
            username=me.username or "",
        )
        application.bot_data["services"] = services
        register(application)
        yield services, application
    finally:
        with contextlib.suppress(RuntimeError):
            await application.shutdown()
        # A bot that never got to know itself counts as not initialised, and leaves its connections open.
        await application.bot.request.shutdown()
        await store.close()


async def run(settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM, then let what is under way finish."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    with contextlib.suppress(Stopped):
        async with build(settings, stop) as (services, application):
            instance = Instance(services, holder=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")
            async with instance.running() as heartbeat:
                await at_start(services)
                await _work(services, application, heartbeat, stop)


async def _work(
    services: Services,
    application: "Application[Any, Any, Any, Any, Any, Any]",
    heartbeat: "asyncio.Task[None]",
    stop: asyncio.Event,
) -> None:
    dispatcher, carrier = Dispatcher(services, application), Carrier(services)
    application.add_error_handler(dispatcher.note_failure)
    sweeping = scheduler(services, SWEEPS)
    sweeping.start()
    url = f"{services.settings.telegram_base_url}{services.bot.token}/getUpdates"
    async with httpx.AsyncClient() as client:
        tasks = [
            asyncio.create_task(dispatcher.run(), name="dispatch"),
            asyncio.create_task(carrier.run(), name="carry"),
            asyncio.create_task(
                poll(services, client=client, url=url, on_conflict=lambda: conflict(services)),
                name="poll",
            ),
            asyncio.create_task(stop.wait(), name="stop"),
        ]
        _log.info("the bot is running as @%s", services.username)
        done, pending = await asyncio.wait([*tasks, heartbeat], return_when=asyncio.FIRST_COMPLETED)
        await _cancelled(pending)
        await dispatcher.finish()
        await carrier.finish()
    sweeping.shutdown(wait=False)
    for task in done:
        task.result()
    _log.info("the bot has stopped")


async def _cancelled(tasks: "set[asyncio.Task[Any]]") -> None:
    """Cancel tasks and wait for their end; one that let a cancellation pass is cancelled again."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=1)


async def bot_username(settings: Settings) -> str:
    """The bot's username, asked of Telegram; empty if there is no token or Telegram cannot be reached."""
    if settings.telegram_token is None:
        return ""
    bot = build_application(settings).bot
    try:
        async with bot:
            return str(bot.username)
    except TelegramError:
        return ""
    finally:
        await bot.request.shutdown()


async def _introduce(application: "Application[Any, Any, Any, Any, Any, Any]", stop: asyncio.Event) -> User:
    """Learn who the bot is; while Telegram cannot be reached, say so and wait.

    Raises:
        TokenRefused: Telegram does not know the token.
        Stopped: `stop` was set first.
    """
    backoff = Backoff(first=1.0, most=60.0)
    while True:
        try:
            await application.initialize()
        except (InvalidToken, Forbidden):
            raise TokenRefused from None
        except TelegramError as error:
            wait = backoff.next()
            _log.warning("Telegram cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
                raise Stopped from None
        else:
            me: User = application.bot.bot
            return me
