"""starts of clocks and pauses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards: what was issued before is taken as received on the day it was sent, as it was counted."""
    op.create_table(
        "start_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["evidence_request.id"], name=op.f("fk_start_event_request_id_evidence_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_event")),
    )
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_start_event_request_id"), ["request_id"], unique=False)
    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'answered', 'overtaken')", name=op.f("ck_clarification_known_state")),
        sa.CheckConstraint("effect IN ('none', 'pauses', 'restarts')", name=op.f("ck_clarification_known_effect")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_clarification_item_id_item")),
        sa.ForeignKeyConstraint(["note_id"], ["request_note.id"], name=op.f("fk_clarification_note_id_request_note")),
        sa.ForeignKeyConstraint(["reply_id"], ["request_note.id"], name=op.f("fk_clarification_reply_id_request_note")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
    )
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clarification_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarification_note_id"), ["note_id"], unique=False)
    for event in ("request_sent", "request_received", "notification"):
        op.execute(
            "INSERT INTO start_event (request_id, event, happened_on, how, by, at) "
            f"SELECT id, '{event}', date(issued_at), 'when it was issued', issued_by, issued_at "
            "FROM evidence_request WHERE issued_at IS NOT NULL"
        )


def downgrade() -> None:
    """Back."""
    op.drop_table("clarification")
    op.drop_table("start_event")
