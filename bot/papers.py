"""What this school's people agree to, as the use cases take it."""

from bot.services import Services
from moderation.usecases.agreeing import Paper, Papers


def papers_of(services: Services) -> Papers:
    """The code of conduct and the privacy notice in the versions that hold now."""
    code, notice = services.code, services.notice
    return Papers(
        code=Paper(code.version, code.hash, code.as_text()),
        notice=Paper(notice.version, notice.hash, notice.as_text()),
        notice_url=services.settings.privacy_notice_url,
    )
