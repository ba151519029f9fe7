"""What heads the row and the column of a cell that a finding cites; nothing in what was cited before."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = ("row_head", "column_head")


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("citation", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("citation", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Backwards. A report sealed meanwhile keeps what it says; only drafts lose it."""
    with op.batch_alter_table("citation", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
