"""The day a first response came and the day it was due then; the law's day and the method's for responses to recommendations."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards; what came before is filled in from what is known of it."""
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_due_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_item_answered_on"), ["answered_on"], unique=False)
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statutory_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("agreed_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE item SET answered_due_on = due_on, answered_on = COALESCE((SELECT MIN(COALESCE(received_on, DATE(submitted_at))) "
        "FROM answer WHERE answer.item_id = item.id AND answer.submitted_at IS NOT NULL), DATE(item.submitted_at)) "
        "WHERE submitted_at IS NOT NULL"
    )
    op.execute("UPDATE addressee SET statutory_due_on = due_on")  # until now every one took the power's clock
    op.execute("UPDATE addressee SET answered_on = DATE(responded_at) WHERE state NOT IN ('awaited', 'noted')")


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.drop_column("answered_on")
        batch_op.drop_column("agreed_due_on")
        batch_op.drop_column("statutory_due_on")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_answered_on"))
        batch_op.drop_column("answered_due_on")
        batch_op.drop_column("answered_on")
