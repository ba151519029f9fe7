"""Words published with a recommendation can be erased: when, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TABLES = ("response_step", "progress_return")


def upgrade() -> None:
    """Forwards."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("erased_why", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("erased_why", server_default=None)


def downgrade() -> None:
    """Backwards."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("erased_why")
            batch_op.drop_column("erased_at")
