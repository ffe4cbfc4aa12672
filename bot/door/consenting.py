"""Whose words may be read in a group right now: asked at the door, and again when a message is processed."""

from bot.door.words import Json, accounts_in
from moderation.records import Group, GroupStatus
from storage.store import Transaction


async def consenting_in(message: Json, group: Group | None, *, tx: Transaction, version: str) -> dict[int, float]:
    """Since when (seconds since 1970) words of each account in a group message may be read: by its consent, and from
    the group's sanction on, so that no edit and no answer brings up what was written before.

    Empty unless the group is sanctioned. Only people on the roster who are not staff: staff are under another
    policy (clause 1.3). `version` is that of the privacy notice: consent to an earlier one does not count.
    """
    accounts = set(accounts_in(message))
    if group is None or group.status is not GroupStatus.SANCTIONED or not accounts:
        return {}
    standing = await tx.consents.standing(group.school_id, accounts, version)
    since: dict[int, float] = {}
    for account, at in standing.items():
        person = await tx.people.by_telegram(account, group.school_id)
        if person is not None and not person.is_staff:
            since[account] = max(at, group.decided_at or at).timestamp()
    return since
