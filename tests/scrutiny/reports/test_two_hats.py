"""Nobody decides for a body on what they did for an agency, and interests are declared before anything rests on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import AgencyMembership
from scrutiny.answering import correcting
from scrutiny.answering import service as answering
from scrutiny.asking import service as asking
from scrutiny.bodies.models import BodyMembership
from scrutiny.bodies.queries import actor_of
from scrutiny.evidence import service as evidence
from scrutiny.extensions import db
from scrutiny.findings import right_of_reply
from scrutiny.findings import service as findings
from scrutiny.findings.queries import of_review
from scrutiny.recommendations import queries as recommendations
from scrutiny.recommendations import service as recommending
from scrutiny.recommendations.models import Addressee
from scrutiny.reports import gather_review, jobs, readiness, signing
from scrutiny.requests import interests
from scrutiny.requests.queries import requests_of
from scrutiny.snapshots import statements
from scrutiny.transaction import commit
from tests.conftest import NOW
from tests.scrutiny.findings.conftest import statements as statements_sent
from tests.scrutiny.reports.story import RELEASE, answered, found, scheduled, summed_up
from tests.scrutiny.reviews.acting import acting
from workflows.refusals import Refused
from workflows.roles import CHAIR, INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

LATER = NOW + timedelta(hours=1)
FIRE = "Loamshire Fire and Rescue"


def finn(cast: SimpleNamespace, *roles: str) -> Actor:
    """The responder of the fire authority, who has a second hat: these roles in the committee."""
    for role in roles:
        row = BodyMembership(body_id=cast.committee, person_id=cast.fire_responder, role=role, from_on=date(2026, 1, 1))
        db.session.add(row)
    db.session.flush()
    return actor_of(db.session.get_one(Person, cast.fire_responder), f"body:{cast.committee}", on=NOW.date())


class Scene:
    """A review whose first item the same person has answered for the fire authority."""

    def __init__(self, cast: SimpleNamespace) -> None:
        self.review, self.lodging = answered(cast)
        self.request = next(one for one in requests_of(self.review) if one.agency_id == cast.fire)
        self.item, self.other = self.request.items[0], self.request.items[1]
        self.agency = acting("fire_responder")
        self.body = finn(cast, SCRUTINY_OFFICER, CHAIR, INSPECTOR)

    def asks_for_time(self) -> None:
        """More time is asked for the other item, and decided."""
        until = NOW.date() + timedelta(days=200)
        wanted = answering.ask_extension(self.request, until, "We need it", item=self.other, by=self.agency, at=NOW)
        asking.decide_extension(wanted, grant=True, by=self.body, at=LATER)

    def refuses(self) -> None:
        """The other item is refused, and the refusal accepted."""
        answering.refuse_item(self.other, "Section 31", by=self.agency, at=NOW)
        asking.accept_item(self.other, by=self.body, at=LATER)

    def asks(self) -> None:
        """A question back, and its reply."""
        answering.ask_question(self.request, "Which year?", item=self.other, by=self.agency, at=NOW)
        asking.reply(self.request, text="This one.", by=self.body, at=LATER)

    def goes_on_unheard(self) -> None:
        """The agency's check of the facts is waived."""
        right_of_reply.waive(self.review, self.request.agency, "No time", by=self.body, at=LATER)


#: Every deed of a body on what an agency gave.
OWN: dict[str, Callable[[Scene], object]] = {
    "accept": lambda s: asking.accept_item(s.item, by=s.body, at=LATER),
    "return": lambda s: asking.return_item(s.item, why="More", by=s.body, at=LATER),
    "accept a refusal": Scene.refuses,
    "decide on more time": Scene.asks_for_time,
    "reply to a question": Scene.asks,
    "mark": lambda s: evidence.mark(s.lodging, "exempt", exempt_ground="Paragraph 3", by=s.body, at=LATER),
    "grant": lambda s: evidence.grant(s.lodging, db.session.get_one(Person, 1), "Why", by=s.body, at=LATER),
    "summarise": lambda s: evidence.summarise(s.lodging, "So many", by=s.body, at=LATER),
    "waive": Scene.goes_on_unheard,
}


@pytest.mark.parametrize("deed", OWN.values(), ids=OWN)
def test_nobody_decides_on_their_own(context: None, cast: SimpleNamespace, deed: Callable[[Scene], object]) -> None:
    with pytest.raises(Refused, match=rf"{FIRE}.*, so you cannot decide on it for a body\..*Olwen Price.* can"):
        deed(Scene(cast))


