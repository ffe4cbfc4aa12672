"""Journey 2, end to end: people open their letters; the code is acknowledged, and consent asked apart from it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from config.conduct import load_code_of_conduct, load_privacy_notice
from config.toml import SHIPPED
from tests.support.journey import CHAIR, DSL, HEAD, OFFICE, OTHER, PARENT, REP, STRANGER, TEACHER, Day, journey

_DAY = 24 * 3600


def rows(day: Day, query: str) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with closing(sqlite3.connect(f"file:{day.folder / 'schoolgate.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


async def test_staff_are_welcomed_by_what_they_do_and_asked_for_nothing(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(HEAD, CHAIR, DSL, OFFICE, TEACHER)
        for name, text in (
            (HEAD, "welcome.headteacher"),
            (CHAIR, "welcome.chair"),
            (DSL, "welcome.dsl"),
            (OFFICE, "welcome.office"),
            (TEACHER, "welcome.staff"),
        ):
            welcome = await day.told(name, text, school="Oakfield Primary")
            assert name in welcome["text"]
            assert not welcome.get("buttons")
        await day.write_privately(TEACHER, "/consent")
        await day.told(TEACHER, "consent.staff")
        await day.write_privately(TEACHER, "/code")
        await day.told(TEACHER, "code.shown", code=load_code_of_conduct().as_text())
        await day.write_privately(HEAD, "/help")
        await day.told(HEAD, "help.headteacher")
        await day.settled()
        commands = day.rehearsal.world.commands
        names = {scope.split("/")[0]: [one["command"] for one in menu] for scope, menu in commands.items()}
        assert names["all_private_chats"] == ["help", "code", "consent", "withdraw"]
        assert names["all_chat_administrators"] == ["close", "reopen"]
        own = [menu for scope, menu in commands.items() if scope.startswith(f"chat/{day.id_of(HEAD)}/")]
        assert [one["command"] for one in own[0]] == ["groups", "close", "reopen", "help", "code"]


async def test_what_a_parent_agrees_to_is_kept_by_version_hash_and_time(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(PARENT)
        await day.told(PARENT, "welcome.parent")
        await day.tap(PARENT, "code.agree")
        await day.told(PARENT, "code.agreed")
        asked = await day.told(PARENT, "consent.ask")
        assert [len(row) for row in asked["buttons"]] == [2], "yes and no are side by side, equally easy"
        await day.settled()
        assert rows(day, "SELECT count(*) FROM consent") == [(0,)], "agreeing to the code is no consent"
        await day.tap(PARENT, "consent.yes")
        await day.told(PARENT, "consent.given")
        code, notice = load_code_of_conduct(), load_privacy_notice()
        [(version, hash_, at)] = rows(day, "SELECT version, hash, at FROM acknowledgement")
        assert (version, hash_) == (code.version, code.hash)
        assert at
        [(version, hash_, given, ended)] = rows(day, "SELECT version, hash, given, withdrawn_at FROM consent")
        assert (version, hash_, given, ended) == (notice.version, notice.hash, 1, None)
        await day.write_privately(PARENT, "/code")
        await day.told(PARENT, "code.agreed")
        await day.write_privately(PARENT, "/consent")
        await day.told(PARENT, "consent.where_given", version=notice.version)
        await day.write_privately(PARENT, "/withdraw")
        await day.told(PARENT, "consent.withdrawn")
        [(ended,)] = rows(day, "SELECT withdrawn_at FROM consent")
        assert ended
        await day.write_privately(PARENT, "/withdraw")
        await day.told(PARENT, "consent.nothing_to_withdraw")
        await day.write_privately(PARENT, "/consent")
        await day.told(PARENT, "consent.where_withdrawn")
        await day.tap(PARENT, "consent.read")
        await day.tap(PARENT, "consent.yes")
        await day.settled()
        assert rows(day, "SELECT count(*) FROM consent WHERE given AND withdrawn_at IS NULL") == [(1,)]


async def test_a_code_binds_one_account_once_and_nobody_learns_whose_it_was(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrol(PARENT)
        await day.told(PARENT, "welcome.parent")
        await day.enrol(PARENT)
        await day.told(PARENT, "start.again")
        await day.act(STRANGER, "open", link=day.links[PARENT])
        refusal = await day.told(STRANGER, "start.used")
        assert PARENT not in refusal["text"]
        await day.act(STRANGER, "start", payload="no-such-code")
        await day.told(STRANGER, "start.unknown")
        await day.act(PARENT, "open", link=day.links[OTHER])
        refusal = await day.told(PARENT, "start.somebody_else")
        assert OTHER not in refusal["text"]
        aloud = day.links[REP].partition("start=")[2].replace("-", " ").replace("0", "O").replace("1", "l").upper()
        await day.act(REP, "start")
        await day.told(REP, "start.stranger")
        await day.write_privately(REP, aloud)
        await day.told(REP, "welcome.class_rep")
        await day.rehearsal.advance(31 * _DAY)
        await day.enrol(OTHER)
        await day.told(OTHER, "start.expired")
        for number in range(9):
            await day.act(STRANGER, "start", payload=f"guess-{number}")
        await day.settled()
        await day.not_told(STRANGER, "start.pause")
        for number in range(2):
            await day.act(STRANGER, "start", payload=f"more-{number}")
        await day.told(STRANGER, "start.pause")
        assert rows(day, "SELECT count(*) FROM person WHERE telegram_id IS NOT NULL") == [(2,)]


async def test_what_the_bot_does_not_understand_gets_the_short_list(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.act(STRANGER, "start", payload="join")
        await day.told(STRANGER, "start.join")
        await day.write_privately(STRANGER, "/frobnicate")
        await day.told(STRANGER, "help.stranger")
        await day.write_privately(STRANGER, "/withdraw")
        await day.told(STRANGER, "consent.stranger")
        await day.enrol(REP)
        await day.write_privately(REP, "hello? is anybody there?")
        await day.told(REP, "help.class_rep")


async def test_a_new_version_is_asked_about_once_also_of_somebody_who_comes_back(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrolled_parent(PARENT)
        await day.enrolled_parent(OTHER, consent=False)
        await day.act(OTHER, "block_bot")
        await day.settled()
        await day.stop_bot()
        code, notice = day.folder / "code.toml", day.folder / "notice.toml"
        for path, shipped in ((code, "code_of_conduct.toml"), (notice, "privacy_notice.toml")):
            words = (SHIPPED / shipped).read_text("utf-8")
            path.write_text(words.replace('\nversion = "1"', '\nversion = "1a"'), "utf-8")
        papers = {"SCHOOLGATE_CODE_FILE": str(code), "SCHOOLGATE_NOTICE_FILE": str(notice)}
        await day.start_bot(**papers)
        await day.told(PARENT, "code.ask_again", version="1a")
        await day.settled()
        await day.stop_bot()
        await day.start_bot(**papers)
        await day.settled()
        asked = [m for m in await day.letters(PARENT) if "(version 1a)" in (m["text"] or "")]
        assert len(asked) == 1
        await day.tap(PARENT, "code.agree")
        await day.told(PARENT, "consent.ask_again", version="1a")
        await day.tap(PARENT, "consent.yes")
        await day.act(OTHER, "start")
        await day.told(OTHER, "code.ask_again", version="1a")
        await day.settled()
        person = "SELECT count(*) FROM acknowledgement WHERE version = '1a'"
        assert rows(day, person) == [(1,)]
        assert rows(day, "SELECT count(*) FROM person WHERE bot_blocked") == [(0,)]
