"""A draft of a recommendation may have no day yet; those there are keep theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME = "ck_recommendation_proposed_with_a_day"
CONDITION = "state IN ('drafted', 'withdrawn') OR done_by IS NOT NULL"


def upgrade() -> None:
    """Forwards."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("recommendation", "done_by", existing_type=sa.Date(), nullable=True)
        # Entered without a look at the rows, then looked at without stopping those who read or write.
        op.execute(f"ALTER TABLE recommendation ADD CONSTRAINT {NAME} CHECK ({CONDITION}) NOT VALID")
        op.execute(f"ALTER TABLE recommendation VALIDATE CONSTRAINT {NAME}")
        return
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.alter_column("done_by", existing_type=sa.Date(), nullable=True)
        batch_op.create_check_constraint(batch_op.f(NAME), sa.text(CONDITION))


def downgrade() -> None:
    """Backwards. A draft without a day is given the day it was written on, which no rule takes for one to come."""
    written_on = "CAST(written_at AS DATE)" if op.get_bind().dialect.name == "postgresql" else "date(written_at)"
    op.execute(f"UPDATE recommendation SET done_by = {written_on} WHERE done_by IS NULL")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(NAME), type_="check")
        batch_op.alter_column("done_by", existing_type=sa.Date(), nullable=False)
