"""meetings one is asked to attend."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("whom", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_meeting_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("question_id", name=op.f("uq_meeting_question_id")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_held_on"), ["held_on"], unique=False)
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attends", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("attended_by", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.alter_column("attends", server_default=None)
        batch_op.alter_column("attended_by", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("attended_by")
        batch_op.drop_column("attends")
    op.drop_table("meeting")
