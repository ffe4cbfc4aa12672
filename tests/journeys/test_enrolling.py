"""People open their letters: bound once, the code acknowledged, consent asked apart from it."""

from pathlib import Path

from tests.support.journey import HEAD, PARENT, journey


async def test_a_parent_agrees_to_the_code_and_then_answers_the_notice(tmp_path: Path) -> None:
    async with journey(tmp_path) as day:
        await day.enrolled_parent(PARENT)
        await day.enrol(HEAD)
        await day.told(HEAD, "welcome.headteacher", school="Oakfield Primary")
        await day.settled()
        await day.not_told(HEAD, "code.agree")
