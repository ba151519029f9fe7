"""Polls, school holidays, year-ends, blackouts and agreed loads, as loaded from files."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KINDS = "('poll', 'school-holiday', 'year-end', 'blackout', 'agreed-load')"


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "calendar_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("loaded_by", sa.String(length=40), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_load")),
    )
    with op.batch_alter_table("calendar_load", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_load_digest"), ["digest"], unique=False)
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("area_code", sa.String(length=40), nullable=False),
        sa.Column("nation", sa.String(length=30), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("agency_kind", sa.String(length=60), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.Column("visit_days", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_calendar_entry_known_kind")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_calendar_entry_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["load_id"], ["calendar_load.id"], name=op.f("fk_calendar_entry_load_id_calendar_load")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_calendar_entry_agency_id_agency")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_calendar_entry_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
    )
    with op.batch_alter_table("calendar_entry", schema=None) as batch_op:
        for column in ("load_id", "area_code", "agency_id", "body_id"):
            batch_op.create_index(batch_op.f(f"ix_calendar_entry_{column}"), [column], unique=False)
        batch_op.create_index("ix_calendar_entry_ends_on_starts_on", ["ends_on", "starts_on"], unique=False)


def downgrade() -> None:
    """Backwards."""
    op.drop_table("calendar_entry")
    op.drop_table("calendar_load")
