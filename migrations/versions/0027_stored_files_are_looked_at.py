"""Whether stored bytes are whole, and a row for those of printed reports and signed papers too."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: What had no row until now. The size of a signed paper is found by the first look at it.
FILL = (
    "INSERT INTO stored_file (sha256, size, media_type, pages, scan, kept_at, fault) "
    "SELECT f.sha256, max(f.size), max(CASE f.kind WHEN 'pdf' THEN 'application/pdf' ELSE 'application/json' END), max(f.pages), "
    "'not scanned', min(coalesce(e.sealed_at, CURRENT_TIMESTAMP)), '' "
    "FROM edition_file f JOIN edition e ON e.id = f.edition_id "
    "WHERE f.sha256 NOT IN (SELECT sha256 FROM stored_file) GROUP BY f.sha256",
    "INSERT INTO stored_file (sha256, size, media_type, scan, kept_at, fault) "
    "SELECT paper_sha256, 0, 'application/pdf', 'not scanned', min(signed_at), '' FROM signature "
    "WHERE paper_sha256 != '' AND paper_sha256 NOT IN (SELECT sha256 FROM stored_file) GROUP BY paper_sha256",
    "UPDATE stored_file SET dropped_at = erased_at",
)
#: Back: what only these use had no row before.
UNFILL = (
    "DELETE FROM stored_file WHERE sha256 NOT IN (SELECT sha256 FROM evidence_file) "
    "AND (sha256 IN (SELECT sha256 FROM edition_file) OR sha256 IN (SELECT paper_sha256 FROM signature))"
)


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("fault", sa.String(length=20), nullable=False, server_default=""))
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.alter_column("fault", server_default=None)
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    op.execute(UNFILL)
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        for column in ("fault", "checked_at", "dropped_at"):
            batch_op.drop_column(column)
