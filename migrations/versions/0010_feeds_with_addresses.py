"""Feeds with an address of their own: what each of them shows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shows", sa.String(length=40), server_default="", nullable=False))
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.alter_column("shows", existing_type=sa.String(length=40), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.drop_column("shows")
