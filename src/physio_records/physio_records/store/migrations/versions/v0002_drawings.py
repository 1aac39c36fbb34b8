"""Paths that were drawn, beside the repetition that each was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KEY = ("session", "set", "ordinal")


def upgrade() -> None:
    """Make the table of drawings."""
    op.create_table(
        "drawing",
        sa.Column("session", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in (*_KEY[1:], "number")),
        sa.Column("type", sa.Text, nullable=False, server_default=""),
        *(sa.Column(name, sa.Float, nullable=True) for name in ("reach_m", "weight", "duration_s")),
        *(sa.Column(name, sa.Integer, nullable=True) for name in ("lit", "grade")),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in ("stars", "trail", "ideal", "following")),
        sa.PrimaryKeyConstraint(*_KEY, "number", name="pk_drawing"),
        sa.ForeignKeyConstraint(_KEY, [f"repetition.{key}" for key in _KEY], name="fk_drawing_session", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
