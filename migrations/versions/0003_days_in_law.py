"""The days on which bodies and agencies exist in law, and the day of their first election."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("legal_from", "legal_to", "elected_from")


def upgrade() -> None:
    """Forwards."""
    for table in ("agency", "body"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in COLUMNS:
                batch_op.add_column(sa.Column(column, sa.Date(), nullable=True))


def downgrade() -> None:
    """Back."""
    for table in ("body", "agency"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in reversed(COLUMNS):
                batch_op.drop_column(column)
