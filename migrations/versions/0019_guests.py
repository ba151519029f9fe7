"""Those who answer one request because its letter went to their address."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "agency_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_guest_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agency_guest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_guest")),
        sa.UniqueConstraint("person_id", "request", name=op.f("uq_agency_guest_person_id_request")),
    )
    with op.batch_alter_table("agency_guest", schema=None) as batch_op:
        for column in ("agency_id", "person_id", "request"):
            batch_op.create_index(batch_op.f(f"ix_agency_guest_{column}"), [column], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("agency_guest")
