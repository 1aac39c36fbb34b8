"""The database: tables, versions, writing and reading. The only door to SQLAlchemy and Alembic."""
