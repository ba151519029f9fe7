"""Challenges of the public, with their answers and supporters."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forwards."""
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("should_be", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_by", sa.Date(), nullable=True),
        sa.Column("moderated_by", sa.String(length=40), nullable=False),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_working", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing", sa.String(length=200), nullable=False),
        sa.Column("addresses_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('figure', 'row', 'finding', 'recommendation', 'service', 'area')", name=op.f("ck_challenge_known_kind")
        ),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'waiting', 'published', 'answered', 'refused', 'merged')",
            name=op.f("ck_challenge_known_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'answered') OR reference IS NOT NULL",
            name=op.f("ck_challenge_published_with_a_reference"),
        ),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name=op.f("fk_challenge_addressee_id_addressee")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_challenge_agency_id_agency")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_challenge_alert_id_alert"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_challenge_body_id_body")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["challenge.id"], name=op.f("fk_challenge_merged_into_id_challenge")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_challenge_review_id_review")),
        sa.ForeignKeyConstraint(["source_id"], ["ledger_source.id"], name=op.f("fk_challenge_source_id_ledger_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_challenge_confirm_hash")),
        sa.UniqueConstraint("reference", name=op.f("uq_challenge_reference")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_addressee_id"), ["addressee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_subject"), ["subject"], unique=False)

    op.create_table(
        "challenge_original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_by", sa.String(length=40), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_original_challenge_id_challenge"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_original")),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_challenge_original_challenge_id")),
    )
    op.create_table(
        "challenge_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('corrected', 'agreed', 'partly', 'not_agreed')", name=op.f("ck_challenge_answer_known_outcome")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_challenge_answer_agency_id_agency")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_challenge_answer_body_id_body")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_answer_challenge_id_challenge"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_challenge_answer_edition_id_edition")),
        sa.ForeignKeyConstraint(["source_id"], ["ledger_source.id"], name=op.f("fk_challenge_answer_source_id_ledger_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_answer")),
    )
    with op.batch_alter_table("challenge_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_answer_challenge_id"), ["challenge_id"], unique=False)

    op.create_table(
        "challenge_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_change_challenge_id_challenge"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_change")),
    )
    with op.batch_alter_table("challenge_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_change_challenge_id"), ["challenge_id"], unique=False)

    op.create_table(
        "challenge_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_challenge_support_alert_id_alert"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_support_challenge_id_challenge"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_support")),
        sa.UniqueConstraint("challenge_id", "digest", name=op.f("uq_challenge_support_challenge_id_digest")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_challenge_support_confirm_hash")),
    )
    with op.batch_alter_table("challenge_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_support_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_support_challenge_id"), ["challenge_id"], unique=False)

    op.create_table(
        "challenge_referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("exclusion", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'on_agenda', 'in_review', 'excluded', 'declined')",
            name=op.f("ck_challenge_referral_known_state"),
        ),
        sa.CheckConstraint("way IN ('supporters', 'councillor', 'officer')", name=op.f("ck_challenge_referral_known_way")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_challenge_referral_body_id_body")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_referral_challenge_id_challenge"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_challenge_referral_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_referral")),
        sa.UniqueConstraint("challenge_id", "body_id", name=op.f("uq_challenge_referral_challenge_id_body_id")),
    )
    with op.batch_alter_table("challenge_referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_referral_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_referral_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_referral_state"), ["state"], unique=False)


def downgrade() -> None:
    """Backwards. What the public challenged is lost."""
    for table in ("referral", "support", "change", "answer", "original"):
        op.drop_table(f"challenge_{table}")
    op.drop_table("challenge")
