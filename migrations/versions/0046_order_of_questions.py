"""The place of a question among those of its review, once one of them was moved; none for those there are."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("position")
