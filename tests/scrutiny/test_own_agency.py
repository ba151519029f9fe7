"""Every page by which a body acts on the work of one agency refuses whoever acts for that agency too, whatever is pressed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import AgencyGuest, AgencyMembership
from scrutiny.answering import service as answering
from scrutiny.asking.delivering import delivery_of
from scrutiny.audit.models import AuditEntry
from scrutiny.chasing.models import Escalation, EscalationItem
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.evidence.models import Grant
from scrutiny.extensions import db
from scrutiny.findings import citing
from scrutiny.findings import service as findings
from scrutiny.findings.models import Correction
from scrutiny.findings.queries import checks_of_review
from scrutiny.publication.models import PublicationNotice, RegisterEntry
from scrutiny.recommendations import service as recommending
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import jobs
from scrutiny.requests.queries import requests_of
from scrutiny.transaction import writes_now
from tests.conftest import NOW
from tests.lodged_files import add_file
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled
from tests.scrutiny.reports.test_two_hats import finn
from tests.scrutiny.reviews.acting import acting
from workflows.roles import CHAIR, INSPECTOR, SCRUTINY_OFFICER

WHY = {"why": "There is a reason"}
DAY = ["2", "3", "2026"]
#: What is sent to each page, of a form that anybody else could send.
FORMS: dict[str, dict[str, Any]] = {
    "accuracy.decide": {"move": "decline", "decision": "No"},
    "accuracy.waive": {"reason": "No time"},
    "asking.accept": {},
    "asking.accept_all": {},
    "asking.chase": {"send": "y"},
    "asking.close": {},
    "asking.enter": {"came_by": "post", "received_by": "Finn Ward", "received_on": DAY, "text": "Twelve", "marking": "open"},
    "asking.extension": {"grant": "yes"},
    "asking.reply": {"text": "This year", "question": "1"},
    "asking.return_item": WHY,
    "asking.starts": {"event": "request_received", "happened_on": DAY, "how": "By hand"},
    "asking.withdraw": WHY,
    "asking.withdraw_item": WHY,
    "chasing.escalation": {"send": "y"},
    "chasing.set_aside": WHY,
    "delivery.confirm_bounce": {},
    "delivery.contact": {"name": "Hall", "email": "hall@example.org"},
    "delivery.deal_with_mail": {},
    "delivery.delivered": {"how": "post", "on": DAY, "words": "By me"},
    "delivery.end_guest": {},
    "delivery.send_again": {},
    "evidence.end_grant": {},
    "evidence.grants": {"person": "4"} | WHY,
    "evidence.summary": {"summary": "So many"},
    "lettering.asking": {"subject": "A letter", "text": "Words"},
    "lettering.of_ladder": {"subject": "A letter", "text": "Words"},
    "lettering.waiting": {"subject": "A letter", "text": "Words"},
    "notice_delivery.answers": {"how": "post", "on": DAY, "words": "By me"},
    "notice_delivery.answers_again": {},
    "notice_delivery.entry": {"how": "post", "on": DAY, "words": "By me"},
    "notice_delivery.entry_again": {},
    "recommendation_chasing.chairs_letter": {},
    "recommendation_chasing.chase": {},
    "recommendation_delivery.again": {},
    "recommendation_delivery.delivery": {"how": "post", "on": DAY, "words": "By me"},
    "recommendations.check": {"move": "close_not_accepted", "lodging": "0", "replaced_by": "0"} | WHY,
    "register.manage": {"publish": "y"},
    "restricting.erase_file": WHY,
    "restricting.erase_words": WHY,
    "restricting.restrict": {"marking": "confidential"} | WHY,
    "worklist.send_letter_again": {"address": "hall@example.org"},
}
#: Pages of the same addresses that are no act of a body on what an agency did, and why.
OTHERS = {
    "evidence.agree_summary": "its agency's own",
    "erasing_words.erase": "its agency erases the same words: nothing is decided on them",
    "recommendations.answer": "its agency's own",
    "recommendations.progress": "its agency's own",
    "restricting.allow": "its agency's own",
    "reading.read": "a private note, or a quotation for a finding: interests are declared before it is settled",
    "requests.drop": "of a draft, by which nothing is asked yet",
    "requests.drop_item": "of a draft",
    "requests.edit_item": "of a draft",
    "requests.message": "of a draft",
    "requests.move_item": "of a draft",
    "requests.put_back": "of a draft",
    "requests.take_up": "of a draft",
}
#: How a page says so.
REFUSALS = ("ou act for Loamshire Fire and Rescue too", "you act for it too", "You answered item 1 for Loamshire Fire and Rescue")
#: What in an address names one agency or its work.
NAMED = {
    "slug",
    "lodging_id",
    "escalation_id",
    "addressee_id",
    "correction_id",
    "extension_id",
    "grant_id",
    "letter_id",
    "notice_id",
}


def acts(app: Flask) -> set[str]:
    """Every page under the bodies' addresses that is sent a form and names one agency or its work."""
    ours = ("/reviews/", "/evidence/", "/recommendations/")
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods and rule.rule.startswith(ours)]
    about = [
        rule for rule in posts if rule.arguments & NAMED or (rule.rule.startswith("/reviews") and "agency_id" in rule.arguments)
    ]
    return {rule.endpoint for rule in about}


