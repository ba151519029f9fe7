"""How recommendations end: each outcome a state of its own, and every step of a response kept with its reason."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = (
    "awaited",
    "noted",
    "accepted",
    "partly_accepted",
    "rejected",
    "said_done",
    "done",
    "partly_done",
    "not_done",
    "not_accepted",
    "superseded",
    "no_longer_tracked",
)
BEFORE = (*STATES[:6], "closed")
#: What an agency answers, by the event of the trail that told it.
ANSWERS = {
    "recommendation_accepted": "accepted",
    "recommendation_partly_accepted": "partly_accepted",
    "recommendation_rejected": "rejected",
    "recommendation_noted": "noted",
}


def upgrade() -> None:
    """Forwards: what was closed after a rejection becomes closed as not accepted, the rest done; reasons become steps."""
    op.create_table(
        "response_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("lodging_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["addressee.id"], name=op.f("fk_response_step_addressee_id_addressee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lodging_id"], ["lodging.id"], name=op.f("fk_response_step_lodging_id_lodging")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["recommendation.id"], name=op.f("fk_response_step_replaced_by_id_recommendation")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_response_step_body_id_body")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_response_step_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_step")),
    )
    with op.batch_alter_table("response_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_step_addressee_id"), ["addressee_id"], unique=False)
    _states((*STATES, "closed"))
    connection = op.get_bind()
    for row in connection.execute(sa.text(ROWS)).mappings().all():
        _steps_of(connection, dict(row))
    _states(STATES)
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
        batch_op.drop_column("closed_why")


def downgrade() -> None:
    """Back: what ended otherwise than done or not accepted is open again, for it must not be called done and checked."""
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_why", sa.Text(), nullable=False, server_default=""))
    _states((*STATES, "closed"))
    last = "SELECT MAX(id) FROM response_step WHERE response_step.addressee_id = addressee.id AND body_id IS NOT NULL"
    op.execute(
        f"UPDATE addressee SET closed_why = COALESCE((SELECT words FROM response_step WHERE id = ({last})), '') "
        "WHERE state NOT IN ('partly_done', 'not_done', 'superseded', 'no_longer_tracked')"
    )
    op.execute(
        f"UPDATE addressee SET closed_at = (SELECT at FROM response_step WHERE id = ({last})), state = 'closed' "
        "WHERE state IN ('done', 'not_accepted')"
    )
    answer = (
        "SELECT MAX(id) FROM response_step WHERE response_step.addressee_id = addressee.id "
        "AND outcome IN ('accepted', 'partly_accepted', 'rejected', 'noted') AND agency_id IS NOT NULL"
    )
    op.execute(
        f"UPDATE addressee SET state = COALESCE((SELECT outcome FROM response_step WHERE id = ({answer})), 'awaited') "
        "WHERE state IN ('partly_done', 'not_done', 'superseded', 'no_longer_tracked')"
    )
    _states(BEFORE)
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.alter_column("closed_why", server_default=None)
    with op.batch_alter_table("response_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_step_addressee_id"))
    op.drop_table("response_step")


#: Every addressee that has answered or was looked at, with the agency that answers for it and the body in the lead.
ROWS = """
SELECT a.id, a.recommendation_id, a.state, a.response, a.responded_by, a.responded_at, a.closed_at, a.closed_why,
  (SELECT r.made_at FROM recommendation r WHERE r.id = a.recommendation_id) AS made_at,
  COALESCE((SELECT MAX(h.agency_id) FROM addressee_holder h WHERE h.addressee_id = a.id AND h.to_on IS NULL), a.agency_id)
    AS agency_id,
  (SELECT MIN(b.body_id) FROM review_body b JOIN recommendation r ON r.review_id = b.review_id
    WHERE r.id = a.recommendation_id AND b.part = 'lead' AND b.to_on IS NULL) AS body_id,
  (SELECT COUNT(*) FROM progress_return p WHERE p.addressee_id = a.id AND p.status = 'achieved') AS achieved
FROM addressee a WHERE a.responded_at IS NOT NULL OR a.closed_at IS NOT NULL OR a.closed_why <> '' ORDER BY a.id
"""


def _steps_of(connection: Any, row: dict[str, Any]) -> None:
    """The steps of one addressee: what its agency answered, and what the body decided; its state where it was closed."""
    told = sa.text(
        "SELECT event, \"by\", at FROM audit_entry WHERE about = :about AND event LIKE 'recommendation_%' ORDER BY number"
    )
    trail = connection.execute(told, {"about": f"recommendation:{row['recommendation_id']}"}).all()
    answers = [ANSWERS[entry.event] for entry in trail if entry.event in ANSWERS]
    answer = row["state"] if row["state"] in ANSWERS.values() else answers[-1] if answers else ""
    # What was rejected could only be closed; what was closed otherwise had been said to be done first.
    answer = answer or ("accepted" if row["achieved"] or row["state"] != "closed" else "rejected")
    step = {"addressee": row["id"], "agency": None, "body": None}
    if row["responded_at"] is not None:
        given = {"outcome": answer, "words": row["response"], "by": row["responded_by"], "at": row["responded_at"]}
        connection.execute(STEP, step | given | {"agency": row["agency_id"]})
    ended = "not_accepted" if answer == "rejected" else "done"
    if row["closed_why"] or row["closed_at"] is not None:
        decided = [entry for entry in trail if entry.event in ("recommendation_closed", "recommendation_reopened")]
        outcome = ended if row["state"] == "closed" else answer if answer in ("accepted", "partly_accepted") else "accepted"
        at = row["closed_at"] or (decided[-1].at if decided else row["responded_at"] or row["made_at"])
        given = {"outcome": outcome, "words": row["closed_why"], "by": decided[-1].by if decided else "operator", "at": at}
        connection.execute(STEP, step | given | {"body": row["body_id"]})
    if row["state"] == "closed":
        connection.execute(sa.text("UPDATE addressee SET state = :state WHERE id = :id"), {"state": ended, "id": row["id"]})


STEP = sa.text(
    'INSERT INTO response_step (addressee_id, outcome, words, evidence, body_id, agency_id, "by", at) '
    "VALUES (:addressee, :outcome, :words, '', :body, :agency, :by, :at)"
)


def _states(known: tuple[str, ...]) -> None:
    """Let a response stand in these states."""
    said = "', '".join(known)
    with op.batch_alter_table("addressee", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_addressee_known_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_addressee_known_state"), f"state IN ('{said}')")
