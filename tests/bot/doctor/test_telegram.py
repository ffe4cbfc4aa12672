"""Checks of the bot's account: each can fail."""

from telegram import ChatMember, ChatMemberMember, User, WebhookInfo

from bot.doctor.findings import State
from bot.doctor.groups import GroupSeen
from bot.doctor.telegram import Account, check_privacy, check_token, check_webhook
from moderation.records import Group, GroupStatus
from tests.support.telegram_objects import BOT, admin

GROUP = Group("g", "s", -100123, "Willow", GroupStatus.SANCTIONED)


def me(reads_all: bool) -> User:
    return User(7, "Schoolgate", is_bot=True, username="schoolgate_bot", can_read_all_group_messages=reads_all)


def seen(member: ChatMember) -> GroupSeen:
    return GroupSeen(GROUP, None, member)


def test_a_token_that_telegram_does_not_know_is_wrong() -> None:
    found = check_token(Account(problem="Telegram does not know this token.", remedy="Copy it again."))
    assert found.state is State.WRONG
    assert check_token(Account(me(True))).state is State.FINE


def test_a_webhook_is_wrong_and_its_address_is_not_shown() -> None:
    found = check_webhook(WebhookInfo("https://elsewhere.example/secret", False, 0))
    assert found.state is State.WRONG
    assert "elsewhere" not in found.text
    assert check_webhook(WebhookInfo("", False, 0)).state is State.FINE


def test_privacy_mode_off_is_fine() -> None:
    assert check_privacy(me(True), [seen(ChatMemberMember(BOT))]).state is State.FINE


def test_privacy_mode_on_is_fine_where_the_bot_is_an_admin_everywhere() -> None:
    assert check_privacy(me(False), [seen(admin())]).state is State.FINE


def test_privacy_mode_on_is_wrong_where_the_bot_is_no_admin() -> None:
    found = check_privacy(me(False), [seen(admin()), seen(ChatMemberMember(BOT))])
    assert found.state is State.WRONG
    assert "/setprivacy" in found.remedy


def test_privacy_mode_on_is_told_before_there_is_a_group() -> None:
    assert check_privacy(me(False), []).state is State.NOTE
