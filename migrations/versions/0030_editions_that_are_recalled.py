"""Editions withdrawn after they came out, with the reason that is published, and whether what they said is erased."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATES = "'drafted', 'scheduled', 'sealed', 'printed', 'released', 'withdrawn'"
BEFORE = (
    ("known_state", f"state IN ({STATES})"),
    ("released_when_it_has_a_moment", "(state = 'released') = (released_at IS NOT NULL)"),
)
AFTER = (
    ("known_state", f"state IN ({STATES}, 'recalled')"),
    ("released_when_it_has_a_moment", "(state IN ('released', 'recalled')) = (released_at IS NOT NULL)"),
    ("recalled_when_it_has_a_moment", "(state = 'recalled') = (recalled_at IS NOT NULL)"),
)


def upgrade() -> None:
    """Forwards."""
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("recalled_why", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.alter_column("recalled_why", server_default=None)
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    """Back: what was withdrawn after it came out is then only withdrawn, and stays out of sight."""
    op.execute("UPDATE edition SET state = 'withdrawn', released_at = NULL, recalled_at = NULL WHERE state = 'recalled'")
    _replace(AFTER, BEFORE)
    with op.batch_alter_table("edition", schema=None) as batch_op:
        for column in ("erased_at", "recalled_why", "recalled_at"):
            batch_op.drop_column(column)


def _replace(old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]) -> None:
    """Others of these constraints in place of the old ones."""
    if op.get_bind().dialect.name == "postgresql":
        for name, _ in old:
            op.execute(f"ALTER TABLE edition DROP CONSTRAINT ck_edition_{name}")
        for name, condition in new:
            # Entered without a look at the rows, then looked at without stopping those who read or write.
            op.execute(f"ALTER TABLE edition ADD CONSTRAINT ck_edition_{name} CHECK ({condition}) NOT VALID")
            op.execute(f"ALTER TABLE edition VALIDATE CONSTRAINT ck_edition_{name}")
        return
    with op.batch_alter_table("edition", schema=None) as batch_op:
        for name, _ in old:
            batch_op.drop_constraint(batch_op.f(f"ck_edition_{name}"), type_="check")
        for name, condition in new:
            batch_op.create_check_constraint(batch_op.f(f"ck_edition_{name}"), sa.text(condition))
