"""Reorganisations, and who keeps what agencies that have ended were asked, gave or had recommended to them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('drafted', 'staged', 'carried_out', 'dropped')", name=op.f("ck_reorganisation_known_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation")),
        sa.UniqueConstraint("reference", name=op.f("uq_reorganisation_reference")),
    )
    with op.batch_alter_table("reorganisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorganisation_on"), ["on"], unique=False)
        batch_op.create_index(batch_op.f("ix_reorganisation_state"), ["state"], unique=False)

    op.create_table(
        "addressee_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["addressee.id"], name=op.f("fk_addressee_holder_addressee_id_addressee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_addressee_holder_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressee_holder")),
    )
    with op.batch_alter_table("addressee_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addressee_holder_addressee_id"), ["addressee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_addressee_holder_agency_id"), ["agency_id"], unique=False)

    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeper_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_accuracy_check_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_accuracy_check_keeper_id_agency"), "agency", ["keeper_id"], ["id"])

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeper_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_evidence_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_evidence_keeper_id_agency"), "agency", ["keeper_id"], ["id"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_evidence_keeper_id_agency"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_evidence_keeper_id"))
        batch_op.drop_column("keeper_id")

    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_accuracy_check_keeper_id_agency"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_accuracy_check_keeper_id"))
        batch_op.drop_column("keeper_id")

    with op.batch_alter_table("addressee_holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addressee_holder_agency_id"))
        batch_op.drop_index(batch_op.f("ix_addressee_holder_addressee_id"))

    op.drop_table("addressee_holder")
    with op.batch_alter_table("reorganisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reorganisation_state"))
        batch_op.drop_index(batch_op.f("ix_reorganisation_on"))

    op.drop_table("reorganisation")
