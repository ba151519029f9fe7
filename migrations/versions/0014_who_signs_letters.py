"""Who signs the letters of a body, whom to ask, and the contact of one review."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CONTACT = {"contact_name": 200, "contact_office": 200, "contact_phone": 40, "contact_email": 254}
LINES = {
    "signatory_name": 200,
    "signatory_office": 200,
    "deputy_name": 200,
    "deputy_office": 200,
    **CONTACT,
    "mailbox": 254,
    "privacy_url": 300,
    "genuine_url": 300,
}


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "letterhead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in LINES.items()),
        sa.Column("deputy_signs", sa.Boolean(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_letterhead_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead")),
        sa.UniqueConstraint("body_id", name=op.f("uq_letterhead_body_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        for name, length in CONTACT.items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("review", schema=None) as batch_op:
        for name in CONTACT:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("review", schema=None) as batch_op:
        for name in reversed(CONTACT):
            batch_op.drop_column(name)
    op.drop_table("letterhead")
