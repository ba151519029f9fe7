"""Legal bases as values: of requests, items and responses; what a review is about, where the law depends on it.

Columns are added and dropped as they stand, for rows of other tables point to these: SQLite cannot make the tables anew.
A basis is read and written here in its first form, spelt out as it was on that day, whatever form today's code keeps.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Powers over one subject that were claimed of reports on any: the method they belong to.
ONLY_IN = {"crime_response": "crime-and-disorder", "jar_statement": "jtai"}
#: How sure it was said to be of a law, by its key; and the key, by the first word of a sentence that said so.
CONFIDENCE = {
    "verified": "seen in a public text",
    "forerunner": "seen in the text of the section it replaced",
    "general knowledge": "from general knowledge; check it before relying on it",
    "doubtful": "doubtful: its text was not found, so do not rely on it unchecked",
}
CONFIDENCE_OF = {"seen": "verified", "from": "general knowledge", "doubtful": "doubtful"}
SUBJECTS = {
    "crime and disorder": "crime",
    "health and care": "health",
    "flood risk": "flood",
    "a joint area inspection": "joint-area",
}
CLOCKS = (
    (r"within two months beginning with the day of receipt", "months_beginning_with:2"),
    (r"within (\d+) months beginning with the day of receipt", "months_beginning_with:{}"),
    (r"within (\d+) working days", "working_after:{}"),
    (r"within (\d+) clear days", "clear_after:{}"),
    (r"within (\d+) days", "calendar_after:{}"),
    (r"by working day (\d+)", "working_day_number:{}"),
    (r"(\d+) clear days before the meeting", "clear_before:{}"),
    (r"by the date written in the request", "stated_date"),
    (r"on reasonable notice", "reasonable:10"),
    (r"though no period is set", "none"),
)
#: A duty with none of its values; and a basis with none.
CLAUSE: dict[str, Any] = {
    **dict.fromkeys(("key", "duty", "title", "covers", "clock", "event", "condition", "source", "cited", "notice"), ""),
    **dict.fromkeys(("confidence", "limits", "exemptions", "silence", "clarification"), ""),
    "subject": None,
    "nations": [],
    "valid_from": None,
    "valid_to": None,
}
BASIS: dict[str, Any] = {
    "version": 1,
    "asked": "supply",
    "subject": None,
    "chief": None,
    "unsettled": False,
    "beside": [],
    "lines": [],
    "cautions": [],
}


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
        words = _words(basis["chief"]) if basis and basis["chief"] else "may reply, but no law requires it" if basis else ""
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
            _store("item", row.id, BASIS | {"asked": "attend", "chief": clause if words["binds"] else None})
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
            _store("addressee", row.id, BASIS | {"asked": "reply", "chief": chief, "unsettled": wrong})
        if ONLY_IN.get(row.power_key, row.method) != row.method:
            op.get_bind().execute(sa.text("UPDATE addressee SET power_key = '' WHERE id = :id"), {"id": row.id})


def _rows(query: str) -> list[Any]:
    """The rows of a query, read before any is written."""
    return list(op.get_bind().execute(sa.text(query)))


def _store(table: str, key: int, basis: Mapping[str, Any] | None) -> None:
    """Keep a basis in plain values."""
    if basis is not None:
        _write(table, "legal_basis", key, basis)


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


def _duty(basis: Mapping[str, Any]) -> str:
    """The duty of a basis in one word."""
    return str(basis["chief"]["duty"]) if basis["chief"] else "invite"


def _attend(basis: Mapping[str, Any]) -> dict[str, Any]:
    """What the law says of attending, as it was kept beside the dates."""
    clause = basis["chief"] if _duty(basis) == basis["asked"] else None
    return {
        "words": _words(clause) if clause else "may be invited only",
        "law": clause["source"] if clause else "no power to require attendance is known here",
        "how_sure": CONFIDENCE.get(clause["confidence"], "") if clause else "",
        "binds": clause is not None,
        "silence": clause["silence"] if clause else "",
    }


def _old(basis: Mapping[str, Any]) -> dict[str, Any]:
    """A basis as it was kept before: in words."""
    chief = basis["chief"] or {}
    return {
        "duty": _duty(basis),
        "words": _words(chief) if chief else "may be invited only",
        "binds": _duty(basis) == basis["asked"],
        "law": chief.get("source") or "no power is known here",
        "power": chief.get("key", ""),
        "confidence": chief.get("confidence", ""),
        "how_sure": CONFIDENCE.get(chief.get("confidence", ""), ""),
        **{key: chief.get(key, "") for key in ("title", "limits", "exemptions", "silence")},
        "bound": [],
        "lines": [],
        "warnings": [],
    }


def read_basis(plain: Mapping[str, Any]) -> dict[str, Any] | None:
    """A stored basis in its first form, whether kept so or in words; None where nothing was stored."""
    if not plain:
        return None
    return BASIS | dict(plain) if "version" in plain else _of_words(plain)


def old_duty(words: str, key: str, law: str = "", how_sure: str = "") -> dict[str, Any]:
    """A duty that was stored in words, as the values it was made of: 'must supply copies, within 10 clear days'."""
    duty, rest = _duty_of(words)
    clock, found = "none", ""
    for pattern, text in CLOCKS:
        if match := re.search(rf",? ?{pattern},?", rest):
            clock, found = text.format(*match.groups()), match.group(0)
            break
    covers, _, condition = rest.replace(found, "|" if duty in ("supply", "reply") else "", 1).partition("|")
    return CLAUSE | {
        "key": key,
        "duty": duty,
        "covers": _who(covers.strip(" ,")) if duty == "attend" else covers.strip(" ,"),
        "clock": clock,
        "condition": condition.strip(" ,"),
        "source": law,
        "cited": law,
        "confidence": CONFIDENCE_OF.get(re.split(r"[ :;]", how_sure)[0], ""),
    }


def _who(covers: str) -> str:
    """Who must attend, of words such as 'by a member or employee, to answer questions'."""
    match = re.search(r"\bby ([^,]+)", covers)
    return match.group(1) if match else "somebody"


def _duty_of(words: str) -> tuple[str, str]:
    """The duty a sentence began with, and the rest of it."""
    if words.startswith("must have regard"):
        return "regard", ""
    match = re.match(r"(?:must|may have to) (supply|attend|reply)\b ?(.*)", words)
    return (match.group(1), match.group(2)) if match else ("invite", "")


def _of_words(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A basis that was stored in words."""
    chief = None
    if plain.get("power"):
        chief = old_duty(plain.get("words", ""), plain["power"], plain.get("law", ""), plain.get("how_sure", "")) | _texts(plain)
    bound = plain.get("bound", ())
    beside = [
        old_duty(row["sentence"], "", row["law"], row["how_sure"]) | {"subject": SUBJECTS.get(row["subject"])} for row in bound
    ]
    return BASIS | {
        "chief": chief if chief is None or chief["duty"] != "regard" else None,
        "unsettled": bool(beside),
        "beside": beside,
        "lines": [_line(row) for row in plain.get("lines", ())],
        "cautions": [{"reason": "kept", "values": {"text": text}} for text in plain.get("warnings", ())],
    }


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """One duty of the list an officer saw."""
    clause = old_duty(row["words"], "", row["law"], row.get("how_sure", "")) | _texts(row)
    return clause | {"duty": row.get("duty", clause["duty"]), "subject": SUBJECTS.get(row.get("only_on", ""))}


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that were kept as they are."""
    return {key: row.get(key) or "" for key in ("title", "limits", "exemptions", "silence")}
