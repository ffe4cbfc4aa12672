"""Journey 3, end to end: who has not agreed, or no longer does, is not scored, not stored, not logged."""

import json
from pathlib import Path
from typing import Any

from storage.crypto import MasterKey
from tests.support.any_update import KINDS, Maker
from tests.support.classroom import ABUSE, alerts, classroom
from tests.support.journey import HEAD, OTHER, PARENT, REP, STRANGER, Day
from tests.support.opened import everything_in, on_disk

MARK = "Quixotic Zebra"


def kept(day: Day) -> str:
    """All that the bot holds, opened, and all that it has logged."""
    database = day.folder / "schoolgate.db"
    return everything_in(database, MasterKey.from_file(day.folder / "schoolgate.key")) + day.log()


async def test_what_a_parent_wrote_who_has_not_agreed_leaves_no_trace(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.enrolled_parent(OTHER, consent=False)
        unseen = f"{MARK}. {ABUSE}"
        for who in (OTHER, REP):
            first = await day.say(who, unseen)
            await day.act(who, "photo", chat=day.group, caption=unseen)
            await day.act(who, "poll", chat=day.group, question=unseen, options=[f"{MARK} one", f"{MARK} two"])
            await day.act(who, "edit", chat=day.group, message=first, text=f"{unseen}!")
            await day.write_privately(OTHER, unseen)
        # Nested in the message of somebody who has agreed.
        await day.say(PARENT, "I think we should all calm down", reply_to=first, quote=MARK)
        await day.act(PARENT, "forward", from_chat=day.group, message=first, to_chat=day.group)
        seen = await day.say(PARENT, f"Purple Walrus. {ABUSE}")
        await day.told(HEAD, "alert.first_line")
        await day.settled()
        assert MARK not in kept(day)
        assert MARK.encode() not in on_disk(day.folder / "schoolgate.db")
        assert len(await alerts(day)) == 1
        assert "Purple Walrus" in kept(day), f"message {seen} was agreed to be read, and is on its case"
        assert b"Purple Walrus" not in on_disk(day.folder / "schoolgate.db")


async def test_withdrawal_works_at_once(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.say(PARENT, ABUSE)
        await day.told(HEAD, "alert.first_line")
        await day.write_privately(PARENT, "/withdraw")
        await day.told(PARENT, "consent.withdrawn")
        await day.say(PARENT, f"{MARK}. {ABUSE}")
        await day.settled()
        assert len(await alerts(day)) == 1
        assert MARK not in kept(day)


async def test_updates_of_every_kind_leave_nothing_that_nobody_agreed_to(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        for seed, kind in enumerate(KINDS * 2):
            made: dict[str, Any] = json.loads(
                json.dumps(Maker(seed).update(kind))
                .replace("-1001,", f"{day.group},")
                .replace("-1001}", f"{day.group}}}")
            )
            made.pop("update_id")
            text = json.dumps(made, ensure_ascii=False).replace("agreed to be read", MARK)
            made = json.loads(text.replace("sekret ünheard wörds", f"{MARK} {seed}"))
            await day.act(STRANGER, "raw_update", update=made)
        await day.settled()
        assert MARK not in kept(day)
        await day.say(PARENT, f"Purple Walrus. {ABUSE}")
        await day.told(HEAD, "alert.first_line")
        assert "Purple Walrus" in kept(day)
