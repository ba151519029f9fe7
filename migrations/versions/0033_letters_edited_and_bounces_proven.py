"""Letters edited as a whole and sent with files; bounces that are proven; what a lost letter started is void."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

#: What the older version wrote in words, by how it was known and whether the event is the sending itself.
WORDS = {
    "email": ("the mail server accepted it", "sent by email, so taken as received on the same day"),
    "post": ("it was posted",),
    "hand": ("it was handed over",),
    "answered": ("it was answered",),
}
START = sa.table("start_event", sa.column("event", sa.String), sa.column("known_by", sa.String), sa.column("how", sa.Text))
INVITATION = sa.table(
    "review_invitation",
    sa.column("id", sa.Integer),
    sa.column("review_id", sa.Integer),
    sa.column("body_id", sa.Integer),
    sa.column("state", sa.String),
)
OPEN = sa.text("state = 'invited'")
KEPT = sa.text("state = 'kept'")


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_by", sa.String(length=20), nullable=False, server_default="entered"))
        batch_op.add_column(sa.Column("void_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.alter_column("known_by", server_default=None)
    for known_by, words in WORDS.items():
        op.execute(sa.update(START).where(START.c.how.in_(words)).values(known_by=known_by, how=""))
    _check("start_event", "known_way", "known_by IN ('email', 'post', 'hand', 'answered', 'entered')")
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proven", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.alter_column("proven", server_default=None)
    op.execute("UPDATE incoming_mail SET proven = (1 = 1) WHERE kind = 'bounce' AND posting_id IS NOT NULL")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replied_agency_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edit_id", sa.Integer(), nullable=True))
    _one_open_invitation()
    _guests_of_letters()
    _create_tables()


def _guests_of_letters() -> None:
    """A letter about something other than a request lets in whoever reads it, for no request."""
    with op.batch_alter_table("agency_guest", schema=None) as batch_op:
        batch_op.alter_column("request", existing_type=sa.Integer(), nullable=True)
    alone = sa.text("request IS NULL")
    op.create_index(
        "uq_agency_guest_letters",
        "agency_guest",
        ["person_id", "agency_id"],
        unique=True,
        sqlite_where=alone,
        postgresql_where=alone,
    )


def _check(table: str, name: str, condition: str) -> None:
    """A condition on rows that are there already, without stopping those who read or write."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
        return
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), sa.text(condition))


def _one_open_invitation() -> None:
    """Of several open invitations of one body to one review the first stays; the others are taken back."""
    first = sa.select(sa.func.min(INVITATION.c.id)).where(INVITATION.c.state == "invited")
    first = first.group_by(INVITATION.c.review_id, INVITATION.c.body_id)
    others = sa.update(INVITATION).where(INVITATION.c.state == "invited", INVITATION.c.id.not_in(first.scalar_subquery()))
    op.execute(others.values(state="taken_back"))
    op.create_index(
        "uq_review_invitation_open",
        "review_invitation",
        ["review_id", "body_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _create_tables() -> None:
    """What people do to letters before they go."""
    op.create_table(
        "letter_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dear", sa.String(length=300), nullable=False),
        sa.Column("of_subject", sa.String(length=300), nullable=False),
        sa.Column("of_text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'used', 'overtaken', 'dropped')", name=op.f("ck_letter_edit_known_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_edit")),
    )
    op.create_table(
        "letter_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("marking", sa.String(length=20), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("scan", sa.String(length=20), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=40), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_attachment")),
    )
    op.create_table(
        "letter_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["letter_attachment.id"], name=op.f("fk_letter_file_attachment_id_letter_attachment")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_file_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_file")),
        sa.UniqueConstraint("letter_id", "attachment_id", name=op.f("uq_letter_file_letter_id_attachment_id")),
    )
    for table, columns in (
        ("letter_edit", ("reference",)),
        ("letter_attachment", ("reference", "sha256")),
        ("letter_file", ("attachment_id", "letter_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        "uq_letter_edit_kept", "letter_edit", ["kind", "reference"], unique=True, sqlite_where=KEPT, postgresql_where=KEPT
    )


def downgrade() -> None:
    """Back."""
    for table in ("letter_file", "letter_attachment", "letter_edit"):
        op.drop_table(table)
    op.drop_index("uq_agency_guest_letters", table_name="agency_guest")
    op.execute("DELETE FROM agency_guest WHERE request IS NULL")
    with op.batch_alter_table("agency_guest", schema=None) as batch_op:
        batch_op.alter_column("request", existing_type=sa.Integer(), nullable=False)
    op.drop_index("uq_review_invitation_open", table_name="review_invitation")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_column("edit_id")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_column("replied_agency_id")
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.drop_column("proven")
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_start_event_known_way"), type_="check")
    op.execute("DELETE FROM start_event WHERE void_at IS NOT NULL")
    for known_by, words in WORDS.items():
        for number, said in enumerate(words):
            of = START.c.event == "request_sent" if number == 0 and len(words) > 1 else sa.true()
            op.execute(sa.update(START).where(START.c.known_by == known_by, START.c.how == "", of).values(how=said))
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.drop_column("void_at")
        batch_op.drop_column("known_by")
