"""Each body of a joint review agrees with each finding; a finding belongs to a body. Findings that are final stay so."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KEY = "fk_finding_body_id_body"
#: The body of the review to which whoever wrote the finding belonged on the day, or if to none, ever; the lead first.
#: Nothing stays nothing.
_BODY = """
  SELECT rb.body_id FROM review_body rb JOIN body_membership bm ON bm.body_id = rb.body_id
  WHERE rb.review_id = finding.review_id AND rb.part IN ('lead', 'partner')
    AND finding.written_by = 'person:' || CAST(bm.person_id AS VARCHAR(20)) {}
  ORDER BY CASE rb.part WHEN 'lead' THEN 0 ELSE 1 END, rb.id LIMIT 1
"""
_THAT_DAY = "AND bm.from_on <= date(finding.written_at) AND (bm.to_on IS NULL OR bm.to_on >= date(finding.written_at))"
OWNER = f"UPDATE finding SET body_id = COALESCE(({_BODY.format(_THAT_DAY)}), ({_BODY.format('')}))"


def upgrade() -> None:
    """Forwards."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("finding", sa.Column("body_id", sa.Integer(), nullable=True))
        # In two steps, as the other migrations are; all of them run in one transaction, so others wait until it ends.
        op.execute(f"ALTER TABLE finding ADD CONSTRAINT {KEY} FOREIGN KEY (body_id) REFERENCES body (id) NOT VALID")
        op.execute(f"ALTER TABLE finding VALIDATE CONSTRAINT {KEY}")
    else:
        with op.batch_alter_table("finding", schema=None) as batch_op:
            batch_op.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(KEY), "body", ["body_id"], ["id"])
    op.execute(OWNER)
    op.create_table(
        "finding_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('agreed', 'commented', 'not_yet')", name=op.f("ck_finding_agreement_known_answer")),
        sa.CheckConstraint("answer = 'agreed' OR comment <> ''", name=op.f("ck_finding_agreement_commented_in_words")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_finding_agreement_body_id_body")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_agreement_finding_id_finding"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_agreement")),
    )
    with op.batch_alter_table("finding_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_agreement_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_agreement_finding_id"), ["finding_id"], unique=False)


def downgrade() -> None:
    """Backwards. What bodies said of findings is lost; whose a finding is too."""
    op.drop_table("finding_agreement")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(KEY), type_="foreignkey")
        batch_op.drop_column("body_id")
