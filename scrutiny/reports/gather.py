"""Read the records a report is made of into plain values, once, before it is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scrutiny.agencies.queries import Answering, answering, kind_label
from scrutiny.areas.maps import place_map
from scrutiny.areas.models import Place
from scrutiny.extensions import db
from scrutiny.findings import queries as findings
from scrutiny.findings.models import AccuracyCheck, Citation, Correction, Extract, Finding
from scrutiny.formats import percent
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations import service as recommending
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports import signing
from scrutiny.reports.models import Dissent
from scrutiny.requests import queries as requests
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of

TONES = ("one", "two", "three", "four")


def review_values(review: Review, *, summary: str, on: date) -> dict[str, Any]:
    """Everything the report of a review says, as plain values; only what may be public by the sealing's own check."""
    method = method_of(review.edition)
    asked = requests.requests_of(review)
    covering = answering([area.id for area in review.place.areas], review.place_on)
    return {
        "title": review.title,
        "summary": summary,
        "place": place_values(review.place, review.place_on),
        "method": {
            "title": method.title,
            "version": method.version,
            "digest": method.digest,
            "basis": [basis.source for basis in method.basis],
            "sign_off": signing.RULES[method.sign_off.rule],
        },
        "bodies": [{"name": row.body.name, "part": row.part} for row in review.bodies if row.to_on is None],
        "dates": {"started": review.starts_on.isoformat(), "sealed": on.isoformat()},
        "scope": {"reason": review.reason, "in": review.in_scope, "out": review.out_of_scope},
        "lines": [{"key": line.key, "text": line.text} for line in review.lines if not line.dropped_why],
        "agencies": [_agency(request, covering, number) for number, request in enumerate(asked, 1) if request.is_asked],
        "findings": [_finding(finding, review) for finding in findings.of_review(review.id) if finding.state == "settled"],
        "recommendations": [
            _recommendation(row, review, on) for row in recommendations.of_review(review.id) if row.state in ("proposed", "made")
        ],
        "accuracy": _accuracy(review),
        "corrections": _corrections(review),
        "signatories": _signatories(review),
        "dissent": _dissent(review),
        "signed_digest": signing.today_digest(review),
        "map": map_values(review.place, covering),
        "attribution": attribution(review.place),
    }


def place_values(place: Place, on: date) -> dict[str, Any]:
    """Name, codes, people and land of a place on a day."""
    counted = [area.people for area in place.areas]
    return {
        "name": place.name,
        "slug": place.slug,
        "codes": [area.code for area in place.areas],
        "on": on.isoformat(),
        "people": sum(n for n in counted if n is not None) if any(n is not None for n in counted) else None,
        "people_from": next((area.people_from for area in place.areas if area.people_from), ""),
        "square_metres": round(sum(area.square_metres for area in place.areas)),
    }


def map_values(place: Place, covering: list[Answering]) -> dict[str, Any]:
    """The outline of the place, and the parts of it that agencies which cover only some of it answer for."""
    split = [one for one in covering if one.share_of_area < 0.9995][:8]
    drawn = place_map([area.id for area in place.areas], {str(o.agency_id): [a.area_id for a in o.areas] for o in split})
    rings = {part.key: part for part in drawn.parts}
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in split:
        part = rings.get(str(one.agency_id))
        if part is None:
            continue
        group = groups.setdefault(one.kind_label, [])
        group.append(
            {
                "name": one.name,
                "tone": TONES[len(group) % len(TONES)],
                "people": percent(one.share_of_people),
                "land": percent(one.share_of_area),
                "rings": part.rings,
                "label_at": part.label_at,
            }
        )
    return {"outline": drawn.outline, "groups": [{"kind": kind, "parts": parts} for kind, parts in groups.items()]}


def attribution(place: Place) -> list[str]:
    """Where the boundaries and counts come from, as their owners ask to be named."""
    sources = {area.load.source for area in place.areas if area.load.source}
    return sorted(sources | {area.people_from for area in place.areas if area.people_from})


def _agency(request: EvidenceRequest, covering: list[Answering], order: int) -> dict[str, Any]:
    """What one agency was asked and what came of it, in numbers."""
    share = next((one for one in covering if one.agency_id == request.agency_id), None)
    states = [item.state for item in request.items if item.state != "withdrawn"]
    return {
        "order": order,
        "name": request.agency.name,
        "kind": kind_label(request.agency.kind),
        "people": percent(share.share_of_people) if share else "outside its footprint",
        "land": percent(share.share_of_area) if share else "outside its footprint",
        "asked": len(states),
        "answered": sum(s in ("submitted", "accepted") for s in states),
        "not_held": states.count("not_held") + states.count("redirected"),
        "refused": states.count("refused"),
        "outstanding": sum(s in requests.OPEN or s == "with_certifier" for s in set(states) for _ in range(states.count(s))),
    }


