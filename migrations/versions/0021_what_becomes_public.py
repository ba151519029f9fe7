"""Answers become public by the day written on them; what their agency was told; words erased for a reason."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LONDON = ZoneInfo("Europe/London")
REVIEW = sa.table("review", sa.column("id", sa.Integer), sa.column("list_released_on", sa.Date))
REQUEST = sa.table("evidence_request", sa.column("id", sa.Integer), sa.column("review_id", sa.Integer))
ITEM = sa.table(
    "item",
    sa.column("id", sa.Integer),
    sa.column("request_id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
)
ANSWER = sa.table(
    "answer",
    sa.column("item_id", sa.Integer),
    sa.column("lodging_id", sa.Integer),
    sa.column("submitted_at", sa.DateTime(timezone=True)),
)
LODGING = sa.table(
    "lodging",
    sa.column("id", sa.Integer),
    sa.column("marking", sa.String),
    sa.column("promise", sa.String),
    sa.column("public_from", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Forwards. Of a list already out, the answers accepted last stay public; all others leave the public, as they should have."""
    with op.batch_alter_table("lodging") as table:
        table.add_column(sa.Column("promise", sa.String(length=10), nullable=False, server_default="report"))
    with op.batch_alter_table("lodging") as table:
        table.alter_column("promise", server_default=None)
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("erased_why", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("evidence") as table:
        table.alter_column("erased_why", server_default=None)
    _keep_what_was_accepted()


def _keep_what_was_accepted() -> None:
    """The day of each released list onto the answers that were accepted last and are marked open."""
    rows = (
        sa.select(ANSWER.c.lodging_id, REVIEW.c.list_released_on)
        .select_from(
            ANSWER.join(ITEM, ITEM.c.id == ANSWER.c.item_id)
            .join(REQUEST, REQUEST.c.id == ITEM.c.request_id)
            .join(REVIEW, REVIEW.c.id == REQUEST.c.review_id)
        )
        .where(REVIEW.c.list_released_on.is_not(None), ITEM.c.state == "accepted", ANSWER.c.submitted_at == ITEM.c.submitted_at)
    )
    connection = op.get_bind()
    for lodging_id, released_on in connection.execute(rows).all():
        begins = datetime.combine(released_on, time(), LONDON).astimezone(UTC)
        connection.execute(
            sa.update(LODGING)
            .where(LODGING.c.id == lodging_id, LODGING.c.marking == "open", LODGING.c.public_from.is_(None))
            .values(public_from=begins)
        )


def downgrade() -> None:
    """Backwards."""
    with op.batch_alter_table("evidence") as table:
        table.drop_column("erased_why")
        table.drop_column("erased_at")
    with op.batch_alter_table("lodging") as table:
        table.drop_column("promise")
