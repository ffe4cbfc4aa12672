"""Every handler, registered in one function, in the order in which python-telegram-bot tries them."""

from collections.abc import Mapping
from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatJoinRequestHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.handlers import (
    closing_in_group,
    closing_privately,
    commands,
    deciding,
    group_notes,
    groups,
    groups_command,
    joining,
    people,
    reading,
    reopening,
)
from bot.handlers.answering import Answer, answerer
from bot.handlers.pressing import Action, presser

#: What each inline button does, by the action name in its `Press`.
ACTIONS: Mapping[str, Action] = {
    **groups.ACTIONS,
    **closing_privately.ACTIONS,
    **closing_in_group.ACTIONS,
    **reopening.ACTIONS,
    **people.ACTIONS,
    **joining.ACTIONS,
    **deciding.ACTIONS,
}

#: What becomes of each kind of typed answer.
ANSWERS: Mapping[str, Answer] = {**closing_privately.ANSWERS, **closing_in_group.ANSWERS, **deciding.ANSWERS}


def register(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Register every handler; the first that fits an update handles it."""
    add = application.add_handler
    # Ahead of all: what an update shows beside what it asks for.
    add(MessageHandler(filters.ChatType.GROUPS & filters.UpdateType.MESSAGE, group_notes.note_group_message), group=-1)
    add(ChatJoinRequestHandler(group_notes.note_join_request), group=-1)
    add(CallbackQueryHandler(presser(ACTIONS)))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    add(CommandHandler("start", people.start, private))
    add(MessageHandler(private & filters.Regex(people.CODE), people.typed_code))
    add(MessageHandler(filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND, answerer(ANSWERS)))
    add(ChatMemberHandler(groups.bot_moved, ChatMemberHandler.MY_CHAT_MEMBER))
    add(CommandHandler("groups", groups_command.groups_command, private))
    add(CommandHandler("close", closing_privately.close_command, private))
    add(CommandHandler("reopen", reopening.reopen_command, private))
    in_groups = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    add(CommandHandler("close", closing_in_group.close_in_group, in_groups))
    add(CommandHandler("reopen", closing_in_group.reopen_in_group, in_groups))
    for name, run in commands.COMMANDS.items():
        add(CommandHandler(name, commands.in_private(run), private))
    for name, run in commands.IN_GROUPS.items():
        add(CommandHandler(name, commands.in_group(run), filters.ChatType.GROUPS & filters.UpdateType.MESSAGE))
    add(ChatJoinRequestHandler(joining.requested))
    add(ChatMemberHandler(joining.came_in, ChatMemberHandler.CHAT_MEMBER))
    # Behind everything else in private: what nobody here understands.
    add(MessageHandler(private & ~filters.TEXT & ~filters.StatusUpdate.ALL, commands.lost))
    # Behind every command: what is said in a group, last.
    add(reading.handler())
