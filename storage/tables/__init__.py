"""Every table. `school_id` and `delete_after` are on each row that belongs to a school or a person.

Columns ending in `_sealed` hold ciphertext (storage/crypto.py); what people wrote and what they are called
is never in any other column. Telegram ids are plain: without them nobody could be recognised.
"""

from storage.tables.base import Base
from storage.tables.cases import CaseRow, CaseStepRow, DecisionRow
from storage.tables.groups import ClosureRow, GroupRow, JoinRequestRow, TopicRow
from storage.tables.people import AcknowledgementRow, CodeRow, CodeTryRow, ConsentRow, PersonRow, SchoolRow
from storage.tables.traffic import ButtonRow, InboxRow, LockRow, MetaRow, OutboxRow, PromptRow

__all__ = [
    "AcknowledgementRow",
    "Base",
    "ButtonRow",
    "CaseRow",
    "CaseStepRow",
    "ClosureRow",
    "CodeRow",
    "CodeTryRow",
    "ConsentRow",
    "DecisionRow",
    "GroupRow",
    "InboxRow",
    "JoinRequestRow",
    "LockRow",
    "MetaRow",
    "OutboxRow",
    "PersonRow",
    "PromptRow",
    "SchoolRow",
    "TopicRow",
]
