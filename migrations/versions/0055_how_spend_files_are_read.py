"""How the spend files of a publisher are read, saved under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "spend_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=True),
        sa.Column("date_order", sa.String(length=3), nullable=False),
        sa.Column("decimal_mark", sa.String(length=1), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("date_order IN ('', 'dmy', 'mdy')", name=op.f("ck_spend_profile_known_date_order")),
        sa.CheckConstraint("decimal_mark IN ('', '.', ',')", name=op.f("ck_spend_profile_known_decimal_mark")),
        sa.CheckConstraint("scale IN (1, 1000, 1000000)", name=op.f("ck_spend_profile_known_scale")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_spend_profile_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_spend_profile_name")),
    )
    with op.batch_alter_table("spend_profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spend_profile_agency_id"), ["agency_id"], unique=False)


def downgrade() -> None:
    """Backwards."""
    op.drop_table("spend_profile")
