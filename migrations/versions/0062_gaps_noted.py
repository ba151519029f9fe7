"""Gaps in accountability that bodies have noted, each with its owner and outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def _references(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_gap_entry_{column}_{to}"))


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "gap_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("todo", sa.Text(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('noted', 'looking', 'closed')", name=op.f("ck_gap_entry_known_state")),
        sa.CheckConstraint("(state = 'closed') = (outcome != '')", name=op.f("ck_gap_entry_closed_with_an_outcome")),
        _references("place_id", "place"),
        _references("agency_id", "agency"),
        _references("body_id", "body"),
        _references("review_id", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_entry")),
    )
    with op.batch_alter_table("gap_entry", schema=None) as batch_op:
        for column in ("place_id", "agency_id", "body_id", "state", "review_id"):
            batch_op.create_index(batch_op.f(f"ix_gap_entry_{column}"), [column], unique=False)


def downgrade() -> None:
    """Backwards."""
    op.drop_table("gap_entry")
