"""Words that are erased stand in no column afterwards, but in those listed here; a column of words that is new must be listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Boolean, Column, Date, Integer, Numeric, String, Table, Text, cast, func, insert, select, update

from scrutiny.evidence.models import Evidence, Lodging
from scrutiny.evidence.sweeping import NAMED, STRUCK
from scrutiny.extensions import Json, Kept, db
from scrutiny.posted_words import Posted
from scrutiny.transaction import writes_now
from scrutiny.unsaved import service as unsaved
from scrutiny.unsaved.models import UnsavedForm
from tests.conftest import NOW
from tests.scrutiny.reports.story import WORDS, scheduled

PLANTED = "Alys Hale of Mill Lane was moved to Fenmere by night"
WHY = "A child could be recognised"
#: Columns that an erasure of words leaves alone, by table, and why.
LEFT = {
    "edition": "sealed: named to whoever erases, and erased by itself when it is withdrawn",
    "audit_entry": "digests of what was said, and keys",
    "unsaved_form": "sealed with a key; forms of people are struck by their own room",
    "statement": "kept words of law and method, the same for everybody",
    **dict.fromkeys(("method_edition", "method_text", "rule_edition", "holiday_list"), "texts of rules"),
    **dict.fromkeys(("letterhead", "body", "agency", "person", "agency_service", "agency_code"), "who and where somebody is"),
    **dict.fromkeys(("area", "area_lineage", "area_load", "area_note", "place", "footprint", "postcode"), "the map"),
    **dict.fromkeys(("access_key", "alert", "passkey", "sign_in_link", "sign_in_session"), "ways in"),
    **dict.fromkeys(("instance_fact", "job_run", "backup_made", "posting", "audit_head", "stored_file"), "the machine's own"),
    **dict.fromkeys(("ledger_source", "ledger_cell", "ledger_skipped", "service_mapping"), "figures of public money"),
    "progress": "what a machine works on, kept for a day",
    **dict.fromkeys(("reorganisation", "review_draft", "review_invitation"), "before there is a review, or of none"),
    **dict.fromkeys(("review_plan", "plan_override", "gap_entry"), "before there is a review, or of none"),
    **dict.fromkeys(
        ("challenge", "challenge_answer", "challenge_support", "challenge_original", "challenge_referral", "challenge_change"),
        "words of the public about what is published, erased by their own room",
    ),
}
#: The same of single columns.
LEFT_COLUMNS = {
    "citation": "erased by the room of findings, which knows whose copy it quotes",
    "evidence": "the words themselves, and the reason",
    "evidence_file": "its own name is erased with it, and the reason stays",
    "extract.quotations": "as citations",
    "question": "what is asked: an answer may repeat it",
    "letter_edit.reference": "which letter it is",
    **dict.fromkeys(("meeting.place", "meeting.whom"), "where and with whom"),
    "incoming_mail": "addresses, names of attachments and what went wrong",
    "letter": "addresses and what tells letters apart",
    "approval.facts": "the review, a number and a name",
    "progress_return.erased_why": "the reason",
    "response_step.erased_why": "the reason",
    **dict.fromkeys(
        ("letter_attachment", "edition_file", "method", "start_event", "accuracy_waiver"), "names of files and offices"
    ),
    **dict.fromkeys(
        ("acknowledgement", "interest", "dissent", "signature", "finding_agreement", "request_contact"), "names of people"
    ),
    **dict.fromkeys(("review", "evidence_request", "addressee", "item", "answer", "decline"), "names, and the law as it stood"),
    **dict.fromkeys(("finding", "line", "escalation", "error_report", "register_entry"), "keys and addresses"),
    "spend_profile": "names of columns, and of the profile itself",
    **dict.fromkeys(("calendar_load", "calendar_entry"), "names of files, polls and holidays, which are public"),
    "audit_seal": "which rows a deed wrote, and their digests",
    **dict.fromkeys(("publication_notice", "accuracy_check", "phase", "request_delivery"), "days and the service's own words"),
}


def is_of_words(column: Column[Any]) -> bool:
    """Whether a person's words can stand in a column: texts, plain values, and lines of more than sixty letters."""
    kind = column.type
    length = getattr(kind, "length", None)
    return isinstance(kind, Json | Kept | Text) or (isinstance(kind, String) and (length is None or length > 64))


def test_every_column_of_words_is_decided_on() -> None:
    decided = {f"{table}.{column}" for table, columns in STRUCK.items() for column in columns}
    decided |= {f"{table}.{column}" for table, (_, columns) in NAMED.items() for column in columns}
    held = {
        f"{table.name}.{column.key}" for table in db.metadata.sorted_tables for column in table.columns if is_of_words(column)
    }
    assert decided <= {f"{table.name}.{column.key}" for table in db.metadata.sorted_tables for column in table.columns}
    left = {one for one in held - decided if one.partition(".")[0] not in LEFT}
    assert {one for one in left if one not in LEFT_COLUMNS and one.partition(".")[0] not in LEFT_COLUMNS} == set()


