"""A draft of a recommendation may have no day yet; those there are keep theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME = op.f("ck_recommendation_proposed_with_a_day")


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.alter_column("done_by", existing_type=sa.Date(), nullable=True)
        batch_op.create_check_constraint(NAME, "state IN ('drafted', 'withdrawn') OR done_by IS NOT NULL")


def downgrade() -> None:
    """Backwards. A draft without a day is given the day it was written on, which no rule takes for one to come."""
    op.execute("UPDATE recommendation SET done_by = CAST(written_at AS DATE) WHERE done_by IS NULL")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_constraint(NAME, type_="check")
        batch_op.alter_column("done_by", existing_type=sa.Date(), nullable=False)
