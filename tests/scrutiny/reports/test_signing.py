"""Sign-off by the method's rule, dissent in a member's own words, and what a later change does to a signature."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import delete

from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.extensions import db
from scrutiny.findings import service as findings
from scrutiny.findings.models import Finding
from scrutiny.recommendations import queries as recommendations
from scrutiny.reports import dissenting, queries, signing
from scrutiny.reviews.models import Review
from scrutiny.snapshots import changes
from tests.conftest import NOW
from tests.scrutiny.reports.story import answered, found, signed, summed_up
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused

pytestmark = pytest.mark.usefixtures("context")
VOTE = {"office": "Chair", "votes": (7, 2, 1), "meeting_on": date(2026, 3, 2)}


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    """One settled finding and one proposed recommendation, led by a committee with an inspectorate as partner."""
    review, lodging = answered(cast)
    found(review, lodging, cast.fire)
    summed_up(review)
    return review


@pytest.fixture
def inspection(cast: SimpleNamespace) -> Review:
    """The same under a method that every partner signs."""
    review, lodging = answered(cast, lead="ofsted", partners=("cqc",), method_key="area-send", officer="lead_inspector")
    found(review, lodging, cast.fire, settler="lead_inspector")
    summed_up(review)
    return review


def test_a_committee_votes_and_its_chair_enters_the_vote(review: Review) -> None:
    """The committee alone is bound, and the vote is kept with the day of the meeting."""
    assert [body.name for body in signing.bodies_that_sign(review)] == ["Loamshire Overview and Scrutiny Committee"]
    assert signing.lacks_signatures(review) == ["Loamshire Overview and Scrutiny Committee has not signed"]
    row = signing.sign(review, review.lead, by=acting("chair"), at=NOW, **VOTE)
    assert (row.votes_for, row.votes_against, row.abstained, row.meeting_on) == (7, 2, 1, date(2026, 3, 2))
    assert signing.lacks_signatures(review) == []


def test_signatures_are_counted_and_nothing_is_gathered_before_the_first(
    review: Review, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page of a review says how many have signed: it counts those that hold, and is no slower where nobody has."""
    with monkeypatch.context() as patch:
        patch.setattr(signing, "content_of", lambda review: pytest.fail("gathered for nobody"))
        assert signing.count_signed(review) == 0
    signing.sign(review, review.lead, by=acting("chair"), at=NOW, **VOTE)
    assert signing.count_signed(review) == 1
    db.session.scalars(db.select(Finding)).one().title = "Another title"
    db.session.flush()
    assert signing.count_signed(review) == 0 == sum(row.signature is not None for row in signing.wanted(review))


@pytest.mark.parametrize(
    ("who", "changes", "said"),
    [
        ("officer", {}, "Only the chair or lead inspector of Loamshire"),
        ("councillor", {}, "Only the chair or lead inspector of Loamshire"),
        ("lead_inspector", {}, "Only the chair or lead inspector of Loamshire"),
        ("chair", {"votes": None}, "Enter the day of the meeting"),
        ("chair", {"meeting_on": None}, "Enter the day of the meeting"),
        ("chair", {"votes": (3, 3, 2)}, "more for than against"),
        ("chair", {"votes": (3, -1, 0)}, "more for than against"),
    ],
)
def test_what_is_no_signature_is_refused(review: Review, who: str, changes: dict[str, object], said: str) -> None:
    """The wrong person, no meeting, a vote that was lost."""
    with pytest.raises(Refused, match=said):
        signing.sign(review, review.lead, by=acting(who), at=NOW, **(VOTE | changes))


def test_nobody_signs_what_is_not_settled(review: Review) -> None:
    """A finding that was reopened, a recommendation still a draft: each is named."""
    finding = review_finding(review)
    findings.reopen_finding(finding, "A figure is wrong", by=acting("officer"), at=NOW)
    row = recommendations.of_review(review.id)[0]
    assert signing.not_ready_to_sign(review) == [
        "Finding 1 (Children wait too long) is not final: finalise or withdraw it",
        "No finding is final yet",
    ]
    with pytest.raises(Refused, match="Finding 1"):
        signing.sign(review, review.lead, by=acting("chair"), at=NOW, **VOTE)
    assert row.state == "proposed"


