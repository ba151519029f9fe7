"""What an approver had read when an answer was sent back, until it is sent; nothing of those sent back before."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("item_return", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.Text(), nullable=True))


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("item_return", schema=None) as batch_op:
        batch_op.drop_column("content")
