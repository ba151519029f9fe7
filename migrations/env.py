"""How Alembic runs here: the models of every room, our column types written plainly, SQLite changed by copying tables."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from flask_security import AsaList
from sqlalchemy import JSON

from scrutiny.extensions import Json, Moment, db

config = context.config


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our column types as what they are underneath, so that a migration needs nothing of ours."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    if kind == "type" and isinstance(item, AsaList):
        return "sa.UnicodeText()"
    return False


def compare_type(*given: Any) -> bool | None:
    """Our own types are what they are underneath, and JSON is kept as text; others are compared as usual."""
    if isinstance(given[3], JSON):
        return True
    return False if isinstance(given[4], Json | Moment | AsaList) else None


def process_revision_directives(migration_context: Any, revision: Any, directives: list[Any]) -> None:
    """Number migrations 0001, 0002 … and write none when nothing changed."""
    script = directives[0]
    if getattr(config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives[:] = []
        return
    head = migration_context.get_current_revision()
    script.rev_id = f"{int(head or 0) + 1:04d}"


def hold_references(connection: Any, on: bool) -> None:
    """Let SQLite copy a table without emptying those that refer to it: dropping the old copy would cascade to their rows."""
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_references(connection: Any) -> None:
    """Refuse, before anything is kept, a change that leaves a row referring to one that is gone."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"The migration would leave {len(broken)} rows without what they refer to, first in {broken[0][0]}"
            )


with current_app.app_context():
    engine = db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Rather give up than wait for a lock while everybody else queues behind: run it again in a quieter moment.
            connection.exec_driver_sql("SET lock_timeout = '10s'")
            connection.commit()
        hold_references(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=compare_type,
            process_revision_directives=process_revision_directives,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)
        connection.commit()
        hold_references(connection, on=True)
