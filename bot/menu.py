"""The menu of commands that Telegram offers: by where one is, and in private by what one is to the school.

A menu is a comfort: where Telegram refuses it, the commands work all the same.
"""

import logging
from collections.abc import Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.services import Services
from moderation.records import Person
from moderation.vocabulary import Role

_log = logging.getLogger(__name__)

_PARENTS = ("help", "code", "consent", "withdraw")
_STAFF = ("help", "code")
_HEADS = ("groups", "close", "reopen", *_STAFF)
_GROUP_ADMINS = ("close", "reopen")


async def offer_commands(services: Services) -> None:
    """Set the menus for everybody, and those of the staff who are connected."""
    everybody: Sequence[tuple[Sequence[str], BotCommandScope]] = (
        (_PARENTS, BotCommandScopeAllPrivateChats()),
        ((), BotCommandScopeAllGroupChats()),
        (_GROUP_ADMINS, BotCommandScopeAllChatAdministrators()),
    )
    async with services.store.transaction("menus", services.clock.now()) as tx:
        persons = [person for school in await tx.schools.all() for person in await tx.people.of_school(school.id)]
    for names, scope in everybody:
        if not await _offer(names, scope, services):
            return
    for person in persons:
        await offer_commands_to(person, services)


async def offer_commands_to(person: Person, services: Services) -> None:
    """Set the menu of one member of staff; parents have that of everybody."""
    if person.telegram_id is None or not person.is_staff or person.bot_blocked:
        return
    names = _HEADS if person.roles & {Role.HEADTEACHER, Role.DEPUTY} else _STAFF
    await _offer(names, BotCommandScopeChat(person.telegram_id), services)


async def _offer(names: Sequence[str], scope: BotCommandScope, services: Services) -> bool:
    commands = [BotCommand(name, services.texts.plain(f"commands.{name}")) for name in names]
    try:
        if commands:
            await services.bot.set_my_commands(commands, scope=scope)
        else:
            await services.bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        _log.warning("a menu could not be set: scope=%s error=%s", scope.type, type(error).__name__)
        return False
    return True
