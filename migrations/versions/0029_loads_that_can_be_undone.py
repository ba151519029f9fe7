"""A load of boundaries keeps what undoing it needs, and when and by whom it was undone."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.add_column("area_load", sa.Column("before", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("area_load", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("area_load", sa.Column("undone_by", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    """Back."""
    for column in ("undone_by", "undone_at", "before"):
        op.drop_column("area_load", column)
