"""A source of the count may be in the middle of being loaded: its rows are entered in pieces, and it is nobody's to see."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

BEFORE = "state IN ('pending', 'published', 'replaced', 'withdrawn')"
AFTER = "state IN ('entering', 'pending', 'published', 'replaced', 'withdrawn')"
NAME = "ck_ledger_source_known_state"


def upgrade() -> None:
    """Forwards."""
    _known_states(AFTER)


def downgrade() -> None:
    """Backwards: what was being loaded is left out, as if its process had died."""
    unfinished = "(SELECT id FROM ledger_source WHERE state = 'entering')"
    for table in ("ledger_cell", "ledger_skipped"):
        op.execute(f"DELETE FROM {table} WHERE source_id IN {unfinished}")
    op.execute("DELETE FROM ledger_source WHERE state = 'entering'")
    _known_states(BEFORE)


def _known_states(condition: str) -> None:
    """The states a source may be in."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE ledger_source DROP CONSTRAINT {NAME}")
        # Entered without a look at the rows, then looked at without stopping those who read or write.
        op.execute(f"ALTER TABLE ledger_source ADD CONSTRAINT {NAME} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE ledger_source VALIDATE CONSTRAINT {NAME}")
        return
    with op.batch_alter_table("ledger_source", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(NAME), type_="check")
        batch_op.create_check_constraint(batch_op.f(NAME), sa.text(condition))
