"""The shape that every table keeps, whoever adds one."""

from datetime import datetime

import pytest
from sqlalchemy import JSON, LargeBinary, Table, select

from moderation.effects import Tell
from moderation.records import Case, CaseStatus, ClosureStatus, Group, Person
from moderation.vocabulary import Clause, Concern, Outcome, Severity, Span, Target
from storage.crypto import FORMAT_VERSION
from storage.inbox import Received
from storage.store import Store
from storage.tables import Base

#: What belongs to the installation and to nobody.
NOBODYS = {"meta", "lock"}
#: Rows that exist before anybody knows which school they concern; each still has its date.
OF_NO_SCHOOL = {"inbox", "code_try", "school"}
TABLES = [table for table in Base.metadata.sorted_tables if table.name not in NOBODYS]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_has_a_date_to_be_deleted_after(table: Table) -> None:
    assert "delete_after" in table.c
    assert not table.c.delete_after.nullable or table.name == "school"


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.name not in OF_NO_SCHOOL], ids=lambda table: table.name
)
def test_every_row_of_a_school_or_person_says_which_school(table: Table) -> None:
    assert not table.c.school_id.nullable


def test_what_is_sealed_or_wrapped_is_bytes() -> None:
    sealed = [
        column for table in TABLES for column in table.c if column.name.endswith(("_sealed", "_wrapped", "digest"))
    ]
    assert len(sealed) > 10
    assert all(isinstance(column.type, LargeBinary) for column in sealed)


def test_every_word_that_is_in_the_clear_is_known() -> None:
    """A new text or JSON column has to be thought about: can a name or what somebody wrote get into it?"""
    clear = {
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.c
        if isinstance(column.type, JSON) or column.type.python_type is str
    }
    words = {name for name in clear if not name.endswith((".id", "_id"))}
    assert words == {
        "school.name",
        "person.ref",
        "person.roles",
        "person.school_class",
        "acknowledgement.version",
        "acknowledgement.hash",
        "consent.version",
        "consent.hash",
        "group.status",
        "group.mode",
        "group.school_class",
        "group.rights",
        "group.invite_link",
        "group.decided_by",
        "join_request.status",
        "inbox.kind",
        "inbox.status",
        "inbox.error",
        "outbox.key",
        "outbox.about",
        "outbox.kind",
        "outbox.status",
        "outbox.refusal",
        "button.action",
        "button.args",
        "button.bundle",
        "prompt.kind",
        "prompt.args",
        "case.status",
        "case.outcome",
        "case.clauses",
        "case.concern",
        "case.target",
        "case.target_because",
        "case.scores",
        "case.policy_version",
        "case.engine",
        "case_step.step",
        "case_step.data",
        "decision.by",
        "decision.outcome",
        "decision.clauses",
        "decision.code_version",
        "closure.status",
        "closure.closed_by",
        "closure.confirmed_by",
        "closure.saved_permissions",
        "closure.steps",
        "closure.told",
    }


WORDS = "Somebody wrote this"


async def _fill(store: Store, person: Person, group: Group, now: datetime) -> None:
    draft = Case(
        id="",
        school_id=group.school_id,
        group_id=group.id,
        chat_id=group.chat_id,
        message_id=9,
        author_id=person.id,
        status=CaseStatus.OPEN,
        version=1,
        text=WORDS,
        outcome=Outcome.FLAG,
        clauses=(Clause.ABUSE_ABOUT,),
        severity=Severity.RUDE,
        concern=Concern.NONE,
        confidence=0.9,
        target=Target.STAFF,
        target_because="roster",
        about_headteacher=False,
        to_headteacher=False,
        evidence=(Span(0, 8, WORDS[:8], 0.5),),
        written_at=now,
        opened_at=now,
    )
    async with store.transaction("fill", now) as tx:
        await tx.inbox.put([Received(1, 5, "message", {"update_id": 1, "text": WORDS}, now)])
        await tx.outbox.put(Tell(5, "help.parent", {"words": WORDS}), key="a")
        await tx.people.change(person.id, name=WORDS, roles=person.roles, school_class="", children=(WORDS,))
        await tx.groups.change(group.id, title=WORDS)
        await tx.cases.open(draft, edit_mark=0, scores={})
        await tx.closures.add(
            school_id=group.school_id,
            group_id=group.id,
            closed_by=person.id,
            status=ClosureStatus.CLOSING,
            reason=WORDS,
        )


async def test_what_was_written_lies_in_the_database_as_ciphertext_only(
    store: Store, person: Person, group: Group, now: datetime
) -> None:
    await _fill(store, person, group, now)
    sealed, clear = set(), []
    async with store._engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in (await connection.execute(select(table))).mappings():
                clear.append(repr(dict(row)))
                sealed |= {
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if name.endswith("_sealed") and value and value[0] == FORMAT_VERSION and len(value) > 36
                }
    assert not [line for line in clear if WORDS in line or WORDS[:8] in line]
    assert sealed >= {
        "inbox.payload_sealed",
        "outbox.payload_sealed",
        "person.name_sealed",
        "person.children_sealed",
        "group.title_sealed",
        "case.text_sealed",
        "case.evidence_sealed",
        "closure.reason_sealed",
    }
