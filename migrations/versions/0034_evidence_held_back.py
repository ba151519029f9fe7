"""What was taken back from the public stays back until its agency allows it out again."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("lodging", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back. What was held back would come out with the next report, so it is marked as what the public may not see."""
    op.execute(
        "UPDATE lodging SET marking = 'exempt', exempt_ground = 'Taken back from the public' "
        "WHERE held_back_at IS NOT NULL AND marking = 'open'"
    )
    with op.batch_alter_table("lodging", schema=None) as batch_op:
        batch_op.drop_column("held_back_at")