#: What letters about the erasing itself repeat, as it is named and stays.
IN_NEW_LETTERS = {("review", "title")}
#: What the database asks of rows, besides that nothing is empty.
ASKED = {
    "approval": {"state": "waiting"},
    "decline": {"kind": "refused"},
    "extension": {"state": "asked"},
    "finding_agreement": {"answer": "not_yet"},
    "incoming_mail": {"kind": "reply"},
    "item_return": {"kind": "returned"},
    "letter_edit": {"state": "used"},
    "request_delivery": {"state": "waiting"},
}


def value_of(column: Column[Any], within: str) -> Any:
    """Something that a column takes."""
    if column.foreign_keys:
        return db.session.scalar(select(func.min(next(iter(column.foreign_keys)).column)))
    if column.name == "within":
        return within
    kinds: dict[type, Any] = {Json: {}, Boolean: False, Integer: 1, Date: date(2026, 3, 2), Numeric: 1, String: "x"}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), datetime(2026, 3, 2, tzinfo=UTC))


def has_a_row(table: Table, within: str) -> None:
    """Make a row of a table that has none, with whatever the database takes."""
    if db.session.scalar(select(func.count()).select_from(table)):
        return
    values = {
        one.name: value_of(one, within) for one in table.columns if one.name != "id" and not (one.nullable and one.foreign_keys)
    }
    nothing = {one.name: None for one in table.columns if one.nullable}
    db.session.execute(insert(table).values(values | nothing | ASKED.get(table.name, {})))


def planted_in(column: Column[Any]) -> Any:
    """A column's value with the words in it."""
    said = f"He told us: “{PLANTED.upper()}”, and more"
    return {"a": [{"b": said}], "citations": []} if isinstance(column.type, Json) else said


@pytest.fixture
def everywhere(app: Flask, cast: SimpleNamespace) -> SimpleNamespace:
    """An answer, and its words in every column that an erasure reaches, and in every one that it names."""
    with app.app_context():
        report = scheduled(cast).report.reference
        with writes_now():
            lodging = db.session.scalars(select(Lodging).join(Evidence).where(Evidence.text_kept == WORDS)).one()
            evidence = lodging.evidence_id
            within = f"review:{lodging.review_id}"
            made = SimpleNamespace(lodging=lodging.id, evidence=evidence, report=report)
            lodging.evidence.text = f"Two things are so. {PLANTED}. That is all."
            db.session.flush()
            for name, columns in [*STRUCK.items(), *((one, columns) for one, (_, columns) in NAMED.items())]:
                table = db.metadata.tables[name]
                if name in STRUCK:
                    has_a_row(table, within)
                changed = {
                    one: planted_in(table.c[one]) for one in columns if (name, one) != ("review", "title")
                }  # in new letters
                rows = update(table) if name != "evidence" else update(table).where(table.c.id == -1)
                db.session.execute(rows.values(changed))
            with app.test_request_context():
                typed = Posted((("text", f"I say {PLANTED}"),), ())
                unsaved.keep(typed, person=cast.officer, address="/one", page="/one", refused=True, at=NOW)
            db.session.expire_all()
        db.session.remove()
    return made


def standing() -> set[str]:
    """Every column in which the words stand, in whatever letters."""
    found = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if db.session.scalar(
                select(func.count()).select_from(table).where(func.lower(cast(column, Text)).contains("mill lane was moved"))
            ):
                found.add(f"{table.name}.{column.key}")
    return found


def test_erased_words_are_struck_from_every_copy_and_named_in_every_text_of_somebody(
    app: Flask, everywhere: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    struck = {f"{table}.{column}" for table, columns in STRUCK.items() for column in columns}
    named = {f"{table}.{column}" for table, (_, columns) in NAMED.items() for column in columns}
    with app.app_context():
        before = standing()
        assert struck <= before, struck - before
    page = signed_in("officer").get(f"/evidence/{everywhere.lodging}/erase").text
    for said in ("Finding 1", "Recommendation 1", "Summary of the report", "Line of enquiry", "Review:"):
        assert said in page, said
    assert "Finding 1" not in signed_in("fire_responder").get(f"/evidence/{everywhere.lodging}/erase").text, "it may be a draft"
    command = ["evidence", "erase", str(everywhere.lodging), "--why", WHY, "--json"]
    said = app.test_cli_runner().invoke(args=command)
    assert said.exit_code == 0, said.output
    assert "Finding 1" in json.dumps(json.loads(said.output)["also_said_in"])
    with app.app_context():
        left = standing()
        assert left <= named, left - named
        form = db.session.scalars(select(UnsavedForm)).one()
        assert dict(unsaved.open_form(form).fields)["text"] == "I say (erased)"
