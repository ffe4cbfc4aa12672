"""The gate of this installation, for one transaction."""

from bot.papers import papers_of
from bot.services import Services
from moderation.usecases.gate import Gate
from storage.store import Transaction


def gate_of(tx: Transaction, services: Services) -> Gate:
    """What letting people in needs, within a transaction."""
    return Gate(
        people=tx.people,
        groups=tx.groups,
        consents=tx.consents,
        closures=tx.closures,
        joining=tx.joining,
        outbox=tx.outbox,
        papers=papers_of(services),
        contact=office_of(services),
    )


def office_of(services: Services) -> str:
    """The line that says how the school office is reached."""
    office = services.settings.office_contact
    return services.texts.plain("help.contact", office=office) if office else services.texts.plain("help.no_contact")
