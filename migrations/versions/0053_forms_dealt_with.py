"""The same form sent twice is one deed: forms that were dealt with are remembered for as long as their tokens are good."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "form_dealt_with",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_dealt_with")),
    )
    op.create_index(op.f("ix_form_dealt_with_at"), "form_dealt_with", ["at"])


def downgrade() -> None:
    """Backwards."""
    op.drop_table("form_dealt_with")
