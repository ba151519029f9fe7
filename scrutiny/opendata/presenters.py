"""Records as the plain values the API gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

from scrutiny import due_words
from scrutiny.agencies.models import Agency, Footprint
from scrutiny.agencies.queries import Answering
from scrutiny.agreement.status import Status
from scrutiny.areas.models import Area
from scrutiny.editions.models import Edition
from scrutiny.editions.published import Published
from scrutiny.evidence.markings import GUARDED
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.findings.access import Readable
from scrutiny.findings.models import Finding
from scrutiny.findings.presenters import marking_of
from scrutiny.findings.readiness import where
from scrutiny.legal_words import PUBLIC, sentence
from scrutiny.opendata import place_shapes as places
from scrutiny.opendata import review_shapes as shapes
from scrutiny.place_lookup.bulk_lookup import Answer
from scrutiny.recommendations import outcomes
from scrutiny.recommendations.models import Addressee
from scrutiny.requests.legal_basis import law_of, stored_basis
from scrutiny.requests.matrix import Matrix, Row
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.states import shown
from scrutiny.reviews.models import Review
from scrutiny.snapshots import statements
from scrutiny.snapshots.snapshot import FindingFacts
from workflows.due_working import Working


def iso(value: date | datetime | None) -> str | None:
    """A day or moment as text, or None."""
    return None if value is None else value.isoformat()


def area(found: Area, kinds: Sequence[str]) -> places.Area:
    """An area, as `flask areas show` gives it."""
    return places.Area(
        code=found.code,
        name=found.name,
        kind=found.kind,
        kinds=tuple(kinds),
        from_=found.from_on.isoformat(),
        to=iso(found.to_on),
        area_km2=round(found.square_metres / 1e6, 6),
        people=found.people,
        source=found.load.source,
    )


def many_row(row: Answer, agencies: Sequence[Answering]) -> places.Many:
    """One of many places, with its areas and agencies."""
    areas = {kind: tuple(codes) for kind, codes in row.codes.items()}
    return places.Many(row.cell, areas, tuple(answering(one) for one in agencies), row.fault, row.note)


def answering(one: Answering) -> places.Agency:
    """An agency with its shares, as `flask agencies answering` gives it."""
    people = None if one.share_of_people is None else round(one.share_of_people, 6)
    land = round(one.share_of_area, 6)
    return places.Agency(one.agency_id, one.code, one.name, one.kind, people, land, tuple(one.services))


def agency(one: Agency) -> places.AgencyNamed:
    """An agency by itself."""
    codes = {code.scheme: code.code for code in reversed(one.codes)}
    return places.AgencyNamed(one.id, codes.get("gss", next(iter(codes.values()), "")), one.name, one.kind)


def agency_whole(one: Agency, footprint: Sequence[tuple[Footprint, Area | None]], services: Sequence[str]) -> places.AgencyWhole:
    """Everything published about an agency."""
    return places.AgencyWhole(
        id=one.id,
        agency=one.name,
        other_names=tuple(one.names_besides),
        kind=one.kind,
        nation=one.nation,
        codes=tuple(places.Code(code.scheme, code.code) for code in one.codes),
        services=tuple(services),
        footprint=tuple(
            places.Footprint(row.area_kind, row.area_code, found.name if found else None, iso(row.from_on), iso(row.to_on))
            for row, found in footprint
        ),
    )


def review(one: Review, reported: Collection[int]) -> shapes.Review:
    """A review as anyone may know it."""
    return shapes.Review(
        reference=one.reference,
        title=one.title,
        place=one.place.slug,
        place_name=one.place.name,
        bodies=tuple(shapes.BodyPart(row.body.name, row.part) for row in one.bodies if row.to_on is None),
        state=one.state,
        announced_on=iso(one.announced_on),
        starts_on=one.starts_on.isoformat(),
        has_report=one.id in reported,
    )


def review_whole(one: Review, reported: Collection[int], *, member: bool) -> shapes.ReviewWhole:
    """A review with its phases; its scope and lines only for its bodies."""
    known = review(one, reported)
    return shapes.ReviewWhole(
        **{field.name: getattr(known, field.name) for field in fields(known)},
        method=one.edition.key,
        phases=tuple(shapes.Phase(p.key, p.title, p.starts_on.isoformat(), p.ends_on.isoformat()) for p in one.phases),
        reason=one.reason if member else None,
        in_scope=one.in_scope if member else None,
        out_of_scope=one.out_of_scope if member else None,
        lines=tuple(shapes.Line(line.key, line.title, line.text) for line in one.open_lines) if member else None,
    )


def request(one: EvidenceRequest, today: date, *, inside: bool, own: bool) -> shapes.Request:
    """What one agency was asked; how each item stands for the asker (`inside`), or as the agency itself has it (`own`)."""
    items = []
    for item in one.items:
        asked = {"drafted": one.state == "drafted", "delivered": one.delivered_on is not None}
        how = shown(item.stands, item.due_on, today, late_after=item.late_after, **asked).key
        items.append(_item(item, item.state if own else how if inside else None, told=inside or own))
    return shapes.Request(
        reference=one.reference,
        agency_id=one.agency_id,
        agency=one.agency.name,
        state=one.state,
        delivered_on=iso(one.delivered_on),
        law=tuple(law_of(one.items, PUBLIC, one.agency.name)),
        items=tuple(items),
    )


def _item(item: Item, state: str | None, *, told: bool) -> shapes.Item:
    """One question: when it is due and why, and the day in law beside it; nothing of it for those who are not told."""
    working = item.due_working if told else Working()
    return shapes.Item(
        reference=item.reference,
        line=item.question.line.title or item.question.line.key,
        question=item.question.text,
        state=state,
        due_on=iso(item.due_on) if told else None,
        due_why=item.due_why if told else None,
        first_due_on=iso(item.first_due_on) if told else None,
        statutory_due_on=iso(item.statutory_due_on) if told else None,
        late_after=iso(item.late_after) if told else None,
        statutory_why=(due_words.why(working.statutory) or None) if working.statutory else None,
        start_event=item.start_event if told else None,
        starts_on=iso(item.starts_on) if told else None,
        expectation=working.expected if told else None,
        provisional=working.provisional if told else None,
    )


def matrix(found: Matrix) -> shapes.Matrix:
    """The matrix, line by line."""
    agencies = tuple(shapes.Asked(key, name) for key, name in found.agencies)
    lines = tuple(shapes.MatrixLine(line.key, line.title, tuple(_matrix_row(row) for row in line.rows)) for line in found.lines)
    return shapes.Matrix(agencies, lines, found.totals)


def _matrix_row(row: Row) -> shapes.MatrixRow:
    """One question with its cells."""
    cells = (
        shapes.Cell(key, cell.shown.key, cell.shown.word, cell.reference, iso(cell.due_on), cell.why)
        for key, cell in row.cells.items()
    )
    return shapes.MatrixRow(row.text, tuple(cells))


def evidence(one: Lodging, files: Sequence[EvidenceFile]) -> shapes.Evidence:
    """A piece of evidence; what may only be read with a note in the trail is read on its page."""
    guarded = one.marking in GUARDED
    return shapes.Evidence(
        id=one.id,
        agency=one.evidence.agency.name,
        title=one.evidence.title,
        marking=one.marking,
        lodged_at=iso(one.lodged_at),
        digest=one.evidence.digest,
        text_=None if guarded else one.evidence.text,
        figures=None if guarded else one.evidence.figures,
        files=tuple(
            shapes.EvidenceFile(file.id, file.name, file.sha256, file.stored.size, file.marking, f"/evidence/files/{file.id}")
            for file in files
            if file.erased_at is None
        ),
    )


def finding(one: Finding, readable: Readable, status: Status | None = None) -> shapes.Finding:
    """A finding as it stands; words of evidence only where this reader may read it, and without a note in the trail."""
    return shapes.Finding(
        number=one.number,
        title=one.title,
        text_=one.text,
        judgement=one.judgement,
        state=one.state,
        lines=tuple(line.key for line in one.lines),
        citations=tuple(
            shapes.Citation(where(c), c.quotation, c.sha256)
            if readable.may_quote(c) and marking_of(c) not in GUARDED
            else shapes.Citation("", "", c.sha256)
            for c in one.citations
        ),
        agreed_by=tuple(row.body.slug for row in status.bodies if row.agrees) if status else (),
        waits_for=tuple(body.slug for body in status.missing) if status and one.state == "proposed" else (),
    )


def published_finding(finding: FindingFacts, digests: Mapping[int, str]) -> shapes.Finding:
    """A finding of a sealed snapshot."""
    return shapes.Finding(
        number=finding.number,
        title=finding.title,
        text_=finding.text,
        judgement=finding.judgement,
        state="published",
        agreed_by=(),
        waits_for=(),
        lines=tuple(finding.lines),
        citations=tuple(
            shapes.Citation(statements.where(row), row.quotation, digests.get(row.evidence, "")) for row in finding.citations
        ),
    )


def report(one: Published) -> shapes.Report:
    """A published report."""
    reference = one.report.reference
    return shapes.Report(
        reference=reference,
        kind=one.report.kind,
        title=one.title,
        place=one.report.place.slug,
        place_name=one.report.place.name,
        edition=one.edition.number,
        released_at=iso(one.edition.released_at) or "",
        sha256=one.edition.digest,
        page=f"/reports/{reference}",
        pdf=f"/reports/{reference}.pdf",
        data=f"/reports/{reference}/data.json",
    )


def withdrawn_report(edition: Edition) -> shapes.Withdrawn:
    """An edition that was published and is withdrawn: when and why, nothing of what it said."""
    return shapes.Withdrawn(
        reference=edition.report.reference,
        kind=edition.report.kind,
        place=edition.report.place.slug,
        place_name=edition.report.place.name,
        edition=edition.number,
        released_at=iso(edition.released_at) or "",
        withdrawn_at=iso(edition.recalled_at) or "",
        why=edition.recalled_why,
        sha256=edition.digest,
    )


def recommendation(one: Addressee, today: date) -> shapes.Recommendation:
    """A recommendation to one agency, and what came of it."""
    record = outcomes.record_of(one, today)
    end = outcomes.ending(record)
    replaced = end["replaced_by"] if end else None
    return shapes.Recommendation(
        review=record["review"],
        number=record["number"],
        place=record["place_slug"],
        place_name=record["place"],
        place_codes=tuple(record["place_codes"]),
        lead_body=record["lead"],
        agency_id=one.agency_id,
        agency=record["agency"],
        text_=record["text"],
        measure=record["measure"],
        findings=tuple(record["findings"]),
        done_by=record["done_by"],
        state=record["state"],
        outcome=outcomes.state_of(record).word,
        late=record["late"],
        answer=record["answer"] or None,
        answered_on=record["answered_on"] or None,
        response=one.response,
        duty=sentence(stored_basis(one.legal_basis), PUBLIC, one.agency.name),
        expected_on=record["expected_on"] or None,
        response_due_on=iso(one.due_on),
        response_due_why=due_words.why(one.due_working),
        progress=tuple(
            shapes.Return(row["at"], row["status"], outcomes.STATUSES[row["status"]], row["words"], row["new_date"] or None)
            for row in record["returns"]
        ),
        ended_on=outcomes.ended_on(record) or None,
        ended_why=end["words"] if end else None,
        ended_by=end["who"] if end else None,
        evidence=outcomes.seen(end) if end else None,
        replaced_by=shapes.Replaced(replaced["review"], replaced["number"]) if replaced else None,
        account=tuple(line.text for line in outcomes.account(record)),
    )
