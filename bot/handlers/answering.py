"""Typed answers in private: only to a question the bot has asked this account."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot.services import Services, services_of
from storage.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a typed answer: `run(prompt, text, *, tx, services, seen)`, after `look(prompt, services)`."""

    run: Callable[..., Awaitable[None]]
    look: Callable[[Prompt, Services], Awaitable[Any]] | None = None


def answerer(answers: Mapping[str, Answer]) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    """The handler for private text, over all kinds of question."""

    async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or not message.text:
            return
        services = services_of(context)
        async with services.store.transaction("peek", services.clock.now()) as tx:
            prompt = await tx.prompts.open_for(user.id)
        if prompt is None:
            return
        answer = answers[prompt.kind]
        seen = await answer.look(prompt, services) if answer.look else None
        async with services.handling(update, f"answer {prompt.kind}") as tx:
            await tx.prompts.close(user.id)
            await answer.run(prompt, message.text, tx=tx, services=services, seen=seen)

    return answered
