"""Reports of the demonstration printed again: every statement is traced to rows, and what is left over is fixed words.

Whatever a row says is taken out of the printed text, written here a second time by hand; then the headings and labels of
the page, listed below, are taken out too. Nothing may be left: a sentence that stands there and rests on no row fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from scrutiny import legal_words
from scrutiny.agencies.queries import answering, kind_label
from scrutiny.areas.maps import neighbours_of
from scrutiny.areas.models import Place
from scrutiny.editions.models import Edition, Report
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Finding
from scrutiny.findings.presenters import judgement_of, option_of
from scrutiny.formats import london_day, mid_sentence, percent, square_km
from scrutiny.pages import today
from scrutiny.recommendations.dating import basis_of_response
from scrutiny.recommendations.models import Recommendation
from scrutiny.reports.models import Dissent, Signature
from scrutiny.requests.models import EvidenceRequest
from scrutiny.reviews.contact import writer_of
from scrutiny.reviews.models import Review
from scrutiny.rules.queries import method_of
from tests.scrutiny.demo.test_what_reports_say import WORDS, _lines, _made, _word

pytestmark = pytest.mark.slow

#: Headings, labels and explanations of the page, which say nothing of the review.
FIXED = (
    "Draft: not published",
    "Joint report of a review of",
    "Report of a review of",
    "What this report says was sealed on",
    "as data, attached to this file as report.json. The SHA-256 of that data is:",
    "Work it out again with any tool; the same figure means that nothing has been changed. What was signed has the SHA-256:",
    "Work it out again with any tool; the same figure means that nothing has been changed.",
    "Numbers on the map show the areas next to it:",
    "When it was sealed the audit trail of this service ended at row",
    "Each agency is asked to respond. What the law asks of it is said with each recommendation; its response is published on "
    "the page of this report.",
    "Nobody has dissented.",
    "Each agency is asked to respond. What the law asks of it is said with each recommendation; its response is published at",
    "dissents from the report as a whole. See “Sign-off and dissent”.",
    "dissents from this finding. See “Sign-off and dissent”.",
    "What the findings cite, in the order in which they cite it",
    "What we recommend, to whom, and by when",
    "Not held, held by another, refused, no answer: none.",
    "Not held, held by another, refused, no answer yet: none.",
    "Refused, no answer: none.",
    "Recommendations at a glance",
    "Headline findings",
    "Publication day",
    "Cited in finding",
    "Which part of",
    "The boundary of",
    "Figure",
    "What this report says is attached to this file as report.json. The SHA-256 of that data is:",
    "(The evidence itself is not published: it is marked",
    "The agencies asked, and how much of the place each covers",
    "Corrections offered, and what was decided",
    "What was asked of each agency, and what came",
    "Reviews of this place with a published report",
    "Recommendations, and what came of each",
    "Reviews that have reported",
    "How to check this report",
    "Agencies’ right of reply",
    "Sign-off and dissent",
    "Boundaries and counts:",
    "Agency’s correction",
    "What was decided",
    "What we looked at",
    "How it will be measured",
    "The draft said",
    "What they found",
    "What the law asks",
    "Lines of enquiry",
    "Nobody dissented.",
    "Of the report as a whole:",
    "How we worked",
    "Legal basis",
    "Out of scope",
    "Follows from",
    "Of the people",
    "Of the land",
    "Who signed",
    "Signed by",
    "As they were on",
    "The place",
    "Not held",
    "No answer",
    "In summary",
    "In scope",
    "Dissent of",
    "Of finding",
    "Reference",
    "Contents",
    "Summary",
    "Findings",
    "Recommendations",
    "Recommendation",
    "recommendation",
    "Evidence",
    "Judgement:",
    "finding",
    "Finding",
    "Method",
    "version",
    "edition",
    "Contact",
    "covers",
    "Length",
    "Licence",
    "Online",
    "pages",
    "each",
    "land",
    "No.",
    "To",
    "Bodies",
    "in the lead",
    "partner",
    "observer",
    "Agency",
    "Asked",
    "Answered",
    "Refused",
    "Started",
    "About",
    "Received",
    "From",
    "File",
    "SHA-256",
    "Kind",
    "Body",
    "Vote",
    "Review",
    "Published",
    "Outcome",
    "people",
    "as it was on",
    "page",
    "cell",
    "written answer",
    "draft: not agreed",
    "area report",
    "As they were on",
    "Page",
    "when",
    "km²",
    "of",
    "By",
    "On",
    "on",
    "and",
)


def _day(value: date | datetime) -> str:
    """A day, or the day in London of a moment."""
    on = london_day(value) if isinstance(value, datetime) else value
    return f"{on.day} {on:%B %Y}"


def _weekday(value: date | datetime) -> str:
    """The same with its weekday, as sentences of a report write it."""
    on = london_day(value) if isinstance(value, datetime) else value
    return f"{on:%A} {_day(on)}"


def _in_cell(value: date | datetime) -> tuple[str, str]:
    """The same in a narrow cell, whose last line the reading of a page takes for its number."""
    return _day(value), _day(value).rsplit(" ", 1)[0]


def _squeezed(words: str) -> str:
    """A text without any space, as it is compared with print."""
    return re.sub(r"\s", "", words)


def _of_place(place: Place, on: date) -> Iterator[str]:
    """The place, its people and land, and who covers which part of it."""
    yield place.name
    yield from (area.code for area in place.areas)
    yield f"{sum(area.people or 0 for area in place.areas):,} people"
    yield square_km(sum(area.square_metres for area in place.areas))
    for area in place.areas:
        if area.people_from:
            yield area.people_from
            yield area.people_from[0].upper() + area.people_from[1:]
        if area.load.source:
            yield area.load.source
    yield from (area.name for area in neighbours_of(place.areas, on))
    yield _day(on)
    for row in answering([area.id for area in place.areas], on):
        yield from (row.name, row.kind_label, percent(row.share_of_people), percent(row.share_of_area))
        yield f"each {mid_sentence(row.kind_label)} covers"


def _site() -> str:
    """Where this service is found."""
    return str(current_app.config["SETTINGS"].public_url)


def _of_contact(review: Review) -> Iterator[str]:
    """Where the report is found, and whom a reader may ask."""
    writer = writer_of(review)
    yield f"{_site()}/reports/{review.reference}"
    yield from (writer.body, writer.contact.office, writer.contact.office[:1].upper() + writer.contact.office[1:])
    yield from (writer.contact.phone, writer.mailbox, *writer.heading.splitlines())


def _of_review(review: Review) -> Iterator[str]:
    """What a review is, asked and went by."""
    method = method_of(review.edition)
    yield from (review.title, review.reference, review.reason, review.in_scope, review.out_of_scope, method.title)
    yield from (method.version, method.digest[:16], *(legal_words.in_full(basis.source) for basis in method.basis))
    yield from (line.text for line in review.lines if not line.dropped_why)
    yield from (row.body.name for row in review.bodies)
    yield _day(review.starts_on)
    rule = {
        "all-partners": "Every body of the review signs.",
        "named-signatories": "The lead body signs, on behalf of all, with each partner's agreement.",
        "committee-vote": "The committee votes, and its chair enters the vote.",
    }
    yield rule[method.sign_off.rule]
    signed = {row.body_id for row in _signatures(review)}
    apart = [row.body.name for row in review.bodies if row.part != "observer" and row.body_id not in signed and row.to_on is None]
    if apart:
        after = {
            "committee-vote": " took part in the review. Under its method only the committee in the lead signs the report.",
            "all-partners": " took part in the review and did not sign this report.",
        }
        yield f"{_listed(apart)}{after[method.sign_off.rule]}"
    for request in db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == review.id)):
        yield from (request.agency.name, kind_label(request.agency.kind), "outside the area it serves")


def _signatures(review: Review) -> list[Signature]:
    """The signatures that stand."""
    rows = select(Signature).where(Signature.review_id == review.id, Signature.voided_at.is_(None))
    return list(db.session.scalars(rows.where(Signature.corrected_at.is_(None)).order_by(Signature.id)))


def _listed(names: list[str]) -> str:
    """Names as a sentence lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _of_findings(review: Review) -> Iterator[str]:
    """Findings, their judgement, and every word they quote."""
    rows = select(Finding).where(Finding.review_id == review.id, Finding.state == "settled").order_by(Finding.number)
    for finding in db.session.scalars(rows):
        yield from (finding.title, f"{finding.number}. {finding.title}", f"{finding.number}: {finding.title}")
        yield from (part for part in finding.text.split("\n") if part.strip())
        yield judgement_of(finding, review)
        option = option_of(finding, review)
        yield option.text if option else ""
        for citation in finding.citations:
            evidence = citation.lodging.evidence
            yield f"{_site()}/evidence/{citation.lodging_id}"
            yield f"row “{citation.row_head}”, column “{citation.column_head}” ({citation.cell})"
            yield from (f"row “{citation.row_head}” ({citation.cell})", f"column “{citation.column_head}” ({citation.cell})")
            yield from (f"“{citation.quotation}”", f"cell {citation.cell}", f"page {citation.page}", citation.sha256)
            yield from (evidence.title, evidence.agency.name, citation.file.name if citation.file else "")
            yield from (_day(citation.lodging.lodged_at), citation.lodging.public_summary)


