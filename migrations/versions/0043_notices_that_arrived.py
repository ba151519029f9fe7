"""When notices of what is to be published reached the agencies they were sent to."""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

#: An agency counts as told where a letter of the entry was accepted, where it replied, or where the entry is public already.
REACHED = """
SELECT register_entry.id, register_entry.noticed_at FROM register_entry
WHERE published_on IS NOT NULL OR reply <> ''
   OR EXISTS (SELECT 1 FROM letter JOIN posting ON posting.id = letter.posting_id
              WHERE letter.kind = 'register_notice' AND posting.state = 'posted'
                AND letter.reference = 'request:' || register_entry.request_id
                AND letter.occasion = CAST(register_entry.id AS VARCHAR(20)))
ORDER BY register_entry.id
"""
ENTRY = sa.table("register_entry", sa.column("id", sa.Integer), sa.column("received_on", sa.Date), sa.column("received_how"))


def upgrade() -> None:
    """Forwards. An answer for which a day is set already keeps it: its agency was written to."""
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("received_how", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("received_words", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.alter_column("received_how", server_default=None)
        batch_op.alter_column("received_words", server_default=None)
    _date_entries()
    op.create_table(
        "publication_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("lodgings", sa.Text(), nullable=False),
        sa.Column("public_on", sa.Date(), nullable=False),
        sa.Column("noticed_by", sa.String(length=40), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_how", sa.String(length=20), nullable=False),
        sa.Column("received_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_publication_notice_request_id_evidence_request")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_publication_notice_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_notice")),
    )
    for column in ("agency_id", "request_id"):
        op.create_index(op.f(f"ix_publication_notice_{column}"), "publication_notice", [column])


def _date_entries() -> None:
    """Entries of which the agency is known to have been told: on the London day of the notice."""
    rows = op.get_bind().execute(sa.text(REACHED).columns(id=sa.Integer, noticed_at=sa.DateTime(timezone=True))).all()
    for entry_id, noticed_at in rows:
        moment = noticed_at if noticed_at.tzinfo is not None else noticed_at.replace(tzinfo=UTC)
        values = {"received_on": moment.astimezone(ZoneInfo("Europe/London")).date(), "received_how": "before"}
        op.execute(sa.update(ENTRY).where(ENTRY.c.id == entry_id).values(**values))


def downgrade() -> None:
    """Backwards: every agency counts as told again; answers that waited for their letter are published by hand once more."""
    op.drop_table("publication_notice")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_column("received_words")
        batch_op.drop_column("received_how")
        batch_op.drop_column("received_on")