def _finding(finding: Finding, review: Review) -> dict[str, Any]:
    """A finding with its citations and the evidence they rest on."""
    labels = {option.key: option.label for option in method_of(review.edition).judgement.options}
    return {
        "number": finding.number,
        "title": finding.title,
        "text": finding.text,
        "judgement": labels.get(finding.judgement, finding.judgement),
        "lines": [line.key for line in finding.lines],
        "citations": [_citation(citation) for citation in finding.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    """A citation: evidence marked open with its words; any other with nothing but the agreed public summary."""
    lodging, file = citation.lodging, citation.file
    is_open = lodging.marking == "open" and (file is None or file.marking == "open")
    where = f"page {citation.page}" if citation.page else f"cell {citation.cell}" if citation.cell else "written answer"
    return {
        "lodging": lodging.id,
        "sha256": citation.sha256,
        "where": where,
        "quotation": citation.quotation if is_open else "",
        "evidence": {
            "agency": lodging.evidence.agency.name,
            "title": lodging.evidence.title if is_open else "Evidence not published",
            "file": file.name if file is not None and is_open else "",
            "marking": lodging.marking,
            "lodged_on": lodging.lodged_at.date().isoformat() if lodging.lodged_at else "",
            "summary": "" if is_open else lodging.public_summary,
        },
    }


def _recommendation(row: Recommendation, review: Review, on: date) -> dict[str, Any]:
    """A recommendation, and what the law asks of the agency it names."""
    return {
        "number": row.number,
        "text": row.text,
        "measure": row.measure,
        "done_by": row.done_by.isoformat(),
        "findings": [finding.number for finding in row.findings],
        "agencies": [
            {"name": a.agency.name, "legal_basis": recommending.basis_of_response(review, a.agency, on).stripped().to_plain()}
            for a in row.addressees
        ],
    }


def _accuracy(review: Review) -> list[dict[str, Any]]:
    """Which agencies were shown their extracts of the draft findings, and whether they said that they had finished."""
    rows = select(AccuracyCheck).where(AccuracyCheck.review_id == review.id).options(joinedload(AccuracyCheck.agency))
    return [
        {"agency": row.agency.name, "sent_on": row.sent_at.date().isoformat(), "finished": row.answered_at is not None}
        for row in db.session.scalars(rows.order_by(AccuracyCheck.id))
    ]


def _corrections(review: Review) -> list[dict[str, Any]]:
    """What agencies said was wrong in the accuracy check, and what was decided: their right of reply."""
    rows = (
        select(Correction)
        .join(Correction.extract)
        .join(Extract.check)
        .where(AccuracyCheck.review_id == review.id)
        .options(
            joinedload(Correction.extract).joinedload(Extract.check).joinedload(AccuracyCheck.agency),
            joinedload(Correction.extract).joinedload(Extract.finding),
        )
        .order_by(Correction.id)
    )
    decided = {"made": "Corrected", "made_in_part": "Corrected in part", "not_made": "Left as it was"}
    return [
        {
            "agency": row.extract.check.agency.name,
            "finding": row.extract.finding.number,
            "said": row.correction,
            "decided": decided[row.state],
            "why": row.decision,
        }
        for row in db.session.scalars(rows)
        if row.state in decided and row.extract.finding.state == "settled"
    ]


def _signatories(review: Review) -> list[dict[str, Any]]:
    """Who signed, for whom, when, and how a committee voted."""
    return [
        {
            "body": row.body.name,
            "name": row.signature.name,
            "office": row.signature.office,
            "on": row.signature.signed_at.date().isoformat(),
            "votes": None
            if row.signature.votes_for is None
            else [row.signature.votes_for, row.signature.votes_against, row.signature.abstained],
            "meeting": row.signature.meeting_on.isoformat() if row.signature.meeting_on else "",
            "paper": bool(row.signature.paper_sha256),
        }
        for row in signing.wanted(review)
        if row.signature is not None
    ]


def _dissent(review: Review) -> list[dict[str, Any]]:
    """Disagreement, in the words it was written in."""
    rows = (
        select(Dissent)
        .where(Dissent.review_id == review.id, Dissent.taken_back_at.is_(None))
        .options(joinedload(Dissent.body), joinedload(Dissent.finding))
        .order_by(Dissent.id)
    )
    return [
        {"name": row.name, "body": row.body.name, "finding": row.finding.number if row.finding else None, "text": row.text}
        for row in db.session.scalars(rows)
    ]
