"""Words that are erased go from whatever was copied or quoted of them, and are named where somebody wrote them in their own name.

Every column that holds words is in one of the lists here; a test walks all of them, so that a new one is decided on as it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, Row, Table, or_, select, true, update

from scrutiny.evidence.models import Evidence, EvidenceFile, Lodging
from scrutiny.evidence.passages import Runs, quotes_within, runs_of, struck_within
from scrutiny.extensions import db
from scrutiny.unsaved.service import strike_forms

#: Copies, letters and notes between people who work on a review: what they quote goes. By table, the columns.
STRUCK: Final = {
    "accuracy_check": ("received_words", "sent_back_why"),
    "answer": ("attended_by",),
    "approval": ("before", "content", "why"),
    "decline": ("ground",),
    "evidence_request": ("dropped_why", "ended_why", "left_out"),
    "extension": ("decision", "reason"),
    "extract": ("text", "title"),
    "finding_agreement": ("comment", "source", "words"),
    "handing": ("back_why", "note"),
    "incoming_mail": ("subject", "text"),
    "item": ("ground", "returned_why"),
    "item_return": ("content", "why"),
    "letter": ("subject", "text"),
    "letter_edit": ("dear", "of_subject", "of_text", "subject", "text"),
    "lodging": ("exempt_ground", "wrong_why"),
    "lodging_grant": ("why",),
    "private_note": ("text",),
    "request_delivery": ("words",),
    "request_note": ("text",),
    "signature": ("correction_why", "signed", "voided_why"),
}
#: What somebody says in their own name, or what is published: it stays, and whoever runs the review is told where it is.
NAMED: Final = {
    "addressee": (lazy_gettext("Response"), ("received_words", "response")),
    "correction": (lazy_gettext("Correction of fact"), ("correction", "decision", "grounds", "words")),
    "dissent": (lazy_gettext("Dissent"), ("text",)),
    "error_report": (lazy_gettext("Reported error"), ("decision", "text", "where")),
    "escalation": (lazy_gettext("Reminder"), ("closing", "decision", "opening", "title")),
    "evidence": (lazy_gettext("Another answer"), ("figures", "period", "text", "title")),
    "evidence_request": (lazy_gettext("Request"), ("message",)),
    "finding": (lazy_gettext("Finding"), ("moved_why", "text", "title")),
    "interest": (lazy_gettext("Declared interest"), ("words",)),
    "line": (lazy_gettext("Line of enquiry"), ("dropped_why", "text", "title")),
    "lodging": (lazy_gettext("Public summary of an answer"), ("public_summary",)),
    "progress_return": (lazy_gettext("Progress update"), ("text",)),
    "question": (lazy_gettext("Question"), ("declined_why",)),
    "recommendation": (lazy_gettext("Recommendation"), ("measure", "text")),
    "register_entry": (lazy_gettext("Register of non-response"), ("corrected", "items", "reply", "withdrawn_why", "words")),
    "report": (lazy_gettext("Summary of the report"), ("summary",)),
    "response_step": (lazy_gettext("Step of a recommendation"), ("evidence", "words")),
    "review": (lazy_gettext("Review"), ("ended_why", "in_scope", "out_of_scope", "reason", "title")),
}
#: What is left under these keys of plain values: it is erased by its own room, which knows whose copy it quotes.
SPARED: Final = frozenset({"citations"})


@dataclass(frozen=True, slots=True)
class Words:
    """What goes: the texts, and the reviews in which they are looked for."""

    texts: tuple[str, ...]
    reviews: frozenset[int]
    own: frozenset[tuple[str, int]] = frozenset()  # the rows they stand in, by table and id, which are no other place


def words_of(evidence: Sequence[Evidence], file: EvidenceFile | None = None) -> Words:
    """The words and figures of an answer and its copies; of a file, what findings quote of it: what else it says is not read."""
    ids = frozenset(one.id for one in evidence)
    lodged = db.session.scalars(select(Lodging).where(Lodging.evidence_id.in_(ids))).all()
    if file is None:
        texts = [text for one in evidence for text in (one.text_kept, one.figures_kept, one.period)]
        texts += [one.exempt_ground for one in lodged]
    else:
        cited = db.metadata.tables["citation"]
        files = select(EvidenceFile.id).where(EvidenceFile.evidence_id.in_(ids), EvidenceFile.sha256 == file.sha256)
        texts = list(db.session.scalars(select(cited.c.quotation).where(cited.c.file_id.in_(files))))
    return Words(
        tuple(dict.fromkeys(filter(None, texts))),
        frozenset(one.review_id for one in lodged),
        frozenset(("evidence", one) for one in ids),
    )


def strike(gone: Words, instead: str) -> int:
    """Put other words in place of each passage of what goes, wherever it was copied or quoted; in how many places."""
    db.session.flush()
    runs = _runs(gone)
    if not runs:
        return 0
    count = 0
    for name, columns in STRUCK.items():
        table = db.metadata.tables[name]
        for row in _rows(table, columns, gone):
            changed = {column: struck_within(row[at], runs, instead, SPARED) for at, column in enumerate(columns, 1)}
            changed = {column: value for at, (column, value) in enumerate(changed.items(), 1) if value != row[at]}
            if changed:
                db.session.execute(update(table).where(table.c.id == row[0]).values(changed))
                count += 1
    count += strike_forms(lambda text: str(struck_within(text, runs, instead, SPARED)))
    db.session.expire_all()
    return count


def also_said(gone: Words) -> list[str]:
    """Where people say the same in their own name, which erasing leaves as it is: read it, and change it or withdraw it."""
    runs, found = _runs(gone), []
    for name, (label, columns) in NAMED.items() if runs else ():
        table = db.metadata.tables[name]
        for row in _rows(table, columns, gone):
            if (name, row[0]) not in gone.own and quotes_within(list(row[1:]), runs, SPARED):
                found.append(_called(table, str(label), row[0]))
    return list(dict.fromkeys(found))


def _called(table: Table, label: str, key: int) -> str:
    """What a place is called: by its number or title where it has one."""
    column = next((table.c[one] for one in ("number", "title") if one in table.c), None)
    said = None if column is None else db.session.scalar(select(column).where(table.c.id == key))
    return f"{label} {said}" if isinstance(said, int) else f"{label}: {said}" if said else label


def _runs(gone: Words) -> Runs:
    """The passages that are looked for: not those of the questions, which an answer may repeat."""
    asked = db.metadata.tables["question"]
    rows = _rows(asked, ("title", "text", "why"), gone)
    questions = [str(row[at]) for row in rows for at in (1, 2, 3)]
    return runs_of(gone.texts, questions)


def _rows(table: Table, columns: Iterable[str], gone: Words) -> Iterator[Row[Any]]:
    """The rows of a table that are of these reviews: the id and these columns, read as they are stored."""
    wanted = select(table.c.id, *(table.c[column] for column in columns)).where(_within(table, gone.reviews))
    yield from db.session.execute(wanted.order_by(table.c.id)).all()


def _within(table: Table, reviews: frozenset[int]) -> ColumnElement[bool]:
    """That a row is of one of these reviews: by its own column, or by what it belongs to; of all where nothing says so."""
    if table.name == "review":
        return table.c.id.in_(reviews)
    if "review_id" in table.c:
        return table.c.review_id.in_(reviews)
    if "within" in table.c:
        return or_(table.c.within == "", table.c.within.in_([f"review:{one}" for one in reviews]))
    if table.name == "evidence":
        lodging = db.metadata.tables["lodging"]
        return table.c.id.in_(select(lodging.c.evidence_id).where(lodging.c.review_id.in_(reviews)))
    for column in table.c:
        for key in column.foreign_keys:
            parent = key.column.table
            if parent is not table and not column.nullable and parent.name in WITHIN_A_REVIEW:
                return column.in_(select(key.column).where(_within(parent, reviews)))
    return true()


#: What a row may belong to that is of a review.
WITHIN_A_REVIEW: Final = (
    *("accuracy_check", "addressee", "edition", "evidence_request", "extract", "finding"),
    *("item", "lodging", "recommendation", "report", "review"),
)
