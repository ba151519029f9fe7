"""The count of public money: sources, rows they skipped, cells, and words of files mapped to services."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "service_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("division", sa.String(length=40), nullable=False),
        sa.Column("control", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("control IN ('direct', 'influence', 'none', '')", name=op.f("ck_service_mapping_known_control")),
        sa.CheckConstraint(
            "field IN ('service', 'expense_type', 'cost_centre', 'category')", name=op.f("ck_service_mapping_known_field")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_service_mapping_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_mapping")),
        sa.UniqueConstraint("agency_id", "field", "words", name=op.f("uq_service_mapping_agency_id_field_words")),
    )
    with op.batch_alter_table("service_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_mapping_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "ledger_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(length=40), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("publisher", sa.String(length=300), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("profile", sa.String(length=120), nullable=False),
        sa.Column("encoding", sa.String(length=40), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_loaded", sa.Integer(), nullable=False),
        sa.Column("rows_skipped", sa.Integer(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("stated_pence", sa.BigInteger(), nullable=True),
        sa.Column("coverage", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("loaded_by", sa.String(length=40), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=40), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence IN ('A', 'B', 'C', 'D')", name=op.f("ck_ledger_source_known_confidence")),
        sa.CheckConstraint(
            "coverage IN ('whole', 'over-500', 'over-25000', 'part', 'unknown')", name=op.f("ck_ledger_source_known_coverage")
        ),
        sa.CheckConstraint("phase IN ('budget', 'outturn', 'audited', 'payments')", name=op.f("ck_ledger_source_known_phase")),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_ledger_source_published_at_a_moment")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'published', 'replaced', 'withdrawn')", name=op.f("ck_ledger_source_known_state")
        ),
        sa.CheckConstraint("rows_read >= rows_loaded + rows_skipped", name=op.f("ck_ledger_source_no_more_rows_than_read")),
        sa.CheckConstraint("share IS NULL OR (share > 0 AND share <= 1)", name=op.f("ck_ledger_source_share_of_one")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_ledger_source_agency_id_agency")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_ledger_source_body_id_body")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["ledger_source.id"], name=op.f("fk_ledger_source_replaced_by_id_ledger_source")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name=op.f("fk_ledger_source_sha256_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_source")),
    )
    with op.batch_alter_table("ledger_source", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_source_agency_id_year", ["agency_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_source_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_source_replaced_by_id"), ["replaced_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_source_sha256"), ["sha256"], unique=False)

    op.create_table(
        "ledger_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("division", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("area_code", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("stream", sa.String(length=20), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("ring_fence", sa.String(length=200), nullable=False),
        sa.Column("control", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("other_agency_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.String(length=120), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=True),
        sa.Column("error_note", sa.Text(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.CheckConstraint("(direction = '') = (other_agency_id IS NULL)", name=op.f("ck_ledger_cell_transfer_names_the_other")),
        sa.CheckConstraint("basis IN ('actual', 'people', 'land', 'weight')", name=op.f("ck_ledger_cell_known_basis")),
        sa.CheckConstraint("confidence IN ('A', 'B', 'C', 'D')", name=op.f("ck_ledger_cell_known_confidence")),
        sa.CheckConstraint("control IN ('direct', 'influence', 'none', '')", name=op.f("ck_ledger_cell_known_control")),
        sa.CheckConstraint("direction IN ('', 'to', 'from')", name=op.f("ck_ledger_cell_known_direction")),
        sa.CheckConstraint("phase IN ('budget', 'outturn', 'audited', 'payments')", name=op.f("ck_ledger_cell_known_phase")),
        sa.CheckConstraint("stream IN ('revenue', 'capital')", name=op.f("ck_ledger_cell_known_stream")),
        sa.CheckConstraint(
            "other_agency_id IS NULL OR other_agency_id <> agency_id", name=op.f("ck_ledger_cell_transfer_between_two")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_ledger_cell_agency_id_agency")),
        sa.ForeignKeyConstraint(["other_agency_id"], ["agency.id"], name=op.f("fk_ledger_cell_other_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["ledger_source.id"], name=op.f("fk_ledger_cell_source_id_ledger_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_cell")),
    )
    with op.batch_alter_table("ledger_cell", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_cell_agency_id_year", ["agency_id", "year"], unique=False)
        batch_op.create_index("ix_ledger_cell_area_code_year", ["area_code", "year"], unique=False)
        batch_op.create_index("ix_ledger_cell_other_agency_id_year", ["other_agency_id", "year"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_cell_source_id"), ["source_id"], unique=False)

    op.create_table(
        "ledger_skipped",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["ledger_source.id"], name=op.f("fk_ledger_skipped_source_id_ledger_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_skipped")),
    )
    with op.batch_alter_table("ledger_skipped", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_skipped_source_id"), ["source_id"], unique=False)


def downgrade() -> None:
    """Backwards. What was counted is lost; the files it rests on go as files that nothing uses."""
    for table in ("ledger_skipped", "ledger_cell", "ledger_source", "service_mapping"):
        op.drop_table(table)
