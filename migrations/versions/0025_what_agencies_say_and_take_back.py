"""What agencies say in place of an answer, what they sent by mistake, what they have looked at, and interests declared.

The version before has no place for what is said in place of an answer beyond the last, nor for interests: on the way down both
are set aside as they are, and come back on the way up. What is saved and not sent is put where that version shows it, in the
item, which is open again there. Not kept on the way down: that an item was approved, a file looked at, something sent by mistake.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
#: table: (columns that are words, columns that are moments)
ADDED = {
    "item": ({"approved_by": sa.String(length=40)}, ("approved_at",)),
    "evidence_file": ({"looked_by": sa.String(length=40)}, ("looked_at",)),
    "lodging": ({"wrong_by": sa.String(length=40), "wrong_why": sa.Text()}, ("wrong_at", "withheld_at")),
}
#: The last that an agency said of an item in place of an answer, in the trail, which alone knows it once that is accepted.
SAID = (
    "SELECT about, MAX(number) AS number FROM audit_entry "
    "WHERE event IN ('item_not_held', 'item_refused', 'item_redirected') GROUP BY about"
)
GIVEN_UP = "item.state IN ('not_held', 'refused', 'redirected')"
MOMENT_SAID = f"CASE WHEN {GIVEN_UP} THEN item.submitted_at ELSE COALESCE(entry.at, item.submitted_at) END"
#: What was said before is told of nobody: who said it was not kept. Also of an item that has been accepted or returned since,
#: unless an answer is what came last and the trail knows of nothing else. Why an item was withdrawn stood in the same column.
KEPT = (
    "INSERT INTO decline (item_id, kind, ground, redirected_to, by, capacity, kept_at, submitted_at, certified_by, taken_back_by) "
    "SELECT said.id, said.kind, CASE WHEN said.ground = '' THEN 'Held by ' || said.redirected_to ELSE said.ground END, "
    "CASE WHEN said.kind = 'redirected' THEN said.redirected_to ELSE '' END, '', '', said.moment, said.moment, '', '' "
    f"FROM (SELECT item.id, item.ground, item.redirected_to, {MOMENT_SAID} AS moment, "
    f"CASE WHEN {GIVEN_UP} THEN item.state WHEN entry.event = 'item_refused' THEN 'refused' "
    "WHEN item.redirected_to != '' AND (entry.event IS NULL OR entry.event = 'item_redirected') THEN 'redirected' "
    "ELSE 'not_held' END AS kind "
    f"FROM item LEFT JOIN ({SAID}) AS last ON last.about = 'item:' || CAST(item.id AS VARCHAR(20)) "
    "LEFT JOIN audit_entry AS entry ON entry.number = last.number "
    f"WHERE {GIVEN_UP} OR (item.ground != '' AND item.state != 'withdrawn' AND (entry.number IS NOT NULL OR (item.submitted_at "
    "IS NOT NULL AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.item_id = item.id AND answer.submitted_at = item.submitted_at)"
    "))) ORDER BY item.id) AS said "
    "WHERE said.moment IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM decline WHERE decline.item_id = said.id AND decline.submitted_at = said.moment)"
)
#: Tables that the version before does not have, and where their rows wait for the way up.
ASIDE = {"decline": "decline_set_aside", "interest": "interest_set_aside"}
COLUMNS = {
    "decline": "id, item_id, kind, ground, redirected_to, by, capacity, kept_at, submitted_at, certified_by, taken_back_by, "
    "taken_back_at",
    "interest": "id, review_id, agency_id, person, name, capacity, words, declared_at",
}
#: What is saved and not sent: the last of its item. On the way up, only where that item is as the way down left it.
UNSENT = (
    "{table}.submitted_at IS NULL AND {table}.item_id = item.id "
    "AND {table}.id = (SELECT MAX(other.id) FROM {table} AS other WHERE other.item_id = item.id)"
)
OPEN_AGAIN = "item.state IN ('asked', 'returned') AND item.ground = decline_set_aside.ground"


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("redirected_to", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("certified_by", sa.String(length=40), nullable=False),
        sa.Column("taken_back_by", sa.String(length=40), nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('not_held', 'refused', 'redirected')", name=op.f("ck_decline_known_kind")),
        sa.CheckConstraint("ground != ''", name=op.f("ck_decline_says_why")),
        sa.CheckConstraint("kind != 'redirected' OR redirected_to != ''", name=op.f("ck_decline_redirected_to_somebody")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_decline_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline")),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.CheckConstraint("words != ''", name=op.f("ck_interest_says_what")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_interest_agency_id_agency")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_interest_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    for table, columns in (("decline", ("item_id",)), ("interest", ("agency_id", "person", "review_id"))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    for table, (words, moments) in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind in words.items():
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
            for name in moments:
                batch_op.add_column(sa.Column(name, MOMENT, nullable=True))
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in words:
                batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.alter_column("marked", server_default=None)
    _bring_back()
    op.execute(KEPT)


def _bring_back() -> None:
    """What an earlier way down has set aside."""
    there = sa.inspect(op.get_bind()).get_table_names()
    for table, aside in ASIDE.items():
        if aside not in there:
            continue
        held = ""
        if table == "decline":
            unsent = UNSENT.format(table=aside)
            held = f" WHERE submitted_at IS NOT NULL OR EXISTS (SELECT 1 FROM item WHERE {unsent} AND {OPEN_AGAIN})"
        op.execute(f"INSERT INTO {table} ({COLUMNS[table]}) SELECT {COLUMNS[table]} FROM {aside}{held} ORDER BY id")
        if table == "decline":
            before = f"FROM {aside} WHERE {unsent}"
            op.execute(
                f"UPDATE item SET state = (SELECT item_state {before}), ground = (SELECT item_ground {before}), "
                f"redirected_to = (SELECT item_redirected_to {before}) "
                f"WHERE EXISTS (SELECT 1 {before} AND {OPEN_AGAIN})"
            )
        op.drop_table(aside)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}), false)"
            )


def downgrade() -> None:
    """Back: what has no place there is set aside, and what is saved and not sent is put where it is shown there."""
    op.execute(
        "CREATE TABLE decline_set_aside AS SELECT decline.*, item.state AS item_state, item.ground AS item_ground, "
        "item.redirected_to AS item_redirected_to FROM decline JOIN item ON item.id = decline.item_id"
    )
    op.execute("CREATE TABLE interest_set_aside AS SELECT * FROM interest")
    kept = f"FROM decline WHERE {UNSENT.format(table='decline')}"
    op.execute(
        f"UPDATE item SET ground = (SELECT decline.ground {kept}), redirected_to = (SELECT decline.redirected_to {kept}), "
        "state = CASE WHEN submitted_at IS NULL THEN 'asked' ELSE 'returned' END "
        f"WHERE state IN ('answered', 'with_certifier', 'sent_back') AND EXISTS (SELECT 1 {kept})"
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("marked")
    for table, (words, moments) in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in (*words, *moments):
                batch_op.drop_column(name)
    op.drop_table("interest")
    op.drop_table("decline")
