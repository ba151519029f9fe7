"""Each source of the count keeps the digests of its cells and of the rows it skipped, sealed with it."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

COLUMNS = ("cells_sha256", "skipped_sha256")


def upgrade() -> None:
    """Forwards. Of sources loaded before, nothing says what their rows were: `flask audit seal` seals them as they are."""
    with op.batch_alter_table("ledger_source", schema=None) as batch_op:
        for column in COLUMNS:
            batch_op.add_column(sa.Column(column, sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("ledger_source", schema=None) as batch_op:
        for column in COLUMNS:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("ledger_source", schema=None) as batch_op:
        for column in reversed(COLUMNS):
            batch_op.drop_column(column)
