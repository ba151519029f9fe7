"""The register of non-response."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.String(length=40), nullable=False),
        sa.Column("reply_until", sa.Date(), nullable=False),
        sa.Column("noticed_by", sa.String(length=40), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('noticed', 'published', 'withdrawn')", name=op.f("ck_register_entry_known_state")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_register_entry_request_id_evidence_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        for column in ("published_on", "request_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_register_entry_{column}"), [column], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        for column in ("state", "request_id", "published_on"):
            batch_op.drop_index(batch_op.f(f"ix_register_entry_{column}"))
    op.drop_table("register_entry")
