"""What is marked personal opens to the people named for the review, and to nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

#: A review under way that asks for such material or holds it: its agencies were told that inspectors of the lead body see it.
CONCERNED = """
review.state IN ('planned', 'opened', 'reported') AND (
    EXISTS (SELECT 1 FROM question WHERE question.review_id = review.id AND question.marking = 'personal')
    OR EXISTS (SELECT 1 FROM lodging WHERE lodging.review_id = review.id AND (lodging.marking = 'personal' OR EXISTS (
        SELECT 1 FROM evidence_file WHERE evidence_file.evidence_id = lodging.evidence_id AND evidence_file.marking = 'personal')))
)
"""
HOLDS = "({0}.from_on IS NULL OR {0}.from_on <= CURRENT_DATE) AND ({0}.to_on IS NULL OR {0}.to_on >= CURRENT_DATE)"


def upgrade() -> None:
    """Forwards. Nobody is named but the lead inspectors of the lead body; grants of what is personal end."""
    op.create_table(
        "named_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.String(length=40), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_named_reader_body_id_body")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_named_reader_person_id_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_named_reader_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_reader")),
    )
    with op.batch_alter_table("named_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_named_reader_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_named_reader_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_named_reader_open",
            ["review_id", "person_id", "body_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.execute(
        "INSERT INTO named_reader (review_id, person_id, body_id, named_by, named_at, ended_by) "
        "SELECT DISTINCT review.id, lead.person_id, lead.body_id, '', CURRENT_TIMESTAMP, '' FROM review "
        "JOIN review_body ON review_body.review_id = review.id AND review_body.part = 'lead' AND review_body.to_on IS NULL "
        "JOIN body_membership AS lead ON lead.body_id = review_body.body_id AND lead.role = 'lead-inspector' "
        f"JOIN person ON person.id = lead.person_id AND person.active AND {HOLDS.format('lead')} WHERE {CONCERNED}"
    )
    op.execute(
        "UPDATE lodging_grant SET ended_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL "
        "AND lodging_id IN (SELECT id FROM lodging WHERE marking = 'personal')"
    )


def downgrade() -> None:
    """Backwards. Who was named is lost, and the grants that ended stay ended."""
    op.drop_table("named_reader")
