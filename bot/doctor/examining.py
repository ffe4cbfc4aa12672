"""The whole examination, in the order in which it is shown. It only reads, and may run beside the bot."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.app import build_application, master_key
from bot.clock import clock_from_setting
from bot.doctor.configuration import (
    check_code,
    check_notice,
    check_policy,
    check_review,
    check_settings,
    check_texts,
)
from bot.doctor.findings import Finding, wrong
from bot.doctor.groups import GroupSeen, ask_group, check_group
from bot.doctor.keeping import check_database, check_key, check_key_fits, check_migrations, check_running
from bot.doctor.recipients import check_recipients, check_schools
from bot.doctor.screening import check_model
from bot.doctor.telegram import Account, ask_account, check_privacy, check_token, check_webhook
from bot.doctor.traffic import check_inbox, check_outbox, check_unknown_fields
from bot.door.receiving import UNKNOWN_FIELD
from config.conduct import load_code_of_conduct
from config.errors import ConfigError
from config.settings import Settings
from moderation.engines import load_engine
from moderation.records import Group, GroupStatus
from storage.crypto import MasterKey
from storage.errors import KeyRefused
from storage.inspecting import Tables, inspect
from storage.outbox import REFUSED
from storage.store import Store, Transaction


@dataclass(slots=True)
class _Kept:
    """What the database has to say: findings, and the groups to ask Telegram about."""

    findings: list[Finding] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in order."""
    now = clock_from_setting(settings.clock).now()
    findings = [
        check_settings(settings),
        check_texts(settings),
        check_code(settings),
        check_notice(settings),
        check_policy(settings),
    ]
    with suppress(ConfigError):
        findings.append(check_review(load_code_of_conduct(settings.code_file), now.date()))
    findings.append(check_model(lambda: load_engine(settings.engine, **settings.detoxify)))
    kept = await _examine_database(settings, now)
    return findings + kept.findings + await _examine_telegram(settings, kept.groups)


async def _examine_database(settings: Settings, now: datetime) -> _Kept:
    kept = _Kept([check_key(settings)])
    master = _master(settings)
    inspection = await inspect(settings.database_url, master)
    kept.findings += [check_database(inspection), check_migrations(inspection)]
    if inspection.tables is Tables.MISSING or master is None:
        return kept
    kept.findings.append(check_key_fits(inspection))
    if inspection.tables is not Tables.CURRENT or inspection.key_problem:
        return kept
    store = await Store.open(settings.database_url, master, migrate=False)
    try:
        async with store.transaction("doctor", now) as tx:
            await _examine_rows(tx, kept)
    finally:
        await store.close()
    return kept


async def _examine_rows(tx: Transaction, kept: _Kept) -> None:
    schools = await tx.schools.all()
    kept.findings += [
        check_running(await tx.lock.last_beat(), tx.now),
        check_inbox(await tx.inbox.figures(), tx.now),
        check_outbox(await tx.outbox.count(REFUSED)),
        check_unknown_fields(await tx.meta.names(UNKNOWN_FIELD)),
        check_schools(schools),
    ]
    for school in schools:
        kept.findings.append(check_recipients(school, await tx.people.of_school(school.id)))
        kept.groups += await tx.groups.of_school(school.id, GroupStatus.SANCTIONED)


async def _examine_telegram(settings: Settings, groups: Sequence[Group]) -> list[Finding]:
    if settings.telegram_token is None:
        remedy = "Get one from BotFather in Telegram (/newbot) and set telegram_token."
        return [wrong("token", "There is no token.", remedy)]
    # Without `initialize`, which raises where a check should find.
    bot = build_application(settings).bot
    try:
        account = await ask_account(bot)
        if account.me is None or account.webhook is None:
            return [check_token(account)]
        seen = [await ask_group(bot, account.me.id, group) for group in groups]
        return [*_account(account, seen), *(check_group(group) for group in seen)]
    finally:
        await bot.shutdown()
        await bot.request.shutdown()


def _account(account: Account, seen: Sequence[GroupSeen]) -> list[Finding]:
    findings = [check_token(account)]
    if account.webhook is not None and account.me is not None:
        findings += [check_webhook(account.webhook), check_privacy(account.me, seen)]
    return findings


def _master(settings: Settings) -> MasterKey | None:
    try:
        return master_key(settings)
    except KeyRefused:
        return None
