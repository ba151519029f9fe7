"""How often the process stopped while it sent an e-mail, so that none goes out without end."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.alter_column("lost", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_column("lost")
