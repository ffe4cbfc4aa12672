"""Journey 8: the bot is killed at each named commit and each kind of call, and started again."""

from pathlib import Path

import pytest

from tests.support.crashing import Outcome, Script, killable, kills, live
from tests.support.days import DAYS, SHORT

MOMENTS = ("before-commit", "after-commit", "hold", "hold_after")
_undisturbed: dict[int, Outcome] = {}


async def undisturbed(script: Script, tmp_path: Path) -> Outcome:
    """How a day ends when nobody kills the bot; lived once for each script."""
    if id(script) not in _undisturbed:
        async with killable(tmp_path / "undisturbed") as day:
            _undisturbed[id(script)] = await live(day, script)
    return _undisturbed[id(script)]


async def killed(script: Script, moment: str, tmp_path: Path) -> None:
    """Live a day in which the bot dies at every point of one kind: it ends as if nothing had happened."""
    expected = await undisturbed(script, tmp_path)
    planned = list(kills(script, moment))
    assert planned
    async with killable(tmp_path / "killed") as day:
        found = await live(day, script, planned)
    found.repeated(expected)
    at_steps = {kill.step for kill in planned}
    more = [mine - theirs for mine, theirs in zip(found.posts, expected.posts, strict=True)]
    for step, before, after in zip(script.steps, [0, *more], more, strict=False):
        # Where Telegram's answer was lost with the bot, one message may come again, and one only.
        assert 0 <= after - before <= (step in at_steps), step.words
    for what, state in expected.state.items():
        assert found.state[what] == state, what


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_bot_that_is_killed_loses_nothing_and_repeats_no_change(tmp_path: Path, moment: str) -> None:
    (tmp_path / "undisturbed").mkdir()
    (tmp_path / "killed").mkdir()
    await killed(SHORT, moment, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", DAYS)
async def test_a_whole_day_ends_alike_however_often_the_bot_dies(tmp_path: Path, name: str, moment: str) -> None:
    (tmp_path / "undisturbed").mkdir()
    (tmp_path / "killed").mkdir()
    await killed(DAYS[name], moment, tmp_path)