def test_the_approver_of_an_answer_does_not_review_it_either(context: None, cast: SimpleNamespace) -> None:
    scene = Scene(cast)
    scene.item.answers[-1].certified_by = scene.agency.reference
    scene.item.answers[-1].by = f"person:{cast.colleague}"
    with pytest.raises(Refused, match="cannot decide on it"):
        asking.accept_item(scene.item, by=scene.body, at=LATER)


def test_whoever_wrote_it_before_a_colleague_saved_it_last_does_not_review_it(context: None, cast: SimpleNamespace) -> None:
    """Also once they act for the agency no longer: the row keeps who saved last, the trail keeps everybody."""
    scene = Scene(cast)
    answer = scene.item.answers[-1]
    commit()
    assert interests.writers_of(scene.item) == [scene.agency.reference]
    answer.by = f"person:{cast.colleague}"
    for row in db.session.scalars(select(AgencyMembership).where(AgencyMembership.person_id == cast.fire_responder)):
        row.to_on = date(2026, 2, 1)
    by = finn(cast, LEAD_INSPECTOR)
    assert all(one.kind == "body" for one in by.capacities)
    with pytest.raises(Refused, match="You answered item 1 for"):
        asking.accept_item(scene.item, by=by, at=LATER)
    assert [one.id for one in interests.agencies_of(scene.review, by, LATER.date())] == [cast.fire]


def test_others_review_it_and_the_agency_marks_its_own(context: None, cast: SimpleNamespace) -> None:
    scene = Scene(cast)
    evidence.mark(scene.lodging, "exempt", exempt_ground="Paragraph 3", by=scene.agency, at=LATER)
    asking.accept_item(scene.item, by=acting("officer"), at=LATER)
    assert scene.item.state == "accepted"


def test_the_queue_leaves_out_what_is_ones_own_in_as_many_statements_however_long_it_is(
    context: None, cast: SimpleNamespace
) -> None:
    scene = Scene(cast)
    items = [item for request in requests_of(scene.review) for item in request.items]
    put_to = {item.id for item in scene.request.items}

    def own(by: Actor) -> set[int]:
        commit()
        return interests.own_among(items, scene.review, by, NOW.date())

    assert own(scene.body) == put_to
    assert own(acting("officer")) == own(acting("chair")) == set()
    for row in db.session.scalars(select(AgencyMembership).where(AgencyMembership.person_id == cast.fire_responder)):
        row.to_on = date(2026, 2, 1)
    by = finn(cast, LEAD_INSPECTOR)
    assert own(by) == {scene.item.id}
    answer = scene.item.answers[-1]
    answer.by = f"person:{cast.colleague}"
    assert own(by) == {scene.item.id}, "the trail keeps who saved it first"
    answer.certified_by = acting("officer").reference
    assert own(acting("officer")) == {scene.item.id}
    assert own(acting("chair")) == set()
    counts = []
    for waiting in (items, items[:1]):
        own(scene.body)
        with statements_sent() as sent:
            interests.own_among(waiting, scene.review, scene.body, NOW.date())
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 4


def test_what_an_officer_entered_by_hand_is_not_theirs(context: None, cast: SimpleNamespace) -> None:
    review, _ = answered(cast)
    item = next(one for one in requests_of(review) if one.agency_id == cast.fire).items[1]
    entered = asking.ByHand(came_by="post", received_by="Olwen Price", received_on=NOW.date(), text="Twelve")
    asking.enter_answer(item, entered, by=acting("officer"), at=NOW)
    asking.accept_item(item, by=acting("officer"), at=LATER)
    assert item.state == "accepted"


def test_a_recommendation_is_not_verified_by_who_answered_it(context: None, cast: SimpleNamespace) -> None:
    scheduled(cast)
    jobs.release_reports(at=RELEASE)
    addressee = db.session.scalars(select(Addressee)).one()
    recommending.respond(addressee, "reject", response="No money", by=acting("fire_responder"), at=RELEASE)
    with pytest.raises(Refused, match="You answered this recommendation for"):
        recommending.settle_response(
            addressee, "close_not_accepted", recommending.Check("So be it"), by=finn(cast, CHAIR), at=RELEASE
        )


