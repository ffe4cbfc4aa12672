"""Checks of what a school sets: settings, texts, code of conduct, privacy notice, policy, and the review date."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.doctor.findings import Finding, fine, note, wrong
from config.conduct import CodeOfConduct, load_code_of_conduct, load_privacy_notice
from config.errors import ConfigError
from config.policy import load_policy
from config.settings import Settings, ready_for_real_telegram
from config.texts import Texts

#: How long before its review date the code is first spoken of.
_SOON = timedelta(days=90)


def check_settings(settings: Settings) -> Finding:
    """Whether everything is set that the real Telegram needs (UK GDPR, articles 13 and 24; clause 3.2)."""
    if settings.is_rehearsal:
        return fine("settings", "These are settings for a rehearsal.")
    missing = ready_for_real_telegram(settings)
    if missing:
        return wrong(
            "settings",
            "Still missing before the bot may meet real people: " + " ".join(missing),
            "Set them in schoolgate.toml, or type: schoolgate init --force",
        )
    return fine("settings", "Everything that the real Telegram needs is set.")


def check_texts(settings: Settings) -> Finding:
    """Whether every text can be shown."""
    return _loads("texts", "Every text can be shown.", lambda: Texts(own=settings.texts_file))


def check_code(settings: Settings) -> Finding:
    """Whether the code of conduct is complete."""
    return _loads(
        "code of conduct", "The code of conduct is complete.", lambda: load_code_of_conduct(settings.code_file)
    )


def check_notice(settings: Settings) -> Finding:
    """Whether the privacy notice is complete."""
    return _loads(
        "privacy notice", "The privacy notice is complete.", lambda: load_privacy_notice(settings.notice_file)
    )


def check_policy(settings: Settings) -> Finding:
    """Whether the thresholds make a policy."""
    return _loads("policy", "The thresholds make a policy.", lambda: load_policy(settings.policy_file))


def check_review(code: CodeOfConduct, today: date) -> Finding:
    """Whether the code is due for its review (clause 5.1: every three years)."""
    due = f"{code.next_review:%B %Y}"
    if code.next_review < today:
        return note(
            "review date",
            f"The review of the code of conduct was due in {due} (5.1).",
            "Have it reviewed, then set the new version and next_review in the code's file; everyone is asked again.",
        )
    if code.next_review - today <= _SOON:
        return note("review date", f"The code of conduct is due for review in {due} (5.1).", "Plan the review.")
    return fine("review date", f"The next review of the code of conduct is in {due}.")


def _loads(check: str, well: str, load: Callable[[], object]) -> Finding:
    try:
        load()
    except ConfigError as error:
        return wrong(check, str(error), "Mend the file at the place named.")
    return fine(check, well)
