"""Legal bases as values: of requests, items and responses; what a review is about, where the law depends on it.

Columns are added and dropped as they stand, for rows of other tables point to these: SQLite cannot make the tables anew.
"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from workflows.legal_basis import LegalBasis
from workflows.old_legal_basis import old_duty, read_basis
from workflows.power import CONFIDENCE

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Powers over one subject that were claimed of reports on any: the method they belong to.
ONLY_IN = {"crime_response": "crime-and-disorder", "jar_statement": "jtai"}


def upgrade() -> None:
    """Forwards."""
    op.execute("ALTER TABLE evidence_request RENAME COLUMN standing TO legal_basis")
    op.add_column("review", sa.Column("subject", sa.String(length=20), nullable=True))
    for table in ("item", "addressee"):
        op.add_column(table, sa.Column("legal_basis", sa.Text(), nullable=False, server_default="{}"))
    for row in _rows("SELECT id, legal_basis FROM evidence_request"):
        _store("evidence_request", row.id, read_basis(json.loads(row.legal_basis)))
    _fill_items()
    _fill_addressees()
    op.drop_column("addressee", "duty")


def downgrade() -> None:
    """Back, to words."""
    op.add_column("addressee", sa.Column("duty", sa.Text(), nullable=False, server_default=""))
    for row in _rows("SELECT id, legal_basis FROM addressee"):
        basis = read_basis(json.loads(row.legal_basis))
        words = _words(basis.chief.to_plain()) if basis and basis.chief else "may reply, but no law requires it" if basis else ""
        op.get_bind().execute(sa.text("UPDATE addressee SET duty = :words WHERE id = :id"), {"words": words, "id": row.id})
    op.drop_column("addressee", "legal_basis")
    for row in _rows("SELECT id, legal_basis, due_working FROM item"):
        working, basis = json.loads(row.due_working), read_basis(json.loads(row.legal_basis))
        if "attend" in working and basis is not None:
            working["attend"] |= _attend(basis)
            _write("item", "due_working", row.id, working)
    op.drop_column("item", "legal_basis")
    op.drop_column("review", "subject")
    for row in _rows("SELECT id, legal_basis FROM evidence_request"):
        basis = read_basis(json.loads(row.legal_basis))
        _write("evidence_request", "legal_basis", row.id, _old(basis) if basis else {})
    op.execute("ALTER TABLE evidence_request RENAME COLUMN legal_basis TO standing")


def _fill_items() -> None:
    """Give each item the basis its dates were counted under; what the law said of attending moves out of the dates."""
    for row in _rows("SELECT id, power_key, due_working FROM item"):
        working = json.loads(row.due_working)
        attend, rests = working.get("attend"), working.get("rests_on") or {}
        if attend:
            words = {key: attend.pop(key, "") for key in ("words", "law", "how_sure", "binds", "silence")}
            clause = old_duty(words["words"], rests.get("key", ""), words["law"], words["how_sure"])
            _store("item", row.id, LegalBasis("attend", None, clause if words["binds"] else None))
            _write("item", "due_working", row.id, working)


def _fill_addressees() -> None:
    """Give each response the basis that was stored in words; a duty of another subject than the method's is not kept."""
    rows = _rows(
        "SELECT a.id AS id, a.duty AS duty, a.power_key AS power_key, m.key AS method FROM addressee a"
        " JOIN recommendation r ON r.id = a.recommendation_id"
        " JOIN review_edition e ON e.id = (SELECT MAX(id) FROM review_edition WHERE review_id = r.review_id)"
        " JOIN method_edition m ON m.id = e.edition_id"
    )
    for row in rows:
        if row.duty:
            wrong = ONLY_IN.get(row.power_key, row.method) != row.method
            chief = old_duty(row.duty, row.power_key) if row.power_key and not wrong else None
            _store("addressee", row.id, LegalBasis("reply", None, chief, unsettled=wrong))
        if ONLY_IN.get(row.power_key, row.method) != row.method:
            op.get_bind().execute(sa.text("UPDATE addressee SET power_key = '' WHERE id = :id"), {"id": row.id})


def _rows(query: str) -> list[Any]:
    """The rows of a query, read before any is written."""
    return list(op.get_bind().execute(sa.text(query)))


def _store(table: str, key: int, basis: LegalBasis | None) -> None:
    """Keep a basis in plain values."""
    if basis is not None:
        _write(table, "legal_basis", key, basis.to_plain())


def _write(table: str, column: str, key: int, value: Mapping[str, Any]) -> None:
    """Keep plain values as canonical text."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    op.get_bind().execute(sa.text(f"UPDATE {table} SET {column} = :text WHERE id = :id"), {"text": text, "id": key})


def _words(clause: Mapping[str, Any]) -> str:
    """A duty in words, as it was kept."""
    if clause["duty"] == "regard":
        return "must have regard, need not reply"
    if clause["duty"] == "invite":
        return "may be invited only"
    return f"must {clause['duty']} {clause['covers']}"


def _attend(basis: LegalBasis) -> dict[str, Any]:
    """What the law says of attending, as it was kept beside the dates."""
    clause = basis.chief.to_plain() if basis.binds and basis.chief else None
    return {
        "words": _words(clause) if clause else "may be invited only",
        "law": clause["source"] if clause else "no power to require attendance is known here",
        "how_sure": CONFIDENCE.get(clause["confidence"], "") if clause else "",
        "binds": clause is not None,
        "silence": clause["silence"] if clause else "",
    }


def _old(basis: LegalBasis) -> dict[str, Any]:
    """A basis as it was kept before: in words."""
    chief = basis.chief.to_plain() if basis.chief else {}
    return {
        "duty": basis.duty,
        "words": _words(chief) if chief else "may be invited only",
        "binds": basis.binds,
        "law": basis.law or "no power is known here",
        "power": basis.power_key,
        "confidence": chief.get("confidence", ""),
        "how_sure": CONFIDENCE.get(chief.get("confidence", ""), ""),
        **{key: chief.get(key, "") for key in ("title", "limits", "exemptions", "silence")},
        "bound": [],
        "lines": [],
        "warnings": [],
    }
