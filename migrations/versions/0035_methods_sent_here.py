"""Methods sent through a page are kept here, and counted beside the files once taken up."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "method_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_by", sa.String(length=40), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_up_by", sa.String(length=40), nullable=False),
        sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_text")),
        sa.UniqueConstraint("digest", name=op.f("uq_method_text_digest")),
    )
    with op.batch_alter_table("method_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_text_taken_up_at"), ["taken_up_at"], unique=False)


def downgrade() -> None:
    """Backwards. Reviews keep the editions they were opened with; methods sent here are no longer offered."""
    op.drop_table("method_text")