def review_finding(review: Review) -> Finding:
    """Its only finding."""
    return signing.findings.of_review(review.id)[0]


def test_a_body_signs_once(review: Review) -> None:
    """Until something changes."""
    signed(review)
    with pytest.raises(Refused, match="already"):
        signed(review)


def test_a_change_voids_and_a_new_signature_holds_without_reviving_the_old(review: Review) -> None:
    """The old one says what changed, even if the change is taken back."""
    signed(review)
    finding = review_finding(review)
    findings.reopen_finding(finding, "A figure is wrong", by=acting("officer"), at=NOW)
    assert signing.lacks_signatures(review) != []
    voided = signing.void_stale_signatures(review, by=acting("officer"), at=NOW)
    plain = signing.content_of(review)
    assert [changes.sentence(list(signing.changes_since(row, plain))) for row in voided] == ["Finding 1"]
    findings.settle_finding(finding, by=acting("officer"), at=NOW)
    assert signing.void_stale_signatures(review, by=acting("officer"), at=NOW) == []
    assert signing.lacks_signatures(review) != [], "the words are again what was signed, but a voided signature does not revive"
    signed(review)
    assert signing.lacks_signatures(review) == []


def test_every_partner_signs_an_inspection(inspection: Review, cast: SimpleNamespace) -> None:
    """One signature is not enough; a partner without people here signs on paper, entered by the lead."""
    signing.sign(inspection, inspection.lead, office="Lead inspector", by=acting("lead_inspector"), at=NOW)
    assert signing.lacks_signatures(inspection) == ["Care Standards Commission has not signed"]
    partner = db.session.get_one(Body, cast.cqc)
    with pytest.raises(Refused, match="or the lead body with the signed paper"):
        signing.sign(inspection, partner, office="Commissioner", name="C. Quinn", by=acting("lead_inspector"), at=NOW)
    db.session.execute(delete(BodyMembership).where(BodyMembership.body_id == partner.id))
    row = signing.sign(
        inspection, partner, office="Commissioner", name="C. Quinn", paper="a" * 64, by=acting("lead_inspector"), at=NOW
    )
    assert (row.name, row.paper_sha256) == ("C. Quinn", "a" * 64)
    assert signing.lacks_signatures(inspection) == []


def test_the_lead_does_not_sign_on_paper_for_a_partner_whose_own_inspector_is_here(
    inspection: Review, cast: SimpleNamespace
) -> None:
    """She signs for herself; her body's name is not the lead's to give."""
    partner = db.session.get_one(Body, cast.cqc)
    with pytest.raises(Refused, match="who signs for it"):
        signing.sign(
            inspection, partner, office="Commissioner", name="C. Quinn", paper="a" * 64, by=acting("lead_inspector"), at=NOW
        )


def test_a_member_dissents_in_their_own_words_and_may_take_it_back(review: Review, cast: SimpleNamespace) -> None:
    """A councillor of the committee; nobody else may take it back."""
    body = db.session.get_one(Body, cast.committee)
    row = dissenting.dissent(
        review, body, text="I do not agree.", finding=review_finding(review), by=acting("councillor"), at=NOW
    )
    assert [d.text for d in queries.dissents_of(review.id)] == ["I do not agree."]
    with pytest.raises(Refused, match="Only the person who wrote"):
        dissenting.take_back_dissent(row, by=acting("chair"), at=NOW)
    dissenting.take_back_dissent(row, by=acting("councillor"), at=NOW)
    assert queries.dissents_of(review.id) == []


def test_a_stranger_to_the_review_cannot_dissent(review: Review, cast: SimpleNamespace) -> None:
    """Nor somebody for a body that is not their own."""
    for who, key in (("partner_inspector", "cqc"), ("councillor", "ofsted")):
        body = db.session.get_one(Body, getattr(cast, key))
        with pytest.raises(Refused, match="Only members of the bodies"):
            dissenting.dissent(review, body, text="No.", finding=None, by=acting(who), at=NOW)
