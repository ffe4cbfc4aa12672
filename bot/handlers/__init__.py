"""Every handler, registered in one function, in the order in which python-telegram-bot tries them."""

from collections.abc import Mapping
from typing import Any

from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers import deciding, people, reading
from bot.handlers.answering import Answer, answerer
from bot.handlers.pressing import Action, presser

#: What each inline button does, by the action name in its `Press`.
ACTIONS: Mapping[str, Action] = {**people.ACTIONS, **deciding.ACTIONS}

#: What becomes of each kind of typed answer.
ANSWERS: Mapping[str, Answer] = {**deciding.ANSWERS}


def register(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Register every handler; the first that fits an update handles it."""
    add = application.add_handler
    add(CallbackQueryHandler(presser(ACTIONS)))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    add(CommandHandler("start", people.start, private))
    add(MessageHandler(private & filters.Regex(people.CODE), people.typed_code))
    add(MessageHandler(filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND, answerer(ANSWERS)))
    # Behind every command: what is said in a group, last.
    add(reading.handler())
