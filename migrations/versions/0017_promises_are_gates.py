"""Promises are gates: waivers, acknowledged warnings, signatures corrected in the open, seats and quorum of a body."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards: what was recorded before has none of these."""
    op.create_table(
        "accuracy_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_accuracy_waiver_agency_id_agency")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_accuracy_waiver_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accuracy_waiver")),
        sa.UniqueConstraint("review_id", "agency_id", name=op.f("uq_accuracy_waiver_review_id_agency_id")),
    )
    op.create_index(op.f("ix_accuracy_waiver_agency_id"), "accuracy_waiver", ["agency_id"])
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_acknowledgement_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    op.create_index(op.f("ix_acknowledgement_review_id"), "acknowledgement", ["review_id"])
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("correction_why", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_signature_corrects_id_signature"), "signature", ["corrects_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_signature_corrects_id"), ["corrects_id"])
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quorum", sa.Integer(), nullable=True))
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_why", sa.Text(), nullable=False, server_default=""))
    for table, column in (("finding", "moved_why"), ("signature", "correction_why")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("moved_why")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_column("quorum")
        batch_op.drop_column("seats")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_corrects_id"))
        batch_op.drop_constraint(op.f("fk_signature_corrects_id_signature"), type_="foreignkey")
        batch_op.drop_column("corrected_at")
        batch_op.drop_column("correction_why")
        batch_op.drop_column("corrects_id")
    op.drop_index(op.f("ix_acknowledgement_review_id"), table_name="acknowledgement")
    op.drop_table("acknowledgement")
    op.drop_index(op.f("ix_accuracy_waiver_agency_id"), table_name="accuracy_waiver")
    op.drop_table("accuracy_waiver")
