"""Where a person stands, and who is asked again after a new version."""

from dataclasses import dataclass, field, replace

from moderation.records import Acknowledgement, Consent, Person
from moderation.usecases import standing
from moderation.usecases.agreeing import Papers
from moderation.vocabulary import Role
from tests.support.village import NEXT, NOON, PAPERS, PARENT, Village, person

TEACHER = person(8, Role.TEACHER)
NOBODY_YET = person(None, Role.PARENT)


async def code(village: Village, who: Person, papers: Papers = PAPERS) -> list[str]:
    key = f"k{len(village.outbox.queued)}"
    await standing.show_code(who, papers=papers, consents=village.consents, outbox=village.outbox, key=key)
    return village.outbox.told(who.telegram_id or 0)


async def consent(village: Village, who: Person, papers: Papers = PAPERS) -> tuple[str, list[str]]:
    key = f"k{len(village.outbox.queued)}"
    await standing.show_consent(
        who, papers=papers, consents=village.consents, outbox=village.outbox, controller="Oakfield", key=key
    )
    text = village.outbox.told(who.telegram_id or 0)[-1]
    return text, [press.label for press in village.outbox.buttons(text)]


async def test_the_code_shows_when_it_was_agreed_to_or_how_to() -> None:
    village = Village()
    assert await code(village, village.parent) == ["code.ask"]
    village.consents.acknowledged[village.parent.id] = Acknowledgement("1", "c1", NOON)
    assert (await code(village, village.parent))[-1] == "code.agreed"
    assert (await code(village, village.parent, NEXT))[-1] == "code.ask_again"
    assert await code(village, TEACHER) == ["code.shown"]
    assert await code(village, NOBODY_YET) == []


async def test_each_answer_is_told_with_the_choices_that_are_left() -> None:
    village = Village()
    read, full = "consent.read", "consent.full_notice"
    assert await consent(village, village.parent) == ("consent.where_unanswered", [read, full])
    given = Consent("1", "n1", given=True, at=NOON)
    village.consents.answers[village.parent.id] = [given]
    assert await consent(village, village.parent) == ("consent.where_given", ["consent.withdraw", read, full])
    assert await consent(village, village.parent, NEXT) == ("consent.where_unanswered", [read])
    village.consents.answers[village.parent.id] = [replace(given, withdrawn_at=NOON)]
    assert await consent(village, village.parent) == ("consent.where_withdrawn", [read, full])
    village.consents.answers[village.parent.id] = [replace(given, given=False)]
    assert await consent(village, village.parent) == ("consent.where_declined", [read, full])


async def test_staff_are_told_that_they_are_never_read() -> None:
    village = Village()
    assert await consent(village, TEACHER) == ("consent.staff", [])
    await standing.show_consent(
        NOBODY_YET, papers=PAPERS, consents=village.consents, outbox=village.outbox, controller="", key="none"
    )
    assert "none" not in village.outbox.queued


@dataclass
class FakeMeta:
    """Named values."""

    values: dict[str, str] = field(default_factory=dict)

    async def get(self, name: str) -> str | None:
        return self.values.get(name)

    async def put(self, name: str, value: str) -> None:
        self.values[name] = value


async def test_a_new_version_is_to_be_asked_about_once_and_the_first_one_not_at_all() -> None:
    meta = FakeMeta()
    assert not await standing.is_to_be_renewed(PAPERS, meta=meta)
    assert not await standing.is_to_be_renewed(PAPERS, meta=meta)
    assert await standing.is_to_be_renewed(replace(PAPERS, notice=NEXT.notice), meta=meta)
    assert await standing.is_to_be_renewed(NEXT, meta=meta)
    assert not await standing.is_to_be_renewed(NEXT, meta=meta)


def test_only_parents_within_reach_are_asked_again() -> None:
    parent = person(PARENT, Role.PARENT)
    assert standing.reachable_parents([TEACHER, NOBODY_YET, parent, replace(parent, bot_blocked=True)]) == [parent]
