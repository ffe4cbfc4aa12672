"""Alembic's entry: runs the revisions on the connection it is handed."""

from alembic import context

from storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    user_module_prefix="storage.types.",
)
with context.begin_transaction():
    context.run_migrations()
