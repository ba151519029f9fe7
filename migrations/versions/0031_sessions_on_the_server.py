"""Sessions are rows, keys have an end, and no code of an app is taken twice. Keys made before end in a year."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards. Whoever is signed in signs in again: the cookies of before name no row."""
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_session_secret_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        for column in ("ends_at", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_sign_in_session_{column}"), [column], unique=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tf_last_counter", sa.Integer(), nullable=True))
    in_a_year = (datetime.now(UTC).date() + timedelta(days=365)).isoformat()
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=False, server_default=in_a_year))
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.alter_column("ends_on", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("access_key", schema=None) as batch_op:
        batch_op.drop_column("ends_on")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("tf_last_counter")
    op.drop_table("sign_in_session")
