"""What else an agency is or was called, one name on each line; nothing of those there already."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_names", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.alter_column("other_names", server_default=None)


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("other_names")
