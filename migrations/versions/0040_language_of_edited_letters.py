"""The language a letter was edited in; those edited before were all in English."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("letter_edit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=2), nullable=False, server_default="en"))
    with op.batch_alter_table("letter_edit", schema=None) as batch_op:
        batch_op.alter_column("language", server_default=None)


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("letter_edit", schema=None) as batch_op:
        batch_op.drop_column("language")