def _of_recommendations(review: Review) -> Iterator[str]:
    """What is recommended, to whom, by when, and on what duty."""
    rows = select(Recommendation).where(Recommendation.review_id == review.id, Recommendation.state.in_(("proposed", "made")))
    for row in db.session.scalars(rows.order_by(Recommendation.number)):
        yield from (row.text, row.measure, *_in_cell(row.done_by))
        yield from (addressee.agency.name for addressee in row.addressees)


def _of_agreement(review: Review) -> Iterator[str]:
    """Who was heard, who signed and who dissents."""
    checks = list(db.session.scalars(select(AccuracyCheck).where(AccuracyCheck.review_id == review.id)))
    waived = {
        row.agency_id: row for row in db.session.scalars(select(AccuracyWaiver).where(AccuracyWaiver.review_id == review.id))
    }
    heard = [check for check in checks if check.answered_at is not None and check.agency_id not in waived]
    names = _listed(sorted(check.agency.name for check in heard)) if heard else ""
    yield f"{names} was shown what the draft findings say of it, and answered."
    yield f"{names} were each shown what the draft findings say of them, and answered."
    if not checks and not waived:
        yield "No accuracy check was made for this report."
    for check in [one for one in checks if one.received_on]:
        shown = f"{check.agency.name} was shown what the draft findings say of it on {_weekday(check.received_on)}"
        yield shown + (f", and had not answered by {_weekday(check.due_on)}." if check.due_on else "")
    corrections = [row for check in checks for extract in check.extracts for row in extract.corrections]
    if heard and not corrections:
        yield "No agency offered a correction to these findings."
    for row in corrections:
        yield from (row.extract.check.agency.name, row.words, row.correction, f"({row.grounds})")
        word = {"made": "Corrected", "made_in_part": "Corrected in part", "not_made": "Left as it was"}[row.state]
        yield f"{word}: {row.decision}"
    for signed in _signatures(review):
        yield from (signed.body.name, f"{signed.name}, {signed.office}", *_in_cell(signed.signed_at))
        if signed.votes_for is not None:
            vote = f"{signed.votes_for} for, {signed.votes_against} against, {signed.abstained} abstained"
            yield f"{vote}, at the meeting of {_weekday(signed.meeting_on)}"
    dissents = select(Dissent).where(Dissent.review_id == review.id, Dissent.taken_back_at.is_(None))
    for dissent in db.session.scalars(dissents):
        yield from (f"{dissent.name}, {dissent.body.name}", dissent.text)


