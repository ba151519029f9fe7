"""What was typed into a form and not saved, kept for its writer."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "unsaved_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsaved_form_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_form")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_unsaved_form_key_hash")),
        sa.UniqueConstraint("person_id", "address", name=op.f("uq_unsaved_form_person_id_address")),
    )
    with op.batch_alter_table("unsaved_form", schema=None) as batch_op:
        for column in ("kept_at", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_unsaved_form_{column}"), [column], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("unsaved_form")
