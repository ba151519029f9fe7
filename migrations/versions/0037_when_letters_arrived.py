"""When accuracy checks and recommendations reached the agencies they were sent to."""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

#: An accuracy check counts as received where one of its letters was accepted, or the agency answered or corrected something.
REACHED = """
SELECT accuracy_check.id, accuracy_check.sent_at FROM accuracy_check
WHERE answered_at IS NOT NULL
   OR EXISTS (SELECT 1 FROM extract JOIN correction ON correction.extract_id = extract.id
              WHERE extract.check_id = accuracy_check.id)
   OR EXISTS (SELECT 1 FROM letter JOIN posting ON posting.id = letter.posting_id
              WHERE letter.kind = 'accuracy_check' AND posting.state = 'posted'
                AND letter.reference = 'accuracy:' || accuracy_check.id)
ORDER BY accuracy_check.id
"""
CHECK = sa.table(
    "accuracy_check", sa.column("id", sa.Integer), sa.column("received_on", sa.Date), sa.column("received_how", sa.String)
)


def upgrade() -> None:
    """Forwards. A recommendation already made keeps the day from which its response was counted: people were told of it."""
    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
    for table in ("accuracy_check", "addressee"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("received_how", sa.String(length=20), nullable=False, server_default=""))
            batch_op.add_column(sa.Column("received_words", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("received_how", server_default=None)
            batch_op.alter_column("received_words", server_default=None)
    _date_checks()
    op.execute("UPDATE addressee SET received_how = 'before' WHERE received_on IS NOT NULL")


def _date_checks() -> None:
    """Checks that are known to have arrived were received on the London day on which they were sent."""
    rows = op.get_bind().execute(sa.text(REACHED).columns(id=sa.Integer, sent_at=sa.DateTime(timezone=True))).all()
    for check_id, sent_at in rows:
        moment = sent_at if sent_at.tzinfo is not None else sent_at.replace(tzinfo=UTC)
        values = {"received_on": moment.astimezone(ZoneInfo("Europe/London")).date(), "received_how": "before"}
        op.execute(sa.update(CHECK).where(CHECK.c.id == check_id).values(**values))


def downgrade() -> None:
    """Backwards: every check counts as shown again, as it did; a recommendation not received yet has no dates and gets none."""
    for table in ("accuracy_check", "addressee"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("received_words")
            batch_op.drop_column("received_how")
    with op.batch_alter_table("accuracy_check", schema=None) as batch_op:
        batch_op.drop_column("received_on")
