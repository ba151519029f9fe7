"""A state stands with what it needs: sent with its moment, refused with its ground, granted until its day, sealed with its text."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PAIRS = (
    ("evidence_request", "issued_when_it_has_a_moment", "(state IN ('drafted', 'dropped')) = (issued_at IS NULL)"),
    (
        "item",
        "sent_with_a_moment",
        "state NOT IN ('submitted', 'not_held', 'refused', 'redirected', 'accepted') OR submitted_at IS NOT NULL",
    ),
    ("item", "given_up_with_a_ground", "state NOT IN ('not_held', 'refused') OR ground != ''"),
    ("item", "redirected_to_somebody", "state != 'redirected' OR redirected_to != ''"),
    ("extension", "granted_until_a_day", "(state = 'granted') = (granted_until IS NOT NULL)"),
    ("register_entry", "published_on_a_day", "state != 'published' OR published_on IS NOT NULL"),
    (
        "edition",
        "sealed_with_its_snapshot",
        "state NOT IN ('sealed', 'printed', 'released') OR (sealed_at IS NOT NULL AND snapshot IS NOT NULL)",
    ),
    ("error_report", "decided_when_it_has_a_moment", "(state = 'reported') = (decided_at IS NULL)"),
)
#: What a row lacks that an older version let through is filled from what is known beside it.
FILL = (
    "UPDATE item SET submitted_at = coalesce("
    "(SELECT max(answer.submitted_at) FROM answer WHERE answer.item_id = item.id), "
    "(SELECT issued_at FROM evidence_request WHERE evidence_request.id = item.request_id)) "
    "WHERE submitted_at IS NULL AND state IN ('submitted', 'not_held', 'refused', 'redirected', 'accepted')",
    "UPDATE extension SET granted_until = until_on WHERE state = 'granted' AND granted_until IS NULL",
    "UPDATE extension SET granted_until = NULL WHERE state != 'granted'",
)


def upgrade() -> None:
    """Forwards."""
    for statement in FILL:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        for table, name, condition in PAIRS:
            # Entered without a look at the rows, then looked at without stopping those who read or write.
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition}) NOT VALID")
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")
        return
    for table in dict.fromkeys(table for table, _, _ in PAIRS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for own, name, condition in PAIRS:
                if own == table:
                    batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), sa.text(condition))


def downgrade() -> None:
    """Back."""
    for table in dict.fromkeys(table for table, _, _ in PAIRS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for own, name, _ in PAIRS:
                if own == table:
                    batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
