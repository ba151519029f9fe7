"""What answering a request cost its agency, and when the agency last said so."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.add_column("evidence_request", sa.Column("cost_pence", sa.Integer(), nullable=True))
    op.add_column("evidence_request", sa.Column("effort_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.drop_column("effort_at")
        batch_op.drop_column("cost_pence")
