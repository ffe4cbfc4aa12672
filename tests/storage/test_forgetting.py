"""Withdrawing takes a person's words out of what waits, and nothing of anybody else's."""

from datetime import datetime
from typing import Any

from storage.forgetting import without_words_of
from storage.inbox import Received
from storage.store import Store

ME, OTHER = 11, 12
CHAT = {"id": -100, "type": "supergroup"}


def message(by: int, text: str = "words", **more: Any) -> dict[str, Any]:
    return {"message_id": 1, "from": {"id": by}, "chat": CHAT, "text": text, "entities": [], **more}


def kept(update: dict[str, Any]) -> str:
    """What is left of an update, as text."""
    return str(without_words_of(ME, update))


def test_ones_own_words_go_and_the_message_stays() -> None:
    update = {"update_id": 1, "edited_message": message(ME, caption="words", poll={"question": "words"})}
    left = without_words_of(ME, update)
    assert left == {"update_id": 1, "edited_message": {"message_id": 1, "from": {"id": ME}, "chat": CHAT}}


def test_others_keep_their_words_and_lose_what_they_quote() -> None:
    answered = message(ME, "mine")
    update = {"update_id": 1, "message": message(OTHER, "theirs", reply_to_message=answered, quote={"text": "mine"})}
    assert "theirs" in kept(update)
    assert "mine" not in kept(update)
    elsewhere = {"origin": {"type": "user", "sender_user": {"id": ME}}}
    update = {"update_id": 1, "message": message(OTHER, "theirs", external_reply=elsewhere, quote={"text": "mine"})}
    assert "theirs" in kept(update)
    assert "mine" not in kept(update)


def test_a_forward_of_ones_words_goes_whoever_sent_it() -> None:
    origin = {"type": "user", "sender_user": {"id": ME}}
    assert "mine" not in kept({"update_id": 1, "message": message(OTHER, "mine", forward_origin=origin)})
    reply = message(OTHER, "mine", forward_origin=origin)
    update = {"update_id": 1, "message": message(OTHER, "theirs", reply_to_message=reply, quote={"text": "mine"})}
    assert "mine" not in kept(update)


def test_what_holds_nothing_of_ones_own_is_left_alone() -> None:
    command = message(ME, "/close", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    for update in (
        {"update_id": 1, "message": message(OTHER)},
        {"update_id": 1, "message": command},
        {"update_id": 1, "message": {"message_id": 1, "from": {"id": ME}, "chat": CHAT, "migrate_to_chat_id": -2}},
        {"update_id": 1, "chat_member": {"from": {"id": ME}}},
    ):
        assert without_words_of(ME, update) is None


async def test_the_inbox_forgets_in_groups_what_still_waits(store: Store, now: datetime) -> None:
    mine = {"update_id": 1, "message": message(ME, "mine")}
    private = {"update_id": 3, "message": message(ME, "an answer") | {"chat": {"id": ME, "type": "private"}}}
    async with store.transaction("put", now) as tx:
        await tx.inbox.put(
            [
                Received(1, -100, "message", mine, now),
                Received(2, -100, "message", {"update_id": 2, "message": message(OTHER, "theirs")}, now),
                Received(3, ME, "message", private, now),
            ]
        )
    async with store.transaction("forget", now) as tx:
        assert await tx.inbox.forget(ME) == 1
        assert await tx.inbox.forget(ME) == 0
    async with store.transaction("due", now) as tx:
        texts = [received.payload["message"].get("text") for received in await tx.inbox.due()]
    assert texts == [None, "theirs", "an answer"]
