"""From an effect to a message: text as Telegram HTML, and the keyboard under it."""

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from config.texts import Texts
from moderation.effects import Press, Revise, Rows, Tell, TellGroup

#: What marks our callback data; the rest is the one-time handle.
HANDLE_PREFIX = "h:"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    protect: bool = False


def render(effect: Tell | Revise | TellGroup, texts: Texts) -> Outgoing:
    """The message that an effect calls for.

    Raises:
        TextsError: the text or one of its values is missing.
    """
    keys = (effect.text,) if isinstance(effect, TellGroup) else (effect.text, *effect.lines)
    text = "\n".join(texts.render(key, **dict(effect.values)) for key in keys)
    return Outgoing(text, keyboard(effect.rows, texts), protect=isinstance(effect, Tell) and effect.protect)


def keyboard(rows: Rows, texts: Texts) -> InlineKeyboardMarkup | None:
    """Inline buttons, or none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(press, texts) for press in row] for row in rows])


def _button(press: Press, texts: Texts) -> InlineKeyboardButton:
    label = texts.plain(press.label, **dict(press.values))
    if press.url:
        return InlineKeyboardButton(label, url=press.url)
    return InlineKeyboardButton(label, callback_data=HANDLE_PREFIX + press.handle)