def test_every_page_is_known_here(app: Flask) -> None:
    assert acts(app) == {*FORMS, *OTHERS}


def _written(cast: Any) -> dict[str, Any]:
    """The work of the fire authority, as it was all done by another of its people."""
    fred = Person(email="fred@example.org", name="Fred Vance", fs_uniquifier="fred")
    db.session.add_all([fred, AgencyMembership(agency_id=cast.fire, person=fred, role="responder", from_on=NOW.date())])
    db.session.flush()
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    with writes_now():
        addressee = db.session.scalars(select(Addressee)).one()
        recommending.respond(addressee, "reject", response="No money", by=acting("fire_responder"), at=RELEASE)
        for row in (addressee, *addressee.steps):  # by another of its people
            setattr(row, "responded_by" if row is addressee else "by", fred.reference)
        review, lodging = answered(cast)
        request = next(one for one in requests_of(review) if one.agency_id == cast.fire)
        agency = acting("fire_responder")
        sent_at, lodging.lodged_at = lodging.lodged_at, None
        db.session.flush()
        file = add_file(lodging.evidence, name="a.csv", content=b"a,b\n1,2\n", by=agency, at=NOW)
        lodging.lodged_at = sent_at
        until = NOW.date() + timedelta(days=200)
        extension = answering.ask_extension(request, until, "We need it", item=request.items[1], by=agency, at=NOW)
        question = answering.ask_question(request, "Which year?", item=request.items[1], by=agency, at=NOW)
        found(review, lodging, cast.fire)
        newer = findings.draft_finding(
            review, title="More", text="More wait.", lines=[review.lines[0]], by=acting("inspector"), at=NOW
        )
        citing.cite(newer, lodging=lodging, quotation="waited longer", by=acting("inspector"), at=NOW)
        findings.propose_finding(newer, by=acting("inspector"), at=NOW)
        extract = checks_of_review(review.id)[0].extracts[0]
        correction = Correction(
            extract=extract, words="long", correction="short", state="offered", offered_by=fred.reference, offered_at=NOW
        )
        escalation = Escalation(
            request=request,
            agency=request.agency,
            state="proposed",
            rung="chair",
            title="The chair’s letter",
            letter="chairs_letter",
            to=["contact"],
            reached_on=NOW.date(),
            made_at=NOW,
            rows=[EscalationItem(item=request.items[2])],
        )
        grant = Grant(lodging_id=lodging.id, person_id=cast.inspector, why="To read", given_by="person:1", given_at=NOW)
        mail = IncomingMail(digest="0" * 64, kind="reply", about=request.plain, within=review.plain, came_at=NOW)
        guest = AgencyGuest(person_id=cast.stranger, agency_id=cast.fire, request=request.id, made_at=NOW)
        told = {"request": request, "noticed_by": "person:1", "noticed_at": NOW}
        entry = RegisterEntry(**told, items=[], reply_until=NOW.date())
        notice = PublicationNotice(**told, agency_id=cast.fire, lodgings=[lodging.id], public_on=NOW.date())
        db.session.add_all([correction, escalation, grant, mail, guest, entry, notice])
        delivery = delivery_of(request)
        assert delivery is not None
        delivery.state = "failed"
        letter = db.session.scalars(select(Letter).where(Letter.reference == request.plain)).first()
        assert letter is not None
        letter.posting = Posting(message_id="<one@example.org>", address=letter.address, state="bounced", made_at=NOW)
        for said in (extension, question, *request.items[0].answers):
            setattr(said, "asked_by" if said is extension else "by", fred.reference)
        finn(cast, SCRUTINY_OFFICER, CHAIR, INSPECTOR)
        db.session.flush()
        return {
            "reference": review.reference,
            "slug": request.slug,
            "number": 1,
            "agency_id": cast.fire,
            "kind": "request_chased",
            "lodging_id": lodging.id,
            "file_id": file.id,
            "grant_id": grant.id,
            "addressee_id": addressee.id,
            "correction_id": correction.id,
            "escalation_id": escalation.id,
            "extension_id": extension.id,
            "letter_id": letter.id,
            "mail_id": mail.id,
            "notice_id": notice.id,
            "person_id": cast.stranger,
        }


def test_whoever_acts_for_the_agency_too_is_refused(app: Flask, cast: Any, signed_in: Callable[..., FlaskClient]) -> None:
    """One scene for all pages: what is refused changes nothing."""
    with app.app_context():
        values = _written(cast)
    client, wrong = signed_in("fire_responder", acting_for=f"body:{cast.committee}"), {}
    for endpoint, form in FORMS.items():
        rule = next(rule for rule in app.url_map.iter_rules(endpoint) if "POST" in rule.methods)
        with app.test_request_context():
            address = url_for(endpoint, **{name: values[name] for name in rule.arguments})
        before = _done(app)
        text = client.post(address, data=form, follow_redirects=True).text
        if not any(said in text for said in REFUSALS) or _done(app) != before:
            wrong[endpoint] = " ".join(re.sub("<[^>]*>", " ", text.partition("<main")[2]).split())[:300]
    assert not wrong, "\n".join(f"{endpoint}: {said}" for endpoint, said in wrong.items())


def _done(app: Flask) -> int:
    """How much has happened."""
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.number))) or 0
