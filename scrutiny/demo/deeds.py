"""Deeds the stories share, each through the service of its room: asking, answering, finding, recommending."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from scrutiny.answering import service as answering
from scrutiny.approving import queries as approvals
from scrutiny.approving import service as approving
from scrutiny.areas.models import Place
from scrutiny.asking import service as requests
from scrutiny.asking.service import ByHand
from scrutiny.demo.answers import typed_for
from scrutiny.demo.editions import rules_of
from scrutiny.demo.papers import Paper, printed, tables_of
from scrutiny.demo.storytelling import Loamshire, Story
from scrutiny.editions.models import Report
from scrutiny.evidence import naming
from scrutiny.evidence.models import EvidenceFile, Lodging
from scrutiny.evidence.queries import may_hold_personal
from scrutiny.findings import citing
from scrutiny.findings import queries as finding_queries
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import approvals as responses
from scrutiny.recommendations import service as recommendations
from scrutiny.recommendations.approvals import Progress
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports import readiness
from scrutiny.reports import service as reports
from scrutiny.requests import interests
from scrutiny.requests.models import EvidenceRequest, Item
from scrutiny.requests.queries import requests_of
from scrutiny.reviews import service as reviews
from scrutiny.reviews.models import Line, Review
from scrutiny.stored_files.intake import receive
from workflows.roles import Actor

#: Who answers for an agency, and who certifies; the others have nobody here and answer by post.
ANSWERERS: dict[str, tuple[str, str | None]] = {
    "county": ("priya", "helen"),
    "police": ("rhys", "dee"),
    "city": ("tomasz", None),
    "west-icb": ("wendy", None),
    "east-icb": ("sam", None),
    "trust": ("grace", None),
    "fire": ("finn", None),
    "housing": ("marsha", None),
}
Sent = tuple[str, bytes]


def opened(
    county: Loamshire,
    *,
    title: str,
    place: Place,
    lead: str,
    officer: str,
    at: datetime,
    reason: str,
    in_scope: str,
    out_of_scope: str = "",
    partners: Sequence[str] = (),
    method: str = "council-task-and-finish",
    subject: str | None = None,
) -> Review:
    """A review opened and announced on its first day, by the edition of its method that was in force then.

    Its officer names themselves where it may hold what only people named may open.
    """
    on, by = london_day(at), county.by(officer, lead)
    with rules_of(on, method):
        review = reviews.open_review(
            title=title,
            place=place,
            place_on=on,
            method_key=method,
            subject=subject,
            lead=county.body(lead),
            partners=[county.body(key) for key in partners],
            starts_on=on,
            announced_on=on,
            reason=reason,
            in_scope=in_scope,
            out_of_scope=out_of_scope,
            by=by,
            at=at,
        )
    if may_hold_personal(review):
        naming.name_reader(review, county.person(officer), county.body(lead), by=by, at=at)
    return review


def asked(county: Loamshire, review: Review, officer: str, lead: str, at: datetime) -> None:
    """Every agency that answers for the place is asked the method's standard items, in one go."""
    by = county.by(officer, lead)
    requests.issue_requests(review, requests.draft_requests(review, by=by, at=at), by=by, at=at)


def request_to(county: Loamshire, review: Review, agency: str) -> EvidenceRequest:
    """The issued request to an agency."""
    return next(one for one in requests_of(review, "issued", "closed") if one.agency_id == county.agencies[agency])


def item_of(county: Loamshire, review: Review, agency: str, key: str) -> Item:
    """The item of a standard key put to an agency."""
    return next(item for item in request_to(county, review, agency).items if item.question.standard_key == key)


def kept(county: Loamshire, item: Item, agency: str, at: datetime, *, who: str = "", files: Sequence[Sent] = ()) -> None:
    """An answer written and saved, with its files, not sent."""
    by = county.by(who or ANSWERERS[agency][0], agency)
    answering.keep_answer(item, typed_for(item), by=by, at=at)
    for name, content in files:
        answering.keep_file(item, receive(name, content), by=by, at=at)


def sent(county: Loamshire, items: Sequence[Item], agency: str, at: datetime, *, hours: float | None = None) -> None:
    """Saved answers sent to the asker, by way of the certifier where the agency has one."""
    responder, certifier = ANSWERERS[agency]
    if certifier is not None:
        answering.send_to_certifier(items, hours=hours, by=county.by(responder, agency), at=at)
    answering.submit_request(items[0].request, items, hours=hours, by=county.by(certifier or responder, agency), at=at)


def all_answered(
    county: Loamshire, review: Review, officer: str, lead: str, at: datetime, *, files: Mapping[str, Sequence[Sent]] | None = None
) -> None:
    """Every agency answers all it was asked; files by agency and standard key ('trust/trust-waiting')."""
    keys = {n: key for key, n in county.agencies.items()}
    for request in requests_of(review, "issued"):
        agency = keys[request.agency_id]
        if agency not in ANSWERERS:
            by_post(county, request.items, officer, lead, at)
            continue
        for item in request.items:
            kept(county, item, agency, at, files=(files or {}).get(f"{agency}/{item.question.standard_key}", ()))
        sent(county, request.items, agency, at, hours=2.5 * len(request.items))


