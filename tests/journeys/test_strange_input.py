"""What does not look as it should, end to end: namesakes, letters that nobody sees, lines that run the other way."""

import asyncio
import json
import sys
from pathlib import Path

from tests.support.alerts import ABUSE, alerts, only_alert, weighed
from tests.support.classroom import classroom
from tests.support.journey import HEAD, OTHER, PARENT, Day

NAMESAKES = "name,role,class,ref\nSam Example,parent,Willow,1\nSam Example,parent,Ash,2\n"


async def imported(day: Day, roster: str) -> list[str]:
    """Import a roster beside the running bot; the links in its order."""
    path = day.folder / "more.csv"
    path.write_text(roster, "utf-8")
    words = ("roster", "import", str(path), "--username", day.rehearsal.world.bot.username or "", "--json")
    done = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli.main",
        *words,
        cwd=day.folder,
        env=day.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await done.communicate()
    assert done.returncode == 0
    return [person["link"] for person in json.loads(said)["people"]]


async def test_two_people_of_one_name_are_two_and_the_alert_says_which(tmp_path: Path) -> None:
    async with classroom(tmp_path) as day:
        for name, link in zip((PARENT, OTHER), await imported(day, NAMESAKES), strict=True):
            await day.act(name, "open", link=link)
            await day.told(name, "welcome.parent")
        await day.tap(OTHER, "code.agree")
        await day.tap(OTHER, "consent.yes")
        await day.told(OTHER, "consent.given")
        await day.say(PARENT, ABUSE)
        await day.settled()
        assert await alerts(day, HEAD) == [], "one agreed, and not the other"
        await day.say(OTHER, ABUSE)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert "Sam Example (Ash)," in alert["text"]


async def test_letters_that_nobody_sees_hide_no_abuse_and_are_shown_as_written(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        hidden = ABUSE.replace("pathetic", "pa\u200bthe\u2060tic").replace("idiot", "i\u200bd\u200bi\u200bot")
        await day.say(PARENT, hidden)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert hidden in alert["text"]
        assert all(word in hidden for word in weighed(alert))


async def test_what_runs_from_right_to_left_is_read_if_it_is_english_and_else_left_alone(tmp_path: Path) -> None:
    async with classroom(tmp_path, PARENT) as day:
        await day.say(PARENT, "בוקר טוב לכולם, מישהו ראה את המעיל של נועה?")
        await day.settled()
        assert await alerts(day, HEAD) == []
        turned = f"You are a pathetic \u202e{'idiot'[::-1]}\u202c Tom"
        await day.say(PARENT, turned)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert turned in alert["text"]
