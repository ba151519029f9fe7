"""Invitations to be a partner in a review."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "review_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=40), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'accepted', 'declined', 'taken_back')", name=op.f("ck_review_invitation_known_state")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_review_invitation_body_id_body")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_invitation_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invitation")),
    )
    with op.batch_alter_table("review_invitation", schema=None) as batch_op:
        for column in ("body_id", "review_id"):
            batch_op.create_index(batch_op.f(f"ix_review_invitation_{column}"), [column], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("review_invitation")
