"""How often an administrator wants area reports of a place; nothing was chosen before."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "area_rhythm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("chosen_by", sa.String(length=40), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rhythm IN ('monthly', 'quarterly', 'yearly', 'stopped')", name=op.f("ck_area_rhythm_known_rhythm")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_area_rhythm_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_rhythm")),
        sa.UniqueConstraint("place_id", name=op.f("uq_area_rhythm_place_id")),
    )


def downgrade() -> None:
    """Backwards."""
    op.drop_table("area_rhythm")
