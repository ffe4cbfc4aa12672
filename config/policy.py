"""The thresholds that the school judges by, from policy.toml."""

from pathlib import Path

from config.errors import PolicyError
from config.toml import SHIPPED, read_toml
from moderation.policy import Policy
from moderation.policy import PolicyError as RefusedByPolicy


def load_policy(path: Path | None = None) -> Policy:
    """The policy in `path`, or the one that ships.

    Raises:
        MalformedFile: the file is missing or not TOML.
        PolicyError: a threshold is missing, unknown, or no probability; the message names it.
    """
    path = path or SHIPPED / "policy.toml"
    try:
        return Policy.from_mapping(read_toml(path))
    except RefusedByPolicy as error:
        raise PolicyError(f"{path}: {error}.") from None