def _of_licence() -> Iterator[str]:
    """The licence this instance publishes under."""
    if current_app.config["SETTINGS"].report_licence == "OGL-UK-3.0":
        yield "You may reuse this report under the Open Government Licence v3.0 if you say where it comes from."
        yield "Boundaries, counts and evidence that others made keep their own licences."
        yield "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def _of_edition(report: Report) -> Iterator[str]:
    """Its summary, and what seals it."""
    yield from _of_licence()
    yield f"{_site()}/reports/{report.reference}"
    yield from (part for part in report.summary.split("\n") if part.strip())
    edition: Edition = report.editions[-1]
    yield from (edition.digest, edition.audit_digest, edition.why, edition.why.rsplit(" ", 1)[0])
    if edition.audit_number:
        yield f"{edition.audit_number:,}"
    if edition.sealed_at:
        yield _day(edition.sealed_at)
    for signed in db.session.scalars(select(Signature).where(Signature.review_id == (report.review_id or 0))):
        yield signed.digest


def _duties(review: Review) -> Iterator[str]:
    """The duty of each addressee in one sentence: of one source, whose words a test of its own walks (test_one_law)."""
    rows = select(Recommendation).where(Recommendation.review_id == review.id)
    for row in db.session.scalars(rows):
        for addressee in row.addressees:
            on = addressee.received_on or today()
            basis = basis_of_response(review, addressee.agency, on).stripped()
            yield legal_words.sentence(basis, legal_words.PUBLIC, addressee.agency.name)


