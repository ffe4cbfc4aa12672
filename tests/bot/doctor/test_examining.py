"""The whole examination against a rehearsal server, and what a machine or a person reads of it."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.doctor.examining import examine
from bot.doctor.findings import Finding, State
from bot.doctor.report import as_json, as_table, is_well, summary
from config.settings import Settings
from moderation.records import GroupStatus
from moderation.vocabulary import Role
from storage.crypto import MasterKey
from storage.store import Store
from tests.support.rehearsal import Rehearsal, rehearsal


@dataclass
class House:
    """A school that is ready: settings, a database with its people, a group, a server that stands in for Telegram."""

    server: Rehearsal
    settings: Settings
    chat: int

    async def found(self, check: str, **changed: object) -> Finding:
        """What one check finds, with some settings changed."""
        findings = await examine(self.settings.model_copy(update=changed))
        return next(finding for finding in findings if finding.check.startswith(check))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with rehearsal(tmp_path) as server:
        await server.add_users((1, "Head"), (2, "Chair"))
        chat = (await server.act(1, "create_group", title="Willow", type="supergroup"))["chat"]
        await server.act(1, "add_bot", chat=chat)
        await server.act(1, "promote", chat=chat, user=server.world.bot.id, rights="all")
        key = MasterKey.generate_file(tmp_path / "schoolgate.key")
        settings = Settings.model_validate(
            {
                "telegram_token": server.token,
                "telegram_base_url": server.base_url,
                "clock": f"file:{tmp_path / 'clock'}",
                "key_file": tmp_path / "schoolgate.key",
                "database_url": f"sqlite+aiosqlite:///{tmp_path / 'schoolgate.db'}",
            }
        )
        await _fill(settings.database_url, key, chat)
        yield House(server, settings, chat)


async def _fill(url: str, key: MasterKey, chat: int) -> None:
    store = await Store.open(url, key)
    async with store.transaction("fill", datetime.now(UTC)) as tx:
        school = await tx.schools.add("Oakfield Primary")
        for account, role in enumerate((Role.HEADTEACHER, Role.CHAIR), 1):
            person = await tx.people.add(school_id=school.id, name=role.value, roles=frozenset({role}))
            code, _ = await tx.people.issue_code(person.id, valid=timedelta(days=1))
            await tx.people.bind(code, account)
        group = await tx.groups.add(school_id=school.id, chat_id=chat, title="Willow", is_supergroup=True, added_by=1)
        await tx.groups.change(group.id, status=GroupStatus.SANCTIONED)
        await tx.lock.take("somewhere:1:x")
    await store.close()


async def test_a_school_that_is_ready_has_nothing_wrong(house: House) -> None:
    findings = await examine(house.settings)
    assert [finding for finding in findings if finding.state is State.WRONG and finding.check != "model"] == []
    assert {"token", "webhook", "privacy mode", "running", "group Willow", "recipients of Oakfield Primary"} <= {
        finding.check for finding in findings
    }


async def test_it_leaves_the_lock_and_the_database_as_they_are(house: House) -> None:
    before = _dump(house.settings.database_url)
    await examine(house.settings)
    assert _dump(house.settings.database_url) == before


async def test_a_right_that_was_taken_away_is_named(house: House) -> None:
    rights = {"can_delete_messages": True, "can_restrict_members": True, "can_invite_users": True}
    await house.server.act(1, "promote", chat=house.chat, user=house.server.world.bot.id, rights=rights)
    found = await house.found("group Willow")
    assert found.text == "The bot lacks rights: can_pin_messages."


async def test_a_group_that_the_bot_was_thrown_out_of_is_told(house: House) -> None:
    await house.server.act(1, "remove_bot", chat=house.chat)
    assert "not in this group" in (await house.found("group Willow")).text


async def test_a_wrong_token_is_told(house: House) -> None:
    other = Settings.model_validate({"telegram_token": "7000000002:another"}).telegram_token
    found = await house.found("token", telegram_token=other)
    assert found.text == "Telegram does not know this token."


async def test_no_token_is_told(house: House) -> None:
    assert (await house.found("token", telegram_token=None)).text == "There is no token."


async def test_a_telegram_that_cannot_be_reached_is_told(house: House) -> None:
    found = await house.found("token", telegram_base_url="http://127.0.0.1:9/bot")
    assert found.state is State.WRONG
    assert "cannot be reached" in found.text


async def test_privacy_mode_is_asked_of_telegram(house: House) -> None:
    house.server.world.privacy_mode = True
    await house.server.act(1, "demote", chat=house.chat, user=house.server.world.bot.id)
    assert (await house.found("privacy mode")).state is State.WRONG


async def test_a_missing_database_is_told_and_none_is_made(house: House, tmp_path: Path) -> None:
    found = await house.found("database", database_url=f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    assert found.state is State.WRONG
    assert not (tmp_path / "other.db").exists()


async def test_another_key_is_told(house: House, tmp_path: Path) -> None:
    MasterKey.generate_file(tmp_path / "other.key")
    found = await house.found("key fits", key_file=tmp_path / "other.key")
    assert found.state is State.WRONG


async def test_a_missing_key_stops_only_what_needs_it(house: House, tmp_path: Path) -> None:
    findings = {finding.check: finding for finding in await examine(_without_key(house.settings, tmp_path))}
    assert findings["key"].state is State.WRONG
    assert findings["token"].state is State.FINE


async def test_a_code_that_cannot_be_read_leaves_its_review_date_out(house: House, tmp_path: Path) -> None:
    (tmp_path / "code.toml").write_text("title = 1")
    changed = house.settings.model_copy(update={"code_file": tmp_path / "code.toml"})
    checks = {finding.check: finding.state for finding in await examine(changed)}
    assert checks["code of conduct"] is State.WRONG
    assert "review date" not in checks


def _dump(url: str) -> list[str]:
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
        return list(connection.iterdump())


def _without_key(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"key_file": tmp_path / "none.key"})


FINDINGS = [
    Finding("token", State.FINE, "The bot is @x."),
    Finding("inbox", State.NOTE, "2 updates were given up."),
    Finding("group [b]Willow", State.WRONG, "The bot lacks rights.", "Switch them on."),
]


def test_a_person_reads_a_mark_a_name_and_what_to_do() -> None:
    console = Console(width=100, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115 - the console owns it
    console.print(as_table(FINDINGS))
    console.file.close()
    shown = console.export_text()
    for words in ("✓", "!", "✗", "group [b]Willow", "To do: Switch them on."):
        assert words in shown


def test_a_machine_reads_json() -> None:
    read = json.loads(as_json(FINDINGS))
    assert read["well"] is False
    assert read["findings"][2] == {
        "check": "group [b]Willow",
        "state": "wrong",
        "text": "The bot lacks rights.",
        "remedy": "Switch them on.",
    }


def test_the_last_line_counts_what_is_wrong() -> None:
    assert summary(FINDINGS) == "One thing to put right."
    assert summary([*FINDINGS, FINDINGS[2]]) == "2 to put right."
    assert summary(FINDINGS[:2]) == "All is in place."
    assert is_well(FINDINGS[:2])
    assert not is_well(FINDINGS)
