"""What can be wrong with what a school has set. One small tree; each carries names and places, never secrets.

    ConfigError                a setting, a text or a rule is missing, unknown or malformed
    ├── SettingsError          schoolgate.toml or a SCHOOLGATE_ variable: unknown key, wrong value
    ├── TextsError             texts.toml: a text is missing, malformed, or lacks a value; carries `key`
    ├── CodeError              code_of_conduct.toml or privacy_notice.toml is incomplete
    ├── PolicyError            policy.toml does not make a policy
    └── MalformedFile          a file is missing, unreadable, or not TOML; names the file and the line

Each message is one or two plain sentences that can be shown to the school's office as they are.
"""


class ConfigError(Exception):
    """Base of everything that can be wrong with the configuration."""


class SettingsError(ConfigError):
    """A setting is unknown, missing or has a value that cannot be used. `problems` has one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TextsError(ConfigError):
    """A text cannot be shown. `key` says which one."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"text {key!r}: {problem}")
        self.key = key


class CodeError(ConfigError):
    """The code of conduct or the privacy notice is incomplete."""


class PolicyError(ConfigError):
    """The thresholds do not make a policy."""


class MalformedFile(ConfigError):
    """A configuration file is missing, unreadable, or not valid TOML."""