def _left(text: str, statements: list[str]) -> str:
    """What is left of a printed text when everything said by rows, and then the fixed words, is taken out."""
    for said in sorted({_squeezed(one) for one in statements if one and _squeezed(one)}, key=len, reverse=True):
        text = text.replace(said, "¦")
    for said in sorted({_squeezed(one) for one in FIXED}, key=len, reverse=True):
        text = text.replace(said, "¦")
    text = re.sub(r"\d+km|[A-H]{2,}", "¦", text)  # the scale of a map, and the letters of its parts
    return " ".join(part for part in re.split(r"[¦\s\d.,:;()“”–—•%\[\]/-]+", text) if len(part) > 1)


@pytest.mark.parametrize("reference", ["R-2025-001", "R-2026-001", "R-2026-002"])
def test_every_statement_of_a_report_printed_again_rests_on_a_row(printed, loamshire: Flask, reference: str) -> None:
    with loamshire.app_context():
        text = printed(reference)
        report = db.session.scalars(select(Report).where(Report.reference == reference)).one()
        review = report.review
        tellers = (_of_contact, _of_review, _of_findings, _of_recommendations, _of_agreement, _duties)
        said = [words for tell in tellers for words in tell(review)]
        said += [*_of_place(review.place, review.place_on), *_of_edition(report)]
        assert _left(text, said) == ""


def test_every_statement_of_the_area_report_printed_again_rests_on_a_row(printed, loamshire: Flask) -> None:
    with loamshire.app_context():
        text = printed("A-E10999001")
        report = db.session.scalars(select(Report).where(Report.reference == "A-E10999001")).one()
        on = today()
        said = [*_of_edition(report), *_of_place(report.place, on), *WORDS.values(), "slipped to"]
        for reference in ("R-2025-001", "R-2026-001"):
            review = db.session.scalars(select(Review).where(Review.reference == reference)).one()
            for tell in (_of_review, _of_findings, _of_recommendations):
                said += tell(review)
            said.append(review.place.name)
            released = db.session.scalars(select(Report).where(Report.reference == reference)).one().editions[-1].released_at
            said += _in_cell(released)
        made = _made("R-2025-001", "R-2026-001")
        for row in made:
            said += [*_lines(row, on), _word(row, on), _day(row.recommendation.done_by)]
            said += [_day(back.new_date) for back in row.returns if back.new_date]
        lead = review.lead.name
        about = f"{report.place.name} or a part of it"
        said.append(f"This report brings together what 2 published reviews found about {about}, by {lead}.")
        said.append(f"It says what came of the {len(made)} recommendations they made.")
        assert _left(text, said) == ""


def test_a_statement_without_a_row_is_found() -> None:
    said = ["Children wait too long", "31 March 2027"]
    assert _left(_squeezed("Findings 1. Children wait too long. By 31 March 2027."), said) == ""
    assert _left(_squeezed("Children wait too long. Every agency agreed."), said) == "Everyagencyagreed"


