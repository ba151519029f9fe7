"""A check of the facts goes by the agency's approver: who passed it on, why it came back, who approved it; corrections kept."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BEFORE = "state IN ('offered', 'made', 'made_in_part', 'not_made')"
AFTER = "state IN ('drafted', 'offered', 'made', 'made_in_part', 'not_made')"
WORDS = (("passed_by", sa.String(40)), ("sent_back_why", sa.Text()), ("approved_by", sa.String(40)))


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True))
        for name, kind in WORDS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        for name, _ in WORDS:
            batch_op.alter_column(name, server_default=None)
    _known_states(AFTER)


def downgrade() -> None:
    """Backwards: a correction that was not sent yet is offered, as every one was before."""
    op.execute("UPDATE correction SET state = 'offered' WHERE state = 'drafted'")
    _known_states(BEFORE)
    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        for name in ("passed_at", *(name for name, _ in WORDS)):
            batch_op.drop_column(name)


def _known_states(condition: str) -> None:
    """The states a correction may be in."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE correction DROP CONSTRAINT ck_correction_known_state")
        # Entered without a look at the rows, then looked at without stopping those who read or write.
        op.execute(f"ALTER TABLE correction ADD CONSTRAINT ck_correction_known_state CHECK ({condition}) NOT VALID")
        op.execute("ALTER TABLE correction VALIDATE CONSTRAINT ck_correction_known_state")
        return
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_correction_known_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_correction_known_state"), sa.text(condition))
