"""Every reason for which an item was returned or sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

#: The last reason of each is known; when and by whom it was given was not kept beside it.
KEPT = (
    "INSERT INTO item_return (item_id, kind, why, by, at) "
    "SELECT id, CASE WHEN state = 'sent_back' THEN 'sent_back' ELSE 'returned' END, returned_why, '', NULL "
    "FROM item WHERE returned_why != '' AND state IN ('returned', 'sent_back')"
)


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "item_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('returned', 'sent_back')", name=op.f("ck_item_return_known_kind")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_return_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_return")),
    )
    with op.batch_alter_table("item_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_return_item_id"), ["item_id"], unique=False)
    op.execute(KEPT)


def downgrade() -> None:
    """Back."""
    op.drop_table("item_return")
