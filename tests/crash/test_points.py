"""No point is forgotten: every named transaction of the code is killed at in some day, or there is a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.handlers import ACTIONS, ANSWERS
from bot.handlers.commands import COMMANDS, IN_GROUPS
from bot.runtime.performing import _PERFORMERS
from moderation.effects import KINDS
from tests.support.days import DAYS

CODE = Path(__file__).parents[2] / "bot"

#: Nothing is written there, or what is written is written again by the next turn.
NO_STATE = {
    "peek": "reads",
    "hear": "reads",
    "carry": "reads",
    "dispatch": "reads",
    "menus": "reads",
    "sent id": "reads",
    "render alert": "reads",
    "case to close for": "reads",
    "awaiting alerts": "reads",
    "look for unread": "reads",
    "readiness": "reads",
    "doctor": "reads",
    "compare roster": "reads",
    "list schools": "reads",
    "lock": "a heartbeat; a dead holder is replaced",
    "unlock": "a dead holder is replaced",
    "postpone": "without it the effect is tried earlier",
}
#: The whole of what is to be done is one transaction, and the next turn does it if it was not committed.
DONE_BY_THE_NEXT_TURN = {
    "ask again",
    "alert again",
    "tell of unread",
    "overdue join requests",
    "leave unanswered groups",
    "purge",
    "conflict",
    "migrate",
    "a group was upgraded",
}
#: A person types them again if the terminal shows no success; nothing is half-done in one transaction.
TYPED = {"add school", "import roster"}
#: Actions of the same shape as one that is killed at: one press, one transaction.
LIKE_ANOTHER = {
    "press group_class": "press sanction",
    "press consent.withdraw": "command withdraw",
    "command show_help": "command code",
    "command code in a group": "command show_help in a group",
    "command consent in a group": "command show_help in a group",
    "command withdraw in a group": "command show_help in a group",
}


def names() -> Iterator[str]:
    """The name of every transaction in the code."""
    for path in CODE.rglob("*.py"):
        if "rehearsal" in path.parts or path.name == "services.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "transaction":
                    yield from spelt(node.args[0])
                elif node.func.attr == "handling":
                    yield from spelt(node.args[1])


def spelt(name: ast.expr) -> Iterator[str]:
    """A name as it is written, or all that it can become."""
    if isinstance(name, ast.Constant):
        yield str(name.value)
    elif isinstance(name, ast.IfExp):
        yield from spelt(name.body)
        yield from spelt(name.orelse)
    else:
        known = {
            "f'press {found.action}'": {f"press {action}" for action in ACTIONS},
            "f'answer {prompt.kind}'": {f"answer {kind}" for kind in ANSWERS},
            "f'command {run.__name__}'": {f"command {run.__name__}" for run in COMMANDS.values()},
            "f'command {run.__name__} in a group'": {
                f"command {run.__name__} in a group" for run in IN_GROUPS.values()
            },
        }
        yield from known[ast.unparse(name)]


def killed_at() -> set[str]:
    return {name for script in DAYS.values() for step in script.steps for name in step.at}


@pytest.mark.parametrize("name", sorted(set(names())))
def test_every_named_commit_is_killed_at_or_there_is_a_reason(name: str) -> None:
    reasons = (*NO_STATE, *DONE_BY_THE_NEXT_TURN, *TYPED, *LIKE_ANOTHER)
    assert (name in killed_at()) != (name in reasons)


def test_every_point_of_the_days_is_one_of_the_code() -> None:
    assert killed_at() <= set(names())


#: The calls that carry each kind of effect out.
CALLS = {
    "Tell": {"sendMessage"},
    "Alert": {"sendMessage"},
    "TellGroup": {"sendMessage"},
    "Revise": {"editMessageText"},
    "ReviseAlert": {"editMessageText"},
    "Pin": {"pinChatMessage", "unpinChatMessage"},
    "DeleteMessage": {"deleteMessage"},
    "AnswerJoin": {"approveChatJoinRequest", "declineChatJoinRequest"},
    "SetPermissions": {"setChatPermissions"},
    "MakeJoinLink": {"createChatInviteLink"},
    "RevokeLink": {"revokeChatInviteLink"},
    "LeaveChat": {"leaveChat"},
    "SwitchTopic": {"closeForumTopic", "reopenForumTopic"},
}
#: Telegram takes these twice without harm, and no day needs a group with topics or one that is left for them.
HARMLESS = {"leaveChat", "closeForumTopic", "reopenForumTopic"}


def test_every_kind_of_call_is_killed_at() -> None:
    assert set(CALLS) == set(KINDS)
    assert len(_PERFORMERS) == len(KINDS)
    called = {call for script in DAYS.values() for step in script.steps for call in step.calls}
    assert set().union(*CALLS.values()) - called == HARMLESS
