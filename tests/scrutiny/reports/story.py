"""A review of Barrow End brought, through the services, as far as a test of reports needs it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

from scrutiny import transaction
from scrutiny.agencies.models import Agency
from scrutiny.answering import service as answering
from scrutiny.asking import drafting
from scrutiny.asking import service as requests
from scrutiny.bodies.models import Body
from scrutiny.editions.models import Edition, Report
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import db
from scrutiny.findings import citing
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.formats import london_day
from scrutiny.recommendations import service as recommendations
from scrutiny.reports import readiness, service, signing
from scrutiny.requests.models import EvidenceRequest
from scrutiny.requests.queries import requests_of
from scrutiny.reviews import enquiry
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.delivered import issue_and_deliver
from tests.scrutiny.agreement.agreeing import agreed
from tests.scrutiny.findings import replying
from tests.scrutiny.reviews.acting import acting, opened

WORDS = "Two hundred and eleven children waited longer than eighteen weeks."
RELEASE = NOW + timedelta(days=1)


def answered(
    cast: SimpleNamespace,
    marking: str = "open",
    *,
    lead: str = "committee",
    partners: tuple[str, ...] = ("ofsted",),
    method_key: str = "council-task-and-finish",
    officer: str = "officer",
) -> tuple[Review, Lodging]:
    """A review whose fire authority has answered its first item in words that a finding can quote."""
    bodies = {key: db.session.get_one(Body, getattr(cast, key)) for key in (lead, *partners)}
    review = opened(
        cast,
        announced_on=date(2026, 3, 2),
        lead=bodies[lead],
        partners=[bodies[key] for key in partners],
        method_key=method_key,
        by=acting(officer),
    )
    drafts = requests.draft_requests(review, by=acting(officer), at=NOW)
    fire_authority = db.session.get_one(Agency, cast.fire)
    if not any(draft.agency_id == cast.fire and draft.items for draft in drafts):
        line = review.lines[0]
        asked = enquiry.add_question(review, line=line, text="How long do children wait?", by=acting(officer), at=NOW)
        held = drafting.drafts_to_hold(review, [fire_authority], by=acting(officer), at=NOW)[0]
        drafting.add_item(held, asked, by=acting(officer), at=NOW)
        drafts = [draft for draft in {*drafts, held} if draft.items]
    issue_and_deliver(review, [draft for draft in drafts if draft.items], by=acting(officer), at=NOW)
    fire = next(draft for draft in drafts if draft.agency_id == cast.fire)
    return review, give_answer(fire, marking)


def give_answer(request: EvidenceRequest, marking: str = "open") -> Lodging:
    """The fire authority answers its first item; it has no certifier, so that the responder sends it."""
    by = acting("fire_responder")
    typed = answering.Typed(text=WORDS, marking=marking, exempt_ground="Paragraph 3" if marking == "exempt" else "")
    answer = answering.keep_answer(request.items[0], typed, by=by, at=NOW)
    answering.submit_item(request.items[0], by=by, at=NOW)
    return answer.lodging


def found(review: Review, lodging: Lodging, agency_id: int, settler: str = "officer") -> Finding:
    """One settled finding with a citation, and one proposed recommendation that follows from it."""
    by = acting("inspector")
    finding = findings.draft_finding(
        review,
        title="Children wait too long",
        text="Children wait too long for help.",
        lines=[review.lines[0]],
        judgement="",
        by=by,
        at=NOW,
    )
    citing.cite(finding, lodging=lodging, quotation="waited longer than eighteen weeks", by=by, at=NOW)
    findings.propose_finding(finding, by=by, at=NOW)
    replying.answered(review, acting("fire_responder"), by=acting(settler))
    findings.settle_finding(agreed(finding), by=acting(settler), at=NOW)
    row = recommendations.draft_recommendation(
        review,
        text="Publish waiting times every month.",
        measure="Twelve monthly figures are published.",
        done_by=date(2027, 3, 31),
        agency=db.session.get_one(Agency, agency_id),
        findings=[finding],
        by=by,
        at=NOW,
    )
    recommendations.move_recommendation(row, "propose", by=by, at=NOW)
    return finding


def summed_up(review: Review) -> Report:
    """The report with its summary."""
    report = service.begin_report(review)
    service.write_summary(report, "Children in Barrow End wait too long.", by=acting("officer"), at=NOW)
    return report


def signed(review: Review) -> None:
    """The committee has voted and its chair has entered the vote."""
    signing.sign(review, review.lead, office="Chair", votes=(7, 2, 1), meeting_on=date(2026, 3, 2), by=acting("chair"), at=NOW)


def scheduled(cast: SimpleNamespace, marking: str = "open") -> Edition:
    """A report on its way out tomorrow, all of it kept."""
    with transaction.writes_now():
        review, lodging = answered(cast, marking)
        asked = next(request for request in requests_of(review) if request.agency_id == cast.fire)
        requests.accept_item(asked.items[0], by=acting("officer"), at=NOW)
        found(review, lodging, cast.fire)
        report = summed_up(review)
        signed(review)
        return schedule(report)


def schedule(report: Report, release_at: datetime = RELEASE) -> Edition:
    """The officer schedules a report, having seen everything there is to be seen first."""
    assert report.review is not None
    seen = {caution.key for caution in readiness.cautions(report.review, on=london_day(release_at))}
    return service.schedule_release(report, release_at, seen=seen, by=acting("officer"), at=NOW)
