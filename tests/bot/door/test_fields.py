"""Every field of a message is read, kept as structure, knowingly left alone, or reported: none slips by."""

from aiogram import types
from telegram import Message

from bot.door.fields import KNOWN, LEFT_ALONE, STRUCTURE, WORDS, safe_name, unknown_fields

_DERIVED = {"effective_attachment", "from_user"}


def test_all_that_the_library_knows_is_in_one_of_the_lists_and_in_one_only() -> None:
    known = {name.lstrip("_") for name in Message.__slots__} - _DERIVED
    assert known <= KNOWN
    assert len(KNOWN) == len(WORDS) + len(STRUCTURE) + len(LEFT_ALONE)


def test_a_field_of_a_newer_bot_api_is_reported_when_it_holds_text() -> None:
    newer = {field.alias or name for name, field in types.Message.model_fields.items()} - KNOWN
    assert "rich_message" in newer
    for name in newer:
        assert unknown_fields({"text": "x", name: {"deep": [{"in": "words"}]}}) == {name}
        assert unknown_fields({"text": "x", name: {"deep": [1, None, True, ""]}}) == set()


def test_a_name_that_could_be_words_is_not_told() -> None:
    assert safe_name("rich_message") == "rich_message"
    assert safe_name("You are a clown") == "unnamed"
    assert safe_name(None) == "unnamed"
