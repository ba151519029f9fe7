"""Planned reviews, the bodies that share them, the agencies they ask, and clashes that must stay with their reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

STATES = "('idea', 'proposed', 'agreed', 'announced', 'under_way', 'dropped')"


def _references(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _indexes(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "review_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("visit_from", sa.Date(), nullable=True),
        sa.Column("visit_to", sa.Date(), nullable=True),
        sa.Column("visit_days", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("evidence_by", sa.Date(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_review_plan_known_state")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_review_plan_ends_after_it_begins")),
        _references("review_plan", "body_id", "body"),
        _references("review_plan", "place_id", "place"),
        _references("review_plan", "draft_id", "review_draft"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_plan")),
    )
    _indexes("review_plan", "body_id", "place_id", "state", "draft_id")
    op.create_table(
        "plan_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.String(length=40), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        _references("plan_body", "plan_id", "review_plan"),
        _references("plan_body", "body_id", "body"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_body")),
        sa.UniqueConstraint("plan_id", "body_id", name=op.f("uq_plan_body_plan_id_body_id")),
    )
    _indexes("plan_body", "plan_id", "body_id")
    op.create_table(
        "plan_agency",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        _references("plan_agency", "plan_id", "review_plan"),
        _references("plan_agency", "agency_id", "agency"),
        sa.PrimaryKeyConstraint("plan_id", "agency_id", name=op.f("pk_plan_agency")),
    )
    _indexes("plan_agency", "agency_id")
    op.create_table(
        "plan_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("clash", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _references("plan_override", "plan_id", "review_plan"),
        _references("plan_override", "body_id", "body"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_override")),
        sa.UniqueConstraint("plan_id", "clash", name=op.f("uq_plan_override_plan_id_clash")),
    )
    _indexes("plan_override", "plan_id", "body_id")


def downgrade() -> None:
    """Backwards."""
    op.drop_table("plan_override")
    op.drop_table("plan_agency")
    op.drop_table("plan_body")
    op.drop_table("review_plan")
