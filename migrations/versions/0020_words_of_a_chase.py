"""The words a person adds to a chase or a chair's letter before it goes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opening", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("closing", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("worded_by", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        for column in ("opening", "closing", "worded_by"):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        for column in ("worded_by", "closing", "opening"):
            batch_op.drop_column(column)
