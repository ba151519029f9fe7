"""Records as the plain values the API gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from scrutiny import due_words
from scrutiny.agencies.models import Agency, Footprint
from scrutiny.agencies.queries import Answering
from scrutiny.areas.bulk_lookup import Answer
from scrutiny.areas.models import Area
from scrutiny.due_step_words import explained
from scrutiny.evidence.markings import GUARDED
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.findings.access import Readable
from scrutiny.findings.models import Finding
from scrutiny.findings.presenters import marking_of
from scrutiny.findings.readiness import where
from scrutiny.legal_words import PUBLIC, sentence
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import statements
from scrutiny.reports.models import Edition
from scrutiny.reports.published import Published
from scrutiny.reports.snapshot import FindingFacts
from scrutiny.requests.legal_basis import law_of, stored_basis
from scrutiny.requests.matrix import Matrix
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import shown
from scrutiny.reviews.models import Review
from workflows.deadlines import Due
from workflows.due_reasons import counted
from workflows.due_working import Working
from workflows.kinds import BODY_KINDS
from workflows.method import Method


def iso(value: date | datetime | None) -> str | None:
    """A day or moment as text, or None."""
    return None if value is None else value.isoformat()


def area(found: Area, kinds: Sequence[str]) -> dict[str, Any]:
    """An area, as `flask areas show` gives it."""
    return {
        "code": found.code,
        "name": found.name,
        "kind": found.kind,
        "kinds": list(kinds),
        "from_": iso(found.from_on),
        "to": iso(found.to_on),
        "area_km2": round(found.square_metres / 1e6, 6),
        "people": found.people,
        "source": found.load.source,
    }


def many_row(row: Answer, agencies: Sequence[Answering]) -> dict[str, Any]:
    """One of many places, with its areas and agencies."""
    held = [answering(one) for one in agencies]
    return {"asked": row.cell, "areas": row.codes, "agencies": held, "fault": row.fault, "note": row.note}


def answering(one: Answering) -> dict[str, Any]:
    """An agency with its shares, as `flask agencies answering` gives it."""
    people = None if one.share_of_people is None else round(one.share_of_people, 6)
    return {
        "id": one.agency_id,
        "code": one.code,
        "agency": one.name,
        "kind": one.kind,
        "share_of_people": people,
        "share_of_area": round(one.share_of_area, 6),
        "services": list(one.services),
    }


def agency(one: Agency) -> dict[str, Any]:
    """An agency by itself."""
    codes = {code.scheme: code.code for code in reversed(one.codes)}
    return {"id": one.id, "code": codes.get("gss", next(iter(codes.values()), "")), "agency": one.name, "kind": one.kind}


def agency_whole(one: Agency, footprint: Sequence[tuple[Footprint, Area | None]], services: Sequence[str]) -> dict[str, Any]:
    """Everything published about an agency."""
    return {
        "id": one.id,
        "agency": one.name,
        "other_names": one.names_besides,
        "kind": one.kind,
        "nation": one.nation,
        "codes": [{"scheme": code.scheme, "code": code.code} for code in one.codes],
        "services": list(services),
        "footprint": [
            {
                "kind": row.area_kind,
                "code": row.area_code,
                "name": found.name if found else None,
                "from_": iso(row.from_on),
                "to": iso(row.to_on),
            }
            for row, found in footprint
        ],
    }


def review(one: Review, reported: Collection[int]) -> dict[str, Any]:
    """A review as anyone may know it."""
    return {
        "reference": one.reference,
        "title": one.title,
        "place": one.place.slug,
        "place_name": one.place.name,
        "bodies": [{"name": row.body.name, "part": row.part} for row in one.bodies if row.to_on is None],
        "state": one.state,
        "announced_on": iso(one.announced_on),
        "starts_on": iso(one.starts_on),
        "has_report": one.id in reported,
    }


def review_whole(one: Review, reported: Collection[int], *, member: bool) -> dict[str, Any]:
    """A review with its phases; its scope and lines only for its bodies."""
    lines = [{"key": line.key, "title": line.title, "text_": line.text} for line in one.open_lines]
    return review(one, reported) | {
        "method": one.edition.key,
        "phases": [{"key": p.key, "title": p.title, "from_": iso(p.starts_on), "to": iso(p.ends_on)} for p in one.phases],
        "reason": one.reason if member else None,
        "in_scope": one.in_scope if member else None,
        "out_of_scope": one.out_of_scope if member else None,
        "lines": lines if member else None,
    }


def request(one: EvidenceRequest, today: date, *, inside: bool, own: bool) -> dict[str, Any]:
    """What one agency was asked; how each item stands for the asker (`inside`), or as the agency itself has it (`own`)."""
    items = []
    for item in one.items:
        asked = {"drafted": one.state == "drafted", "delivered": one.delivered_on is not None}
        how = shown(item.stands, item.due_on, today, late_after=item.late_after, **asked).key
        items.append(
            {
                "reference": item.reference,
                "line": item.question.line.title or item.question.line.key,
                "question": item.question.text,
                "state": item.state if own else how if inside else None,
                **_dates(item, told=inside or own),
            }
        )
    return {
        "reference": one.reference,
        "agency_id": one.agency_id,
        "agency": one.agency.name,
        "state": one.state,
        "delivered_on": iso(one.delivered_on),
        "law": law_of(one.items, PUBLIC, one.agency.name),
        "items": items,
    }


def _dates(item: Item, *, told: bool) -> dict[str, Any]:
    """When an item is due and why, and the day in law beside it; nothing of it for those who are not told."""
    working = item.due_working if told else Working()
    return {
        "due_on": iso(item.due_on) if told else None,
        "due_why": item.due_why if told else None,
        "first_due_on": iso(item.first_due_on) if told else None,
        "statutory_due_on": iso(item.statutory_due_on) if told else None,
        "statutory_why": (due_words.why(working.statutory) or None) if working.statutory else None,
        "start_event": item.start_event if told else None,
        "starts_on": iso(item.starts_on) if told else None,
        "expectation": working.expected if told else None,
        "provisional": working.provisional if told else None,
    }


def matrix(found: Matrix) -> dict[str, Any]:
    """The matrix, line by line."""
    return {
        "agencies": [{"id": key, "name": name} for key, name in found.agencies],
        "totals": found.totals,
        "lines": [
            {
                "key": line.key,
                "title": line.title,
                "rows": [
                    {
                        "question": row.text,
                        "cells": [
                            {
                                "agency_id": key,
                                "state": cell.shown.key,
                                "word": cell.shown.word,
                                "reference": cell.reference,
                                "due_on": iso(cell.due_on),
                                "why": cell.why,
                            }
                            for key, cell in row.cells.items()
                        ],
                    }
                    for row in line.rows
                ],
            }
            for line in found.lines
        ],
    }


def evidence(one: Lodging, files: Sequence[EvidenceFile]) -> dict[str, Any]:
    """A piece of evidence; what may only be read with a note in the trail is read on its page."""
    guarded = one.marking in GUARDED
    return {
        "id": one.id,
        "agency": one.evidence.agency.name,
        "title": one.evidence.title,
        "marking": one.marking,
        "lodged_at": iso(one.lodged_at),
        "digest": one.evidence.digest,
        "text_": None if guarded else one.evidence.text,
        "figures": None if guarded else one.evidence.figures,
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "sha256": file.sha256,
                "size": file.stored.size,
                "marking": file.marking,
                "address": f"/evidence/files/{file.id}",
            }
            for file in files
            if file.erased_at is None
        ],
    }


def finding(one: Finding, readable: Readable) -> dict[str, Any]:
    """A finding as it stands; words of evidence only where this reader may read it, and without a note in the trail."""
    return {
        "number": one.number,
        "title": one.title,
        "text_": one.text,
        "judgement": one.judgement,
        "state": one.state,
        "lines": [line.key for line in one.lines],
        "citations": [
            {"where": where(c), "quotation": c.quotation, "sha256": c.sha256}
            if readable.may_quote(c) and marking_of(c) not in GUARDED
            else {"where": "", "quotation": "", "sha256": c.sha256}
            for c in one.citations
        ],
    }


def published_finding(finding: FindingFacts, digests: dict[int, str]) -> dict[str, Any]:
    """A finding of a sealed snapshot."""
    return {
        "number": finding.number,
        "title": finding.title,
        "text_": finding.text,
        "judgement": finding.judgement,
        "state": "published",
        "lines": list(finding.lines),
        "citations": [
            {"where": statements.where(row), "quotation": row.quotation, "sha256": digests.get(row.evidence, "")}
            for row in finding.citations
        ],
    }


def report(one: Published) -> dict[str, Any]:
    """A published report."""
    reference = one.report.reference
    return {
        "reference": reference,
        "kind": one.report.kind,
        "title": one.title,
        "place": one.report.place.slug,
        "place_name": one.report.place.name,
        "edition": one.edition.number,
        "released_at": iso(one.edition.released_at),
        "sha256": one.edition.digest,
        "page": f"/reports/{reference}",
        "pdf": f"/reports/{reference}.pdf",
        "data": f"/reports/{reference}/data.json",
    }


def withdrawn_report(edition: Edition) -> dict[str, Any]:
    """An edition that was published and is withdrawn: when and why, nothing of what it said."""
    return {
        "reference": edition.report.reference,
        "kind": edition.report.kind,
        "place": edition.report.place.slug,
        "place_name": edition.report.place.name,
        "edition": edition.number,
        "released_at": iso(edition.released_at),
        "withdrawn_at": iso(edition.recalled_at),
        "why": edition.recalled_why,
        "sha256": edition.digest,
    }


#: What the API says of a recommendation under the names the record has.
_AS_KEPT = ("review", "number", "place_codes", "agency_id", "agency", "measure", "done_by", "findings", "state", "late")


def recommendation(one: Addressee, today: date) -> dict[str, Any]:
    """A recommendation to one agency, and what came of it."""
    record = outcomes.record_of(one, today)
    end = outcomes.ending(record)
    return {
        **{key: value for key, value in record.items() if key in _AS_KEPT},
        "place": record["place_slug"],
        "place_name": record["place"],
        "lead_body": record["lead"],
        "text_": record["text"],
        "outcome": outcomes.state_of(record).word,
        "answer": record["answer"] or None,
        "answered_on": record["answered_on"] or None,
        "response": one.response,
        "duty": sentence(stored_basis(one.legal_basis), PUBLIC, one.agency.name),
        "response_due_on": iso(one.due_on),
        "response_due_why": due_words.why(one.due_working),
        "expected_on": record["expected_on"] or None,
        "progress": [
            {
                "at": row["at"],
                "status": row["status"],
                "status_words": outcomes.STATUSES[row["status"]],
                "text_": row["words"],
                "new_date": row["new_date"] or None,
            }
            for row in record["returns"]
        ],
        "ended_on": outcomes.ended_on(record) or None,
        "ended_why": end["words"] if end else None,
        "ended_by": end["who"] if end else None,
        "evidence": outcomes.seen(end) if end else None,
        "replaced_by": end["replaced_by"] if end else None,
        "account": [line.text for line in outcomes.account(record)],
    }


def method(one: Method) -> dict[str, Any]:
    """A method as a list shows it."""
    return {"key": one.key, "version": one.version, "title": one.title, "summary": one.summary, "digest": one.digest}


def method_whole(one: Method, text: str) -> dict[str, Any]:
    """A method with its lines, its standard evidence and its text."""
    return method(one) | {
        "leads": [BODY_KINDS[entry.kind] for entry in one.leads],
        "joins": [BODY_KINDS[entry.kind] for entry in one.joins],
        "lines": [{"key": line.key, "title": line.title, "text_": line.text} for line in one.lines],
        "evidence": [
            {"key": item.key, "title": item.title, "question": item.question, "line": item.line, "agencies": list(item.agencies)}
            for item in one.evidence
        ],
        "text_": _without_homework(text),
    }


def _without_homework(text: str) -> str:
    """The text of a method without comments and how sure we are of each fact: that is for officers."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(("#", "confidence")))


def due(found: Due) -> dict[str, Any]:
    """A due date with its working, as `flask deadlines explain` gives it, and why in words."""
    return {
        "due": iso(found.due),
        "clock": str(found.clock),
        "nation": found.nation,
        "sentence": due_words.sentences([counted(found)]),
        "steps": explained(found.steps()),
    }
