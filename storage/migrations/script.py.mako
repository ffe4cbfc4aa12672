"""${message}."""

import sqlalchemy as sa
from alembic import op
import storage.types

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Make the tables."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take them away again."""
    ${downgrades if downgrades else "pass"}
