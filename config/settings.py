"""What a school sets: SCHOOLGATE_ variables over schoolgate.toml. Every key is explained in schoolgate.sample.toml.

Relative paths count from the folder that Schoolgate is started in.
"""

import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from moderation.engines import DetoxifySource

PREFIX = "SCHOOLGATE_"
REAL_TELEGRAM = "https://api.telegram.org/bot"


def _web_address(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("must be a web address that starts with https:// or http://")
    return value


def _bot_api_address(value: str) -> str:
    _web_address(value)
    value = value.rstrip("/")
    if not value.endswith("/bot"):
        raise ValueError(f"must end in /bot, as in {REAL_TELEGRAM}")
    return value


def _database_address(value: str) -> str:
    if not re.match(r"(sqlite\+aiosqlite|postgresql\+\w+)://", value):
        raise ValueError("must start with sqlite+aiosqlite:///, as in sqlite+aiosqlite:///schoolgate.db")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("must be what BotFather gave: digits, a colon, then letters and digits")
    return value


def _clock(value: str) -> str:
    if value != "system" and not re.fullmatch(r"file:.+", value):
        raise ValueError("must be 'system' or 'file:PATH'")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/London") from None
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """Every setting, checked. Made by `config.sources.load_settings`; secrets are not in its repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    telegram_base_url: Annotated[str, AfterValidator(_bot_api_address)] = REAL_TELEGRAM
    database_url: Annotated[str, AfterValidator(_database_address)] = Field(
        "sqlite+aiosqlite:///schoolgate.db", repr=False
    )
    key_file: Path = Path("schoolgate.key")
    key: SecretStr | None = None
    clock: Annotated[str, AfterValidator(_clock)] = "system"

    engine: Literal["builtin", "detoxify", "builtin+detoxify"] = "builtin"
    detoxify_model: Literal["original", "unbiased", "multilingual", "original-small", "unbiased-small"] = "unbiased"
    detoxify_folder: Path | None = None
    detoxify_checkpoint: Path | None = None
    detoxify_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    texts_file: Path | None = None
    code_file: Path | None = None
    notice_file: Path | None = None
    policy_file: Path | None = None

    controller: str = ""
    data_protection_contact: str = ""
    privacy_notice_url: WebAddress = ""
    complaints_url: WebAddress = ""
    complaints_contact: str = ""
    office_contact: str = ""
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/London"

    sweep_seconds: float = Field(5, ge=0.05, le=300)
    join_wait_hours: float = Field(24, gt=0, le=24 * 30)
    sanction_days: float = Field(7, gt=0, le=60)
    code_days: float = Field(30, gt=0, le=366)
    pointer_hours: float = Field(24, gt=0, le=24 * 30)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values only as given: `load_settings` reads file and variables, and refuses unknown ones."""
        return (init_settings,)

    @model_validator(mode="after")
    def _a_moved_clock_is_for_rehearsals(self) -> "Settings":
        if self.clock != "system" and not _is_loopback(self.telegram_base_url):
            raise ValueError("clock: a clock that can be moved is for rehearsals on this computer only")
        return self

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a rehearsal: a server on this computer and a clock that can be moved.

        Anything else counts as the real Telegram, a self-hosted Bot API server on this computer too.
        """
        return self.clock != "system" and _is_loopback(self.telegram_base_url)

    @property
    def telegram_file_url(self) -> str:
        """The address for files that belongs to `telegram_base_url`."""
        return self.telegram_base_url.removesuffix("bot") + "file/bot"

    @property
    def detoxify(self) -> DetoxifySource:
        """Where Detoxify comes from, for `load_engine`."""
        return {
            "checkpoint": self.detoxify_checkpoint,
            "checkpoint_sha256": self.detoxify_sha256,
            "folder": self.detoxify_folder,
            "folder_sha256": self.detoxify_sha256,
            "model_type": self.detoxify_model,
        }

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown to people."""
        return ZoneInfo(self.timezone)

    @property
    def join_wait(self) -> timedelta:
        """How long a join request waits for its author to read and acknowledge the code."""
        return timedelta(hours=self.join_wait_hours)

    @property
    def sanction_wait(self) -> timedelta:
        """How long the bot stays in a group that the headteacher has not approved."""
        return timedelta(days=self.sanction_days)

    @property
    def code_lifetime(self) -> timedelta:
        """How long a one-time code can be used."""
        return timedelta(days=self.code_days)

    @property
    def pointer_interval(self) -> timedelta:
        """The least time between two private pointers to the same parent."""
        return timedelta(hours=self.pointer_hours)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that are set, for the log's redaction and nothing else."""
        return tuple(secret.get_secret_value() for secret in (self.telegram_token, self.key) if secret)


#: What must be set before the real Telegram (UK GDPR, articles 13 and 24; code of conduct, clause 3.2).
_NEEDED = {
    "telegram_token": "the bot's token, from BotFather",
    "controller": "the data controller, that is the school or the trust",
    "data_protection_contact": "how to reach the data protection officer",
    "privacy_notice_url": "the web address of the school's privacy notice",
    "complaints_url": "the web address of the Complaints Policy",
}


def ready_for_real_telegram(settings: Settings) -> list[str]:
    """What is still missing before the bot may meet real people, a line each; empty in a rehearsal or when ready.

    The two people who must be reachable are checked against the roster, not here.
    """
    if settings.is_rehearsal:
        return []
    return [f"{name} is not set: {meaning}." for name, meaning in _NEEDED.items() if not getattr(settings, name)]


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
