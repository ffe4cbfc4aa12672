"""What the bot is: https://core.telegram.org/bots/api#getme and the methods about itself."""

from typing import Any

from bot.rehearsal import render
from bot.rehearsal.refused import bad
from bot.rehearsal.world import Json, World


def get_me(world: World, _: Json) -> Json:
    """The bot as a User, with what BotFather sets."""
    return render.user(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": False,
    }


def _scope(params: Json) -> str:
    scope = params.get("scope", {"type": "default"})
    parts = (scope["type"], scope.get("chat_id", ""), scope.get("user_id", ""), params.get("language_code", ""))
    return "/".join(str(part) for part in parts)


def set_my_commands(world: World, params: Json) -> bool:
    """Keep the commands for their scope and language."""
    for command in params["commands"]:
        if not (1 <= len(command["command"]) <= 32 and command["command"].replace("_", "a").isalnum()):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(params)] = params["commands"]
    world.changes.bump()
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    """The commands of that scope and language."""
    return world.commands.get(_scope(params), [])


def delete_my_commands(world: World, params: Json) -> bool:
    """Forget the commands of that scope and language."""
    world.commands.pop(_scope(params), None)
    world.changes.bump()
    return True


def set_my_description(world: World, params: Json) -> bool:
    """What an empty chat with the bot shows: at most 512 characters."""
    return _describe(world, "description", params.get("description", ""), 512)


def set_my_short_description(world: World, params: Json) -> bool:
    """What the bot's profile shows: at most 120 characters."""
    return _describe(world, "short_description", params.get("short_description", ""), 120)


def _describe(world: World, which: str, text: str, most: int) -> bool:
    if len(text) > most:
        raise bad(f"bot {which} is too long")
    world.descriptions[which] = text
    world.changes.bump()
    return True


def delete_webhook(world: World, params: Json) -> bool:
    """There is none; pending updates go if that is asked."""
    if params.get("drop_pending_updates"):
        world.updates.pending.clear()
    return True


def get_webhook_info(world: World, _: Json) -> Json:
    """No webhook, and how many updates wait."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }


def leave_server(_: World, __: Json) -> bool:
    """logOut and close: nothing to do here."""
    return True


METHODS: dict[str, Any] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": leave_server,
    "close": leave_server,
}
