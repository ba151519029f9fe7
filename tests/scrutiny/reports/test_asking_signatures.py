"""Whoever signs for a body is asked as soon as the report is ready to be signed, once for each wording."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scrutiny import transaction
from scrutiny.correspondence.models import Letter
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.reports import asking_signatures, service, signing
from scrutiny.reviews.models import Review
from tests.conftest import NOW
from tests.scrutiny.reports.story import answered, found, summed_up
from tests.scrutiny.reviews.acting import acting

pytestmark = pytest.mark.usefixtures("context")
HOURS = [NOW + timedelta(hours=2 * hours) for hours in range(6)]


def ask_for_signatures(*, at: datetime) -> str:
    """Run the job over what has been done so far."""
    transaction.commit()
    return asking_signatures.ask_for_signatures(at=at)


@pytest.fixture
def inspection(cast: SimpleNamespace) -> Review:
    """A settled finding and a proposed recommendation, under a method that every partner signs; no summary yet."""
    review, lodging = answered(cast, lead="ofsted", partners=("cqc",), method_key="area-send", officer="lead_inspector")
    found(review, lodging, cast.fire, settler="lead_inspector")
    return review


def asked(kind: str = "signature_wanted") -> list[tuple[str, bool]]:
    """Who was asked to sign, in order, and whether the letter says that a body has signed."""
    rows = db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))
    return [(row.address, "Signed so far" in row.text) for row in rows]


def addresses(body_key: str, cast: SimpleNamespace) -> set[str]:
    """The addresses of those who sign for a body."""
    body = db.session.get_one(signing.Body, getattr(cast, body_key))
    return {to.address for to in signing.bodies.recipients(body, NOW.date(), signing.SIGNERS)}


def test_the_first_to_sign_is_asked_once_the_report_is_ready(inspection: Review, cast: SimpleNamespace) -> None:
    assert signing.unready(inspection)
    ask_for_signatures(at=HOURS[0])
    assert asked() == [], "the report has no summary yet"
    summed_up(inspection)
    everybody = addresses("ofsted", cast) | addresses("cqc", cast)
    assert len(everybody) >= 2
    assert ask_for_signatures(at=HOURS[1]) == f"{len(everybody)} asked to sign"
    assert {address for address, _ in asked()} == everybody
    assert not any(says for _, says in asked()), "nobody has signed"
    assert ask_for_signatures(at=HOURS[2]) == "", "nobody is asked twice to sign the same words"


def test_those_left_are_asked_again_only_when_the_words_have_changed(inspection: Review, cast: SimpleNamespace) -> None:
    report = summed_up(inspection)
    ask_for_signatures(at=HOURS[0])
    first = len(asked())
    signing.sign(inspection, inspection.lead, office="Lead inspector", by=acting("lead_inspector"), at=HOURS[0])
    ask_for_signatures(at=HOURS[1])
    assert len(asked()) == first, "the partner has been asked for these words"
    service.write_summary(report, "Children in Barrow End wait far too long.", by=acting("lead_inspector"), at=HOURS[1])
    signing.void_stale_signatures(inspection, by=acting("lead_inspector"), at=HOURS[1])
    ask_for_signatures(at=HOURS[0] + timedelta(minutes=30))
    assert len(asked()) == first, "not for each word that is changed within the hour"
    ask_for_signatures(at=HOURS[2])
    again = {address for address, _ in asked()[first:]}
    told_of_change = {address for address, _ in asked("signature_voided")}
    assert told_of_change
    assert not again & told_of_change, "whoever signed was asked by the letter that says what changed"
    assert again == (addresses("cqc", cast) | addresses("ofsted", cast)) - told_of_change


def test_the_letter_says_who_has_signed(inspection: Review) -> None:
    summed_up(inspection)
    signing.sign(inspection, inspection.lead, office="Lead inspector", by=acting("lead_inspector"), at=HOURS[0])
    ask_for_signatures(at=HOURS[1])
    assert asked()
    assert all(says for _, says in asked())


def test_a_committee_alone_is_asked_and_a_review_not_ready_is_not(cast: SimpleNamespace) -> None:
    review, lodging = answered(cast)
    finding = found(review, lodging, cast.fire)
    summed_up(review)
    findings.reopen_finding(finding, "A figure is wrong", by=acting("officer"), at=HOURS[0])
    ask_for_signatures(at=HOURS[1])
    assert asked() == []
    findings.settle_finding(finding, by=acting("officer"), at=HOURS[2])
    ask_for_signatures(at=HOURS[3])
    assert {address for address, _ in asked()} == addresses("committee", cast) != set()
