"""Alembic's entry: runs the steps in the transaction that the caller has open, so that all are done or none."""

from __future__ import annotations

from alembic import context

from physio_records.store.database import VERSION_TABLE
from physio_records.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
