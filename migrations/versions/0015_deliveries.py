"""How requests reached their agencies, and contacts entered for them."""

import json
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LONDON = ZoneInfo("Europe/London")
OPEN = ("asked", "answered", "with_certifier", "sent_back", "returned")
AWAITS = "No date runs yet. The date is counted from the day the request is delivered."

REQUEST = sa.table(
    "evidence_request",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("issued_at", sa.DateTime(timezone=True)),
    sa.column("delivered_on", sa.Date),
)
ITEM = sa.table(
    "item",
    sa.column("id", sa.Integer),
    sa.column("request_id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("answered_on", sa.Date),
    *[sa.column(name, sa.Date) for name in ("due_on", "first_due_on", "statutory_due_on", "starts_on", "next_step_on")],
    sa.column("due_working", sa.Text),
)
LETTER = sa.table("letter", *[sa.column(name) for name in ("id", "kind", "reference", "posting_id", "address")])
POSTING = sa.table("posting", *[sa.column(name) for name in ("id", "state", "fault")])
DELIVERY = sa.table(
    "request_delivery",
    sa.column("request_id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("how", sa.String),
    sa.column("delivered_on", sa.Date),
    sa.column("words", sa.Text),
    sa.column("fault", sa.Text),
    sa.column("attempt", sa.Integer),
    sa.column("by", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("version", sa.Integer),
)


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "request_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_request_contact_request_id_evidence_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_contact")),
    )
    op.create_table(
        "request_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'failed', 'delivered')", name=op.f("ck_request_delivery_known_state")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["evidence_request.id"], name=op.f("fk_request_delivery_request_id_evidence_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_delivery")),
        sa.UniqueConstraint("request_id", name=op.f("uq_request_delivery_request_id")),
    )
    with op.batch_alter_table("request_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_contact_request_id"), ["request_id"], unique=False)
    with op.batch_alter_table("request_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_delivery_state"), ["state"], unique=False)
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delivered_on", sa.Date(), nullable=True))
    _tell_what_is_known()


def _tell_what_is_known() -> None:
    """Say of each request issued before now how it reached its agency; one whose letters all failed did not."""
    connection = op.get_bind()
    for request in connection.execute(sa.select(REQUEST).where(REQUEST.c.issued_at.is_not(None))).all():
        asks = (
            sa.select(POSTING.c.state, POSTING.c.fault, LETTER.c.address)
            .select_from(LETTER.outerjoin(POSTING, POSTING.c.id == LETTER.c.posting_id))
            .where(LETTER.c.kind == "request_issued", LETTER.c.reference == f"request:{request.id}")
        )
        letters = connection.execute(asks).all()
        items = connection.execute(sa.select(ITEM).where(ITEM.c.request_id == request.id)).all()
        failed = bool(letters) and all(letter.state == "failed" for letter in letters)
        answered = any(item.answered_on or item.state not in OPEN[:1] for item in items)
        row = {"request_id": request.id, "words": "", "fault": "", "attempt": 1, "by": "", "at": request.issued_at, "version": 1}
        if failed and request.state == "issued" and not answered:
            fault = next((letter.fault for letter in letters if letter.address), "") or "No email address is known"
            connection.execute(
                DELIVERY.insert().values(row | {"state": "failed", "how": "", "delivered_on": None, "fault": fault})
            )
            _hold(connection, items)
            continue
        on = request.issued_at.astimezone(LONDON).date()
        how = "email" if any(letter.state == "posted" for letter in letters) else "before"
        connection.execute(DELIVERY.insert().values(row | {"state": "delivered", "how": how, "delivered_on": on}))
        connection.execute(REQUEST.update().where(REQUEST.c.id == request.id).values(delivered_on=on))


def _hold(connection: sa.Connection, items: list[sa.Row]) -> None:
    """No day runs for the items of a request that never arrived."""
    dates = dict.fromkeys(("due_on", "first_due_on", "statutory_due_on", "starts_on", "next_step_on"))
    for item in items:
        working = json.loads(item.due_working or "{}")
        working |= {"sentence": AWAITS, "steps": [], "awaits": "delivery"}
        working["if_delivered"] = item.due_on.isoformat() if item.due_on else ""
        working.pop("statutory", None)
        connection.execute(ITEM.update().where(ITEM.c.id == item.id).values(due_working=json.dumps(working), **dates))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.drop_column("delivered_on")
    op.drop_table("request_delivery")
    op.drop_table("request_contact")
