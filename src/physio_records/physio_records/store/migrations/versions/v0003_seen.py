"""Which movement a set was judged to be, beside the verdict."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; of older sets nobody knows."""
    op.add_column("exercise_set", sa.Column("seen", sa.Text, nullable=False, server_default=""))
