"""The alert about a case: loaded from storage, then rendered by a pure function."""

from bot.rendering.messages import Outgoing, keyboard
from bot.services import Services
from moderation.effects import Alert, ReviseAlert


async def render_alert(effect: Alert | ReviseAlert, services: Services) -> Outgoing:
    """The alert as it now stands."""
    return Outgoing(
        services.texts.render("alert.first_line"), keyboard(effect.rows, services.texts), protect=True
    )
