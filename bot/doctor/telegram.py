"""Checks of the bot's account: its token, a webhook in the way, and whether it sees what is written in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Bot, User, WebhookInfo
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.doctor.findings import Finding, fine, note, wrong
from bot.doctor.groups import GroupSeen


@dataclass(frozen=True, slots=True)
class Account:
    """What Telegram says of the bot; `problem` instead, if it says nothing."""

    me: User | None = None
    webhook: WebhookInfo | None = None
    problem: str = ""
    remedy: str = ""


async def ask_account(bot: Bot) -> Account:
    """Ask Telegram who the bot is (getMe) and where its updates go (getWebhookInfo)."""
    try:
        return Account(await bot.get_me(), await bot.get_webhook_info())
    except (InvalidToken, Forbidden):
        return Account(
            problem="Telegram does not know this token.",
            remedy="Copy it again from BotFather (/mybots, API Token) into telegram_token.",
        )
    except TelegramError as error:
        return Account(
            problem=f"Telegram cannot be reached ({type(error).__name__}).",
            remedy="Check the internet connection, a firewall, and telegram_base_url.",
        )


def check_token(account: Account) -> Finding:
    """Whether Telegram knows the token."""
    if account.me is None:
        return wrong("token", account.problem, account.remedy)
    return fine("token", f"The bot is @{account.me.username}.")


def check_webhook(webhook: WebhookInfo) -> Finding:
    """Whether updates go elsewhere: with a webhook set, getUpdates is refused (409)."""
    if webhook.url:
        return wrong(
            "webhook",
            "Another program has set a webhook for this bot, so that the bot gets no messages.",
            "Stop that program, or get a new token from BotFather (/mybots, API Token, Revoke).",
        )
    return fine("webhook", "No webhook is set.")


def check_privacy(me: User, groups: Sequence[GroupSeen]) -> Finding:
    """Whether the bot sees all messages: privacy mode off, or the bot an admin (Bot API, "Privacy mode")."""
    if me.can_read_all_group_messages:
        return fine("privacy mode", "Privacy mode is off: the bot sees what is written in its groups.")
    if groups and all(group.is_admin for group in groups):
        return fine("privacy mode", "Privacy mode is on, but the bot is an admin in every group and sees all.")
    text = "Privacy mode is on: where the bot is no admin, it does not see what is written."
    remedy = "Make it an admin in each group. Or BotFather: /setprivacy, Disable; then take it out and add it again."
    return wrong("privacy mode", text, remedy) if groups else note("privacy mode", text, remedy)