def test_an_interest_is_declared_before_a_finding_is_settled_a_recommendation_proposed_or_a_report_signed(
    context: None, cast: SimpleNamespace
) -> None:
    scene = Scene(cast)
    found(scene.review, scene.lodging, cast.fire)
    summed_up(scene.review)
    finding, row = of_review(scene.review.id)[0], recommendations.of_review(scene.review.id)[0]
    findings.reopen_finding(finding, "Once more", by=acting("officer"), at=LATER)
    recommending.move_recommendation(row, "take_back", by=acting("inspector"), at=LATER)

    def sign() -> None:
        votes = {"votes": (7, 2, 1), "meeting_on": NOW.date()}
        signing.sign(scene.review, scene.review.lead, office="Chair", by=scene.body, at=LATER, **votes)

    deeds = (
        lambda: findings.settle_finding(finding, by=scene.body, at=LATER),
        lambda: recommending.move_recommendation(row, "propose", by=scene.body, at=LATER),
        sign,
    )
    with pytest.raises(Refused, match=f"You act for {FIRE} too. Declare your interest first"):
        deeds[0]()
    with pytest.raises(Refused, match="Declare your interest first"):
        deeds[1]()
    findings.settle_finding(finding, by=acting("officer"), at=LATER)
    recommending.move_recommendation(row, "propose", by=acting("inspector"), at=LATER)
    with pytest.raises(Refused, match="Declare your interest first"):
        sign()
    interests.declare(scene.review, scene.request.agency, "I answer for it", by=scene.body, at=LATER)
    sign()
    draft = gather_review.draft_of(scene.review, "Summary", today=NOW.date())
    assert statements.interests(draft.signatories[0]) == [
        f"Finn Ward declared an interest in {FIRE} on Monday 2 March 2026: I answer for it."
    ]


def test_who_has_one_hat_declares_nothing(context: None, cast: SimpleNamespace) -> None:
    scene = Scene(cast)
    found(scene.review, scene.lodging, cast.fire)
    concerned = signing.agencies_concerned(scene.review)
    assert cast.fire in concerned
    assert interests.undeclared(scene.review, concerned, by=acting("chair"), at=NOW) == []
    with pytest.raises(Refused, match="Say what your interest is"):
        interests.declare(scene.review, scene.request.agency, " ", by=scene.body, at=NOW)


def test_it_is_declared_on_a_page_that_the_bodies_read(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        scene = Scene(cast)
        found(scene.review, scene.lodging, cast.fire)
        summed_up(scene.review)
        commit()
        at = f"/reviews/{scene.review.reference}"
    client = signed_in("fire_responder", acting_for=f"body:{cast.committee}")
    assert "Declare your interest before you sign" in client.get(f"{at}/sign-off").text
    page = client.get(f"{at}/interests").text
    assert f"You act for {FIRE} too" in page
    empty = client.post(f"{at}/interests", data={"agency": cast.fire, "words": ""})
    assert "Say what your interest is" in empty.text
    done = client.post(f"{at}/interests", data={"agency": cast.fire, "words": "I answer for it"}, follow_redirects=True)
    assert f"Your interest in {FIRE} is declared" in done.text
    assert "I answer for it" in signed_in("officer").get(f"{at}/interests").text
    assert "Declare your interest before you sign" not in client.get(f"{at}/sign-off").text
    assert signed_in("responder").get(f"{at}/interests").status_code == 404


def test_a_report_does_not_quote_what_its_agency_says_was_sent_by_mistake(context: None, cast: SimpleNamespace) -> None:
    scene = Scene(cast)
    found(scene.review, scene.lodging, cast.fire)
    report = summed_up(scene.review)
    correcting.say_wrong(scene.item, "Names", by=scene.agency, at=LATER)
    held = [blocker.words for blocker in readiness.blockers(scene.review, report, on=NOW.date())]
    assert f"Finding 1 quotes evidence that {FIRE} says should not have been sent: quote something else" in held


def test_restricting_to_whoever_sees_it_already_is_refused(
    app: Flask, cast: SimpleNamespace, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        review, lodging = answered(cast)
        commit()
        reference, at = review.reference, f"/evidence/{lodging.id}/restrict"
        read = f"/reviews/{reference}/read/{lodging.id}"
    officer = signed_in("officer")
    assert f'href="{at}"' in officer.get(read).text
    assert f'href="{at}"' not in signed_in("inspector").get(read).text
    page = officer.post(at, data={"marking": "open", "why": "It names a child"})
    assert "Choose a stricter answer. The same people can see this now" in page.text
    assert "It names a child" in page.text, "nothing typed is lost"
    assert officer.post(at, data={"marking": "confidential", "why": "It names a child"}).status_code == 302