def by_post(county: Loamshire, items: Sequence[Item], officer: str, lead: str, at: datetime, came_by: str = "post") -> None:
    """Answers that came another way, entered by the officer."""
    by = county.by(officer, lead)
    for item in items:
        words = typed_for(item)
        entered = ByHand(
            came_by=came_by,
            received_by=by.name,
            received_on=london_day(at),
            text=words.text,
            figures=words.figures,
            marking=words.marking,
            exempt_ground=words.exempt_ground,
        )
        requests.enter_answer(item, entered, by=by, at=at)


def accepted(county: Loamshire, review: Review, officer: str, lead: str, at: datetime) -> None:
    """The officer accepts what came, and closes each request; the chair does so where it went to the officer's own agency."""
    reviewer, chair = county.by(officer, lead), county.by("bethan", lead)
    for request in requests_of(review, "issued"):
        by = chair if interests.own_among(request.items, review, reviewer, london_day(at)) else reviewer
        for item in request.items:
            requests.accept_item(item, by=by, at=at)
        requests.close_request(request, by=by, at=at)


def paper_or_tables(county: Loamshire, paper: Paper, at: datetime) -> Sent:
    """The paper printed; where this machine cannot print, its tables as a workbook, and a note of it."""
    file = printed(paper, at=at)
    if file is None:
        county.notes.append(f"This machine cannot print, so “{paper.title}” is a workbook of its tables")
    return file or tables_of(paper)


def lines_of(review: Review, *keys: str) -> list[Line]:
    """Lines of enquiry by their keys."""
    return [line for line in review.lines if line.key in keys]


def quoted(
    county: Loamshire,
    finding: Finding,
    item: Item,
    quotation: str,
    who: str,
    lead: str,
    at: datetime,
    *,
    file: EvidenceFile | None = None,
    page: int | None = None,
    cell: str = "",
) -> None:
    """A citation of what an agency sent: its words, or a page or cell of its file."""
    citing.cite(
        finding, lodging=lodged(item), file=file, page=page, cell=cell, quotation=quotation, by=county.by(who, lead), at=at
    )


def lodged(item: Item) -> Lodging:
    """What was sent in answer to an item."""
    assert item.answer is not None, f"{item.reference} has no answer"
    return item.answer.lodging


def file_of(item: Item, ending: str) -> EvidenceFile | None:
    """The file of that kind sent in answer to an item."""
    return next((file for file in lodged(item).evidence.files if file.name.endswith(ending)), None)


def sender(agency: str) -> str:
    """Who of an agency sends what it says: its approver, where it has one."""
    responder, certifier = ANSWERERS[agency]
    return certifier or responder


def responded(county: Loamshire, addressee: Addressee, agency: str, said: tuple[str, str], at: datetime) -> None:
    """An agency responds to a recommendation, by way of its approver where it has one."""
    move, words = said
    responses.send_response(addressee, move, response=words, by=county.by(ANSWERERS[agency][0], agency), at=at)
    _approved(county, agency, at)


def reported(county: Loamshire, addressee: Addressee, agency: str, said: Progress, at: datetime) -> None:
    """An agency says how it is going, by way of its approver where it has one."""
    responses.send_progress(addressee, said, by=county.by(ANSWERERS[agency][0], agency), at=at)
    _approved(county, agency, at)


def _approved(county: Loamshire, agency: str, at: datetime) -> None:
    """What waits for the approver of an agency is read and approved."""
    for waiting in approvals.to_do(county.agencies[agency]):
        approving.approve(waiting, seen=approving.as_seen(waiting), by=county.by(sender(agency), agency), at=at)


def facts_checked(
    county: Loamshire, review: Review, who: str, lead: str, days: tuple[int, int], *, silent: Collection[str] = ()
) -> Story:
    """Each agency is shown what the findings say of it on the first day; by the second all have answered but the silent."""
    yield (at := county.at(days[0]))
    findings.start_accuracy_check(review, by=county.by(who, lead), at=at)
    yield (at := county.at(days[1]))
    keys = {number: key for key, number in county.agencies.items()}
    for check in finding_queries.checks_of_review(review.id):
        agency = keys[check.agency_id]
        if agency not in silent:
            findings.finish_accuracy_check(check, by=county.by(sender(agency), agency), at=at)


def scheduled(report: Report, release: datetime, *, by: Actor, at: datetime) -> None:
    """A report set to come out on its moment, by somebody who has seen everything there is to be seen first."""
    assert report.review is not None
    seen = {caution.key for caution in readiness.cautions(report.review, on=london_day(release))}
    reports.schedule_release(report, release, seen=seen, by=by, at=at)


def settled(county: Loamshire, chosen: Sequence[Finding], who: str, lead: str, at: datetime) -> None:
    """Findings settled as they will be signed."""
    for finding in chosen:
        findings.settle_finding(finding, by=county.by(who, lead), at=at)


def recommended(
    county: Loamshire,
    review: Review,
    agency: str,
    text: str,
    measure: str,
    rests_on: Sequence[Finding],
    who: str,
    lead: str,
    at: datetime,
    *,
    done_by: date | None = None,
) -> Recommendation:
    """One recommendation, proposed."""
    by = county.by(who, lead)
    row = recommendations.draft_recommendation(
        review,
        text=text,
        measure=measure,
        done_by=done_by or london_day(at) + timedelta(days=365),
        agency=county.agency(agency),
        findings=list(rests_on),
        by=by,
        at=at,
    )
    recommendations.move_recommendation(row, "propose", by=by, at=at)
    return row