def _asked_and_answered(review: Review) -> Iterator[str]:
    """Each agency with how much it was asked and how much it answered, counted from the items one by one."""
    for request in db.session.scalars(select(EvidenceRequest).where(EvidenceRequest.review_id == review.id)):
        items = [item for item in request.items if item.state != "withdrawn"]
        answered = [item for item in items if any(answer.submitted_at for answer in item.answers)]
        yield f"{request.agency.name}{len(items)}{len(answered)}"


def _in_place(review: Review) -> Iterator[str]:
    """Each row of the report as it is to stand: number, words, agency, day, measure, finding and duty side by side."""
    made = select(Recommendation).where(Recommendation.review_id == review.id).order_by(Recommendation.number)
    for row in db.session.scalars(made.where(Recommendation.state.in_(("proposed", "made")))):
        (addressee,) = row.addressees
        yield f"{row.number}{row.text}{addressee.agency.name}{_day(row.done_by)}"
        follows = ", ".join(f"finding {finding.number}" for finding in row.findings)
        basis = basis_of_response(review, addressee.agency, addressee.received_on or today()).stripped()
        duty = legal_words.sentence(basis, legal_words.PUBLIC, addressee.agency.name)
        yield f"To{addressee.agency.name}By{_day(row.done_by)}How it will be measured{row.measure}Follows from{follows}"
        yield f"Follows from{follows}What the law asks{duty}"
    numbers: dict[tuple[int, str], int] = {}
    settled = select(Finding).where(Finding.review_id == review.id, Finding.state == "settled").order_by(Finding.number)
    for finding in db.session.scalars(settled):
        yield f"{finding.number}. {finding.title}{finding.text}"
        for citation in finding.citations:
            number = numbers.setdefault((citation.lodging_id, citation.sha256), len(numbers) + 1)
            where = f"page {citation.page}" if citation.page else "row" if citation.cell else "written answer"
            yield f"Evidence {number}, {where}"
            evidence = citation.lodging.evidence
            yield f"From {evidence.agency.name}. Received {_day(citation.lodging.lodged_at)}"
            yield f"SHA-256 {citation.sha256}"
        assert finding.citations, "every finding cites something"


@pytest.mark.parametrize("reference", ["R-2025-001", "R-2026-001", "R-2026-002"])
def test_every_row_stands_in_its_place_with_its_own_counts(printed, loamshire: Flask, reference: str) -> None:
    """What is left over is nothing, and what belongs together stands together: no count, day or agency beside another's."""
    with loamshire.app_context():
        text = printed(reference)
        review = db.session.scalars(select(Report).where(Report.reference == reference)).one().review
        wanted = [*_asked_and_answered(review), *_in_place(review)]
        assert len(wanted) > 15
        missing = [one for one in wanted if _squeezed(one) not in text]
        assert not missing, "\n".join(missing)


def test_every_row_of_the_area_report_stands_in_its_place(printed, loamshire: Flask) -> None:
    with loamshire.app_context():
        text, on = printed("A-E10999001"), today()
        wanted = []
        for reference in ("R-2026-001", "R-2025-001"):
            report = db.session.scalars(select(Report).where(Report.reference == reference)).one()
            released = _day(report.editions[-1].released_at)
            wanted.append(f"{reference}{report.review.title}{report.review.place.name}{report.review.lead.name}{released}")
        for row in _made("R-2025-001", "R-2026-001"):
            made, came = row.recommendation, [back.new_date for back in row.returns if back.new_date]
            slipped = f", slipped to {_day(came[-1])}" if came else ""
            overdue = " (overdue)" if not row.has_ended and (came or [made.done_by])[-1] < on else ""
            wanted.append(
                f"{made.review.reference}, recommendation {made.number}{made.text}By{_day(made.done_by)}{slipped}{overdue}"
                f"Outcome{_word(row, on)}"
            )
        missing = [one for one in wanted if _squeezed(one) not in text]
        assert len(wanted) > 10
        assert not missing, "\n".join(missing)
