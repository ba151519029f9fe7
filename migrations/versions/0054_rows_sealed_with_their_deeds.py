"""Each deed leaves the digest of every row it wrote or removed, so that what other hands do to a row is found."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "audit_seal",
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("entry", "about", name=op.f("pk_audit_seal")),
    )


def downgrade() -> None:
    """Backwards."""
    op.drop_table("audit_seal")
