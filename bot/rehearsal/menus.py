"""Which of the bot's commands a person is offered in a chat (https://core.telegram.org/bots/api#botcommandscope)."""

from collections.abc import Iterator

from bot.rehearsal.membership import is_admin
from bot.rehearsal.world import Chat, Json, World


def menu(world: World, chat: Chat, user: int) -> list[Json]:
    """The commands of the narrowest scope that the bot has set; those without a language only."""
    for scope in _scopes(chat, user, admin=chat.type != "private" and is_admin(world, chat, user)):
        if scope in world.commands:
            return world.commands[scope]
    return []


def _scopes(chat: Chat, user: int, *, admin: bool) -> Iterator[str]:
    """From the narrowest to the widest, as the Bot API lists them, in the form that setMyCommands keeps."""
    if chat.type == "private":
        yield f"chat/{chat.id}//"
        yield "all_private_chats///"
    else:
        yield f"chat_member/{chat.id}/{user}/"
        if admin:
            yield f"chat_administrators/{chat.id}//"
        yield f"chat/{chat.id}//"
        if admin:
            yield "all_chat_administrators///"
        yield "all_group_chats///"
    yield "default///"
