"""Escalations: the ladder a request climbs, each rung it came to, and letters that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("letter", sa.String(length=60), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reached', 'proposed', 'sent', 'declined', 'stopped')", name=op.f("ck_escalation_known_state")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_escalation_agency_id_agency")),
        sa.ForeignKeyConstraint(["request_id"], ["evidence_request.id"], name=op.f("fk_escalation_request_id_evidence_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint(
            "request_id", "agency_id", "rung", "reached_on", name=op.f("uq_escalation_request_id_agency_id_rung_reached_on")
        ),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_state"), ["state"], unique=False)

    op.create_table(
        "escalation_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_item_escalation_id_escalation")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_escalation_item_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_item")),
        sa.UniqueConstraint("escalation_id", "item_id", name=op.f("uq_escalation_item_escalation_id_item_id")),
    )
    with op.batch_alter_table("escalation_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_item_escalation_id"), ["escalation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_item_item_id"), ["item_id"], unique=False)

    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ladder_edition", sa.String(length=64), nullable=False, server_default=""))

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_next_step_on"))
        batch_op.create_index("ix_item_next_step_on_request_id", ["next_step_on", "request_id"], unique=False)

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_column("not_before")

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_next_step_on_request_id")
        batch_op.create_index(batch_op.f("ix_item_next_step_on"), ["next_step_on"], unique=False)

    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.drop_column("ladder_edition")
        batch_op.drop_column("ladder")

    with op.batch_alter_table("escalation_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_item_item_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_item_escalation_id"))

    op.drop_table("escalation_item")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_state"))
        batch_op.drop_index(batch_op.f("ix_escalation_request_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_agency_id"))

    op.drop_table("escalation")
